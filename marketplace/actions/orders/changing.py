"""What the coordinator's changes of a purchase order share: who may, what is asked, how a line is counted anew."""

from collections.abc import Iterable
from datetime import datetime

from marketplace import clock
from marketplace.access import purchase_order_for
from marketplace.actions.orders.holding import hold_all, move, require_changeable
from marketplace.actions.orders.revising import Change, revise, send_revision
from marketplace.errors import InvalidInput
from marketplace.models import Offer, PurchaseOrder, PurchaseOrderLine, User
from marketplace.rules.broken import Broken
from marketplace.rules.order_answers import state_of
from marketplace.rules.orders.changes import ChangeKind, Consent, Via
from marketplace.rules.orders.consents import LONGEST_NAME, LONGEST_NOTE
from marketplace.rules.roles import Permission
from marketplace.rules.states import OrderState
from marketplace.words import broken_words

_COUNTED = ("ordered", "whole_cases", "split", "split_fee_minor", "hub_units", "confirmed", "short_reason")
_ANSWERED = frozenset({OrderState.CONFIRMED, OrderState.PARTLY_CONFIRMED, OrderState.DECLINED})


def held_to_change(
    by: User, order_ids: Iterable[int], expected_revision: int | None
) -> tuple[list[PurchaseOrder], datetime]:
    """The orders, held, and the instant. Raises NotFound for another hub's order, NotAllowed without the permission,
    OrderChanged, OrderNotOpen."""
    orders = [purchase_order_for(by, order_id, Permission.DISPATCH_ORDERS) for order_id in order_ids]
    held = hold_all(orders, expected_revision)
    for order in held:
        require_changeable(order)
    return held, clock.now()


def refuse(problems: list[tuple[str, Broken]]) -> None:
    """Raise InvalidInput where there are problems."""
    if problems:
        raise InvalidInput(problems=[{"place": place, "problem": broken_words(found)} for place, found in problems])


def count_anew(line: PurchaseOrderLine, offer: Offer, *, by_units: int, by_hub_units: int, answered: bool) -> None:
    """Add units to a line (below 0: take some off) with its cases and fee. What the merchant agreed to just now is
    confirmed where the order was answered."""
    line.ordered += by_units
    line.hub_units += by_hub_units
    line.whole_cases = line.ordered // line.case
    line.split = bool(line.ordered % line.case)
    line.split_fee_minor = offer.split_fee_minor if line.split else 0
    if answered:
        before = line.confirmed or 0
        line.confirmed = before + by_units if by_units > 0 else min(before, line.ordered)
        line.short_reason = line.short_reason if line.confirmed < line.ordered else ""


def keep(line: PurchaseOrderLine) -> None:
    """Write a line that was counted anew, or is new."""
    line.save(update_fields=None if line._state.adding else _COUNTED)


def is_answered(order: PurchaseOrder) -> bool:
    return OrderState(order.state) in _ANSWERED


def finish(
    order: PurchaseOrder, kind: ChangeKind, *, reason: str, consent: Consent, at: datetime, by: User
) -> PurchaseOrder:
    """Move the answered state with the lines, write the revision, send it."""
    if is_answered(order):
        counts = order.lines.filter(ordered__gt=0).values_list("ordered", "confirmed")
        state = state_of([(ordered, confirmed or 0) for ordered, confirmed in counts])
        if state != order.state:
            move(order, state, at=at, by=by, reason=reason)
    kept = consent._replace(who=consent.who.strip()[:LONGEST_NAME], note=consent.note.strip()[:LONGEST_NOTE])
    revision = revise(order, Change(kind, Via.DESK, by, at, reason.strip(), kept))
    send_revision(order, revision, at)
    return order
