"""The merchant says that the goods are on their way: how many of each line, of which lots."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from marketplace import clock
from marketplace.access import purchase_order_for
from marketplace.actions.orders.changing import refuse
from marketplace.actions.orders.holding import hold, move
from marketplace.actions.orders.reallocate import reallocate
from marketplace.events import emit
from marketplace.models import ClearingRun, PurchaseOrder, PurchaseOrderLine, User
from marketplace.rules.orders.counting import CountedLine, Sent, sent_problems
from marketplace.rules.roles import Permission
from marketplace.rules.states import OrderState


@transaction.atomic
def ship_order(
    *, order_id: int, sent: Mapping[int, Sent] | None = None, expected_revision: int | None = None, by: User
) -> PurchaseOrder:
    """The shipped order. `sent` maps every line's id to what is sent; None sends all that was confirmed.

    Less than was confirmed is shared out among the households like a shortage. Raises NotFound for a foreign order,
    NotAllowed, OrderChanged, OrderNotOpen where it was not confirmed or was sent before, InvalidInput.
    """
    order = hold(purchase_order_for(by, order_id, Permission.CONFIRM_PURCHASE_ORDERS), expected_revision)
    return ship(order, sent=sent, at=clock.now(), by=by)


def ship(order: PurchaseOrder, *, sent: Mapping[int, Sent] | None, at: datetime, by: User | None) -> PurchaseOrder:
    """The same for an order that is held, within the caller's transaction."""
    lines = list(order.lines.filter(ordered__gt=0).order_by("pk"))
    counted = [CountedLine(line.pk, line.name, line.confirmed or 0) for line in lines]
    given = {line.id: Sent(line.most) for line in counted} if sent is None else sent
    refuse(sent_problems(counted, given))
    move(order, OrderState.SHIPPED, at=at, by=by)
    fewer = [line.offer_id for line in lines if given[line.pk].units != line.coming]
    for line in lines:
        line.shipped = given[line.pk].units
        line.lots = [lot.as_json() for lot in given[line.pk].lots]
    PurchaseOrderLine.objects.bulk_update(lines, ["shipped"])
    PurchaseOrderLine.objects.bulk_update([line for line in lines if line.lots], ["lots"])
    reallocate(order=order, offer_ids=fewer, kind=ClearingRun.Kind.CONFIRMATION, at=at, by=by)
    emit("purchase_order.shipped", order_id=order.pk, window_id=order.window_id, merchant_id=order.merchant_id)
    return order
