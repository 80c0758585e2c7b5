"""The merchant says that it has the order; what will come follows."""

from django.db import transaction

from marketplace import clock
from marketplace.access import purchase_order_for
from marketplace.actions.orders.holding import hold, move
from marketplace.models import PurchaseOrder, User
from marketplace.rules.roles import Permission
from marketplace.rules.states import OrderState


@transaction.atomic
def acknowledge_order(*, order_id: int, by: User) -> PurchaseOrder:
    """The acknowledged order. Twice is harmless. Raises NotFound for a foreign order, NotAllowed, OrderNotOpen where it
    was answered or is void."""
    return acknowledge(purchase_order_for(by, order_id, Permission.CONFIRM_PURCHASE_ORDERS), by=by)


def acknowledge(order: PurchaseOrder, *, by: User | None) -> PurchaseOrder:
    """The same for whoever was authorised otherwise, within its transaction."""
    order = hold(order)
    if order.state != OrderState.ACKNOWLEDGED:
        move(order, OrderState.ACKNOWLEDGED, at=clock.now(), by=by)
    return order
