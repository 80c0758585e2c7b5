"""The merchant answers a purchase order, whole or line by line. Rules: rules/order_answers.py."""

from collections.abc import Mapping

from django.db import transaction

from marketplace import audit, clock
from marketplace.access import purchase_order_for
from marketplace.errors import InvalidInput, OrderNotOpen
from marketplace.events import emit
from marketplace.models import PurchaseOrder, PurchaseOrderLine, User
from marketplace.rules.order_answers import LineAnswer, OrderedLine, answer_problems, answered_state
from marketplace.rules.roles import Permission
from marketplace.rules.states import ORDER_MOVES, OrderState
from marketplace.words import broken_words


@transaction.atomic
def confirm_purchase_order(
    *, order_id: int, answers: Mapping[int, LineAnswer] | None = None, by: User
) -> PurchaseOrder:
    """The answered order. `answers` maps line ids to what will come; None confirms every line in full.

    Answering again replaces the answer until the goods are shipped; the same answer twice changes nothing. Raises
    NotFound for another merchant's order, InvalidInput naming each line, OrderNotOpen once it is shipped or void.
    """
    order = purchase_order_for(by, order_id, Permission.CONFIRM_PURCHASE_ORDERS)
    lines = list(order.lines.order_by("pk"))
    ordered = [OrderedLine(line.pk, line.name, line.ordered) for line in lines]
    given = answers if answers is not None else {line.id: LineAnswer(line.ordered) for line in ordered}
    if problems := answer_problems(ordered, given):
        raise InvalidInput(problems=[{"place": place, "problem": broken_words(found)} for place, found in problems])
    state = answered_state(ordered, given)
    if order.state == state and all((line.confirmed, line.short_reason) == _kept(given[line.pk]) for line in lines):
        return order
    _move(order, state, by)
    for line in lines:
        line.confirmed, line.short_reason = _kept(given[line.pk])
    PurchaseOrderLine.objects.bulk_update(lines, ["confirmed", "short_reason"])
    emit(
        "purchase_order.answered",
        order_id=order.pk,
        window_id=order.window_id,
        merchant_id=order.merchant_id,
        state=state.value,
    )
    return order


def _kept(answer: LineAnswer) -> tuple[int, str]:
    return answer.confirmed, answer.reason.strip()[:120]


def _move(order: PurchaseOrder, to: OrderState, by: User) -> None:
    before = OrderState(order.state)
    allowed = to in ORDER_MOVES[before]
    # Compare-and-set: of two answers at once one is written, the other is told what it met.
    if not (allowed and PurchaseOrder.objects.filter(pk=order.pk, state=before.value).update(state=to.value)):
        order.refresh_from_db(fields=["state"])
        raise OrderNotOpen(number=str(order), state=order.state)
    order.state = to.value
    audit.record(
        kind="purchase_order", object_id=order.pk, from_state=before.value, to_state=to.value, at=clock.now(), by=by
    )
