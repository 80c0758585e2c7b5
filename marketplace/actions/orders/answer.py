"""The merchant's answer: line by line what comes, as the next revision, with what the households get of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from marketplace import clock
from marketplace.actions.orders.holding import hold, move
from marketplace.actions.orders.reallocate import reallocate
from marketplace.actions.orders.revising import Change, revise
from marketplace.errors import InvalidInput, OrderNotOpen
from marketplace.events import emit
from marketplace.models import ClearingRun, OrderLineSubstitute, PurchaseOrder, PurchaseOrderLine, User
from marketplace.queries.orders.holdings import households_taking
from marketplace.queries.orders.lines import lines_of, merchants_products, weighing_of
from marketplace.rules.order_answers import (
    Instead,
    LineAnswer,
    OrderedLine,
    answer_problems,
    answered_state,
)
from marketplace.rules.orders.changes import ChangeKind, Via
from marketplace.rules.states import ORDER_MOVES, OrderState
from marketplace.words import broken_words

_KEPT = ("confirmed", "short_reason", "actual_milli", "ready_at")


@transaction.atomic
def write_answer(
    *,
    order: PurchaseOrder,
    answers: Mapping[int, LineAnswer] | None,
    via: Via,
    expected_revision: int | None = None,
    reason: str = "",
    by: User | None,
) -> PurchaseOrder:
    """The answered order, whose reader has authorised the caller. `answers` maps line ids to what will come; None
    confirms every line in full.

    Answering again replaces the answer until the goods are shipped; the same answer twice changes nothing. Raises
    InvalidInput naming each line, OrderChanged where another revision was expected, OrderNotOpen once it is shipped or
    void. Eighteen statements, and ten more where less comes or came, whatever the number of lines.
    """
    order = hold(order, expected_revision)
    if OrderState.CONFIRMED not in ORDER_MOVES[OrderState(order.state)]:
        raise OrderNotOpen(number=str(order), state=order.state)
    lines = [line for line in lines_of(order) if line.ordered]
    ordered = _ordered(order, lines, answers or {})
    given = answers if answers is not None else {line.id: LineAnswer(line.ordered) for line in ordered}
    if problems := answer_problems(ordered, given):
        raise InvalidInput(problems=[{"place": place, "problem": broken_words(found)} for place, found in problems])
    state = answered_state(ordered, given)
    if order.state == state and all(_kept(line) == _asked(given[line.pk], line) for line in lines):
        return order
    now = clock.now()
    touched = {line.offer_id for line in lines if _shares_anew(line, given[line.pk])}
    move(order, state, at=now, by=by, reason=reason)
    if order.packed_at is not None:
        PurchaseOrder.objects.filter(pk=order.pk).update(packed_at=None)
    _write(order, lines, given)
    reallocate(order=order, offer_ids=touched, kind=ClearingRun.Kind.CONFIRMATION, at=now, by=by)
    revise(order, Change(ChangeKind.ANSWERED, via, by, now, reason))
    emit(
        "purchase_order.answered",
        order_id=order.pk,
        window_id=order.window_id,
        merchant_id=order.merchant_id,
        state=state.value,
    )
    return order


def _ordered(
    order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], answers: Mapping[int, LineAnswer]
) -> list[OrderedLine]:
    """The lines as the rules judge answers; which products households take is read only where some are named."""
    named = {one.product_id for answer in answers.values() for one in answer.instead}
    taken: dict[int, dict[int, int]] = {}
    if named:
        taken = households_taking(order.window_id, [line.offer_id for line in lines])
        named = set(merchants_products(order, named))
    found = []
    for line in lines:
        weighing = weighing_of(line.offer)
        most = None if weighing is None else int(2 * weighing.nominal_milli(line.ordered))
        allowed = frozenset(named & set(taken.get(line.offer_id, {})))
        found.append(OrderedLine(line.pk, line.name, line.ordered, most, line.cost_minor, allowed))
    return found


def _kept(line: PurchaseOrderLine) -> tuple[object, ...]:
    instead = sorted((one.product_id, one.offered, one.cost_minor) for one in line.substitutes.all())
    return *(getattr(line, name) for name in _KEPT), instead


def _asked(answer: LineAnswer, line: PurchaseOrderLine) -> tuple[object, ...]:
    instead = sorted((one.product_id, one.units, _cost(one, line)) for one in answer.instead)
    return *_values(answer, line), instead


def _values(answer: LineAnswer, line: PurchaseOrderLine) -> tuple[int, str, int | None, datetime | None]:
    reason = answer.reason.strip()[:120] if answer.confirmed < line.ordered else ""
    return answer.confirmed, reason, answer.actual_milli if answer.confirmed else None, answer.ready_at


def _cost(one: Instead, line: PurchaseOrderLine) -> int:
    return line.cost_minor if one.cost is None else one.cost


def _shares_anew(line: PurchaseOrderLine, answer: LineAnswer) -> bool:
    """Whether the households get something else than before this answer: less or more comes, or other goods instead."""
    return answer.confirmed != line.coming or bool(answer.instead) or bool(line.substitutes.all())


def _write(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine], answers: Mapping[int, LineAnswer]) -> None:
    for line in lines:
        for name, value in zip(_KEPT, _values(answers[line.pk], line), strict=True):
            setattr(line, name, value)
    PurchaseOrderLine.objects.bulk_update(lines, _KEPT)
    named = {one.product_id for answer in answers.values() for one in answer.instead}
    if not named and not any(line.substitutes.all() for line in lines):
        return
    products = merchants_products(order, named)
    OrderLineSubstitute.objects.filter(line__in=lines).delete()
    new = [
        OrderLineSubstitute(
            line=line,
            product=products[one.product_id],
            name=products[one.product_id].name,
            sku=products[one.product_id].sku,
            gtin=products[one.product_id].gtin,
            offered=one.units,
            units=0,
            cost_minor=_cost(one, line),
        )
        for line in lines
        for one in answers[line.pk].instead
    ]
    OrderLineSubstitute.objects.bulk_create(new)
