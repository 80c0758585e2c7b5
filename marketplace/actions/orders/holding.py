"""Holding an order while it is changed: of two changes at once the second sees what the first one did."""

from datetime import datetime

from marketplace import audit, locks
from marketplace.errors import OrderChanged, OrderNotOpen
from marketplace.models import PurchaseOrder, User
from marketplace.rules.states import ORDER_MOVES, OrderState


def hold(order: PurchaseOrder, expected_revision: int | None = None) -> PurchaseOrder:
    """The order as it is, under its window's exclusive lock until the transaction ends: runs of a window are numbered,
    and its reopening waits. Two statements. Raises OrderChanged where another revision was expected."""
    locks.window_exclusive(order.window_id)
    found = PurchaseOrder.objects.select_related("merchant", "supply", "window__round__hub").get(pk=order.pk)
    if expected_revision is not None and expected_revision != found.revision:
        raise OrderChanged(number=str(found), expected=expected_revision, actual=found.revision)
    return found


def move(order: PurchaseOrder, to: OrderState, *, at: datetime, by: User | None, reason: str = "") -> None:
    """Move the state by compare-and-set. Raises OrderNotOpen where the move is not lawful."""
    before = OrderState(order.state)
    allowed = to in ORDER_MOVES[before]
    if not (allowed and PurchaseOrder.objects.filter(pk=order.pk, state=before.value).update(state=to.value)):
        raise OrderNotOpen(number=str(order), state=order.state)
    order.state = to.value
    audit.record(
        kind="purchase_order",
        object_id=order.pk,
        from_state=before.value,
        to_state=to.value,
        at=at,
        by=by,
        reason=reason,
    )
