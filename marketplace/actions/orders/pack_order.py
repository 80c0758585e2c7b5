"""The merchant has packed what it confirmed: it moves from "to pack" to "to ship"."""

from django.db import transaction

from marketplace import clock
from marketplace.access import purchase_order_for
from marketplace.actions.orders.holding import hold
from marketplace.errors import OrderNotOpen
from marketplace.models import PurchaseOrder, User
from marketplace.rules.roles import Permission
from marketplace.rules.states import OrderState


@transaction.atomic
def pack_order(*, order_id: int, by: User) -> PurchaseOrder:
    """The packed order; its lines that come are ready from now on unless another time was said. Twice is harmless.
    Raises NotFound for a foreign order, NotAllowed, OrderNotOpen where nothing is confirmed or it was sent."""
    order = hold(purchase_order_for(by, order_id, Permission.CONFIRM_PURCHASE_ORDERS))
    if order.state not in (OrderState.CONFIRMED, OrderState.PARTLY_CONFIRMED):
        raise OrderNotOpen(number=str(order), state=order.state)
    if order.packed_at is None:
        order.packed_at = clock.now()
        order.save(update_fields=["packed_at"])
        order.lines.filter(confirmed__gt=0, ready_at__isnull=True).update(ready_at=order.packed_at)
    return order
