"""What came of an order, counted where it arrived. What of it is missing is shared out among the households."""

from collections.abc import Mapping

from django.db import transaction

from marketplace import clock
from marketplace.access import purchase_order_for
from marketplace.actions.orders.changing import refuse
from marketplace.actions.orders.holding import hold, move
from marketplace.actions.orders.reallocate import reallocate
from marketplace.actions.orders.ship_order import ship
from marketplace.events import emit
from marketplace.models import ClearingRun, PurchaseOrder, PurchaseOrderLine, User
from marketplace.rules.orders.counting import CountedLine, received_problems, received_state
from marketplace.rules.roles import Permission
from marketplace.rules.states import OrderState

_SENT = frozenset({OrderState.CONFIRMED, OrderState.PARTLY_CONFIRMED})


@transaction.atomic
def receive_order(*, order_id: int, received: Mapping[int, int] | None = None, by: User) -> PurchaseOrder:
    """The received order. `received` maps every line's id to the units that came; None: all that was sent.

    A merchant that did not say so has sent what it confirmed. Raises NotFound for another hub's order, NotAllowed,
    OrderNotOpen where nothing was confirmed or it was received before, InvalidInput.
    """
    order = hold(purchase_order_for(by, order_id, Permission.DISPATCH_ORDERS))
    now = clock.now()
    if OrderState(order.state) in _SENT:
        ship(order, sent=None, at=now, by=by)
    lines = list(order.lines.filter(ordered__gt=0).order_by("pk"))
    counted = [CountedLine(line.pk, line.name, line.coming) for line in lines]
    given = {line.id: line.most for line in counted} if received is None else received
    refuse(received_problems(counted, given))
    state = received_state(counted, given)
    move(order, state, at=now, by=by)
    others = [line.offer_id for line in lines if given[line.pk] != line.coming]
    for line in lines:
        line.received = given[line.pk]
    PurchaseOrderLine.objects.bulk_update(lines, ["received"])
    reallocate(order=order, offer_ids=others, kind=ClearingRun.Kind.RECEIPT, at=now, by=by)
    emit(
        "purchase_order.received",
        order_id=order.pk,
        window_id=order.window_id,
        merchant_id=order.merchant_id,
        state=state.value,
    )
    return order
