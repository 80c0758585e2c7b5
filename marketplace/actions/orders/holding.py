"""Holding an order while it is changed: of two changes at once the second sees what the first one did."""

from collections.abc import Iterable
from datetime import datetime

from marketplace import audit, locks
from marketplace.errors import OrderChanged, OrderNotOpen
from marketplace.models import Offer, PurchaseOrder, User
from marketplace.rules.states import ORDER_MOVES, OrderState

# Until the goods are on their way a line may be added, cut or moved.
CHANGEABLE = frozenset(
    {
        OrderState.ISSUED,
        OrderState.ACKNOWLEDGED,
        OrderState.CONFIRMED,
        OrderState.PARTLY_CONFIRMED,
        OrderState.DECLINED,
    }
)


def hold(order: PurchaseOrder, expected_revision: int | None = None) -> PurchaseOrder:
    """The order as it is, held until the transaction ends. Raises OrderChanged where another revision was expected, or
    where a line of another window was moved in just now. Four statements, one more on PostgreSQL per window."""
    return hold_all([order], expected_revision)[0]


def hold_all(orders: Iterable[PurchaseOrder], expected_revision: int | None = None) -> list[PurchaseOrder]:
    """Several orders, in the order given; the expected revision is the first one's.

    The locks are the exclusive ones of all windows whose offers they hold, in the order of ids: runs of a window are
    numbered under them, and its reopening waits.
    """
    ids = [order.pk for order in orders]
    windows = _windows(ids)
    for window_id in sorted(windows):
        locks.window_exclusive(window_id)
    rows = PurchaseOrder.objects.select_related("merchant", "supply", "window__round__hub").in_bulk(ids)
    first = rows[ids[0]]
    if expected_revision not in (None, first.revision) or not _windows(ids) <= windows:
        raise OrderChanged(number=str(first), expected=expected_revision, actual=first.revision)
    return [rows[pk] for pk in ids]


def _windows(order_ids: list[int]) -> set[int]:
    of_lines = Offer.objects.filter(purchase_order_lines__order__in=order_ids).values_list("window_id")
    own = PurchaseOrder.objects.filter(pk__in=order_ids).values_list("window_id")
    return {pk for (pk,) in own.union(of_lines)}


def require_changeable(order: PurchaseOrder) -> None:
    """Raise OrderNotOpen where the goods are on their way, or the order is void."""
    if OrderState(order.state) not in CHANGEABLE:
        raise OrderNotOpen(number=str(order), state=order.state)


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
