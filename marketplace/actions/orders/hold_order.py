"""The coordinator keeps an order back that was not sent yet."""

from django.db import transaction

from marketplace import audit, clock
from marketplace.access import purchase_order_for
from marketplace.actions.orders.holding import hold
from marketplace.actions.orders.revising import withdraw_waiting
from marketplace.errors import OrderNotOpen
from marketplace.models import Dispatch, PurchaseOrder, User
from marketplace.rules.after_close import HeldFor
from marketplace.rules.roles import Permission
from marketplace.rules.states import DispatchState, OrderState


@transaction.atomic
def hold_order(*, order_id: int, reason: str = "", by: User) -> PurchaseOrder:
    """The held order; its waiting dispatches are withdrawn. Raises NotFound for another hub's order, NotAllowed, and
    OrderNotOpen where it is held, was answered, or is on its way to the merchant."""
    order = hold(purchase_order_for(by, order_id, Permission.DISPATCH_ORDERS))
    if order.held_for or order.state != OrderState.ISSUED:
        raise OrderNotOpen(number=str(order), state=order.state)
    withdraw_waiting(order)
    # A sender and this move compare-and-set the same rows, so one of them loses.
    on_its_way = Dispatch.objects.filter(revision__order=order).exclude(state=DispatchState.WITHDRAWN.value)
    if on_its_way.exists():
        raise OrderNotOpen(number=str(order), state=order.state)
    order.held_for = HeldFor.COORDINATOR.value
    order.save(update_fields=["held_for"])
    audit.record(
        kind="purchase_order_hold",
        object_id=order.pk,
        from_state="",
        to_state=order.held_for,
        at=clock.now(),
        by=by,
        reason=reason,
    )
    return order
