"""Send a purchase order's newest revision once more: same number, same revision, same hash."""

from django.db import transaction
from django.db.models import Max

from marketplace import clock
from marketplace.access import purchase_order_for
from marketplace.errors import OrderNotOpen
from marketplace.models import Dispatch, User
from marketplace.rules.roles import Permission
from marketplace.rules.states import OrderState


@transaction.atomic
def send_again(*, order_id: int, by: User) -> Dispatch:
    """A further copy of the newest revision, due at once.

    Raises OrderNotOpen while the first copy is still on its way, for a held order, and for a voided one.
    """
    order = purchase_order_for(by, order_id, Permission.DISPATCH_ORDERS)
    revision = order.revisions.order_by("-number")[0]
    earlier = revision.dispatches.filter(channel=Dispatch.Channel.EMAIL)
    last = earlier.aggregate(last=Max("copy"))["last"]
    on_its_way = earlier.filter(state__in=["waiting", "sending", "failed"]).exists()
    if order.state == OrderState.VOIDED or order.held_for or on_its_way or last is None:
        raise OrderNotOpen(number=str(order), state=order.state)
    return Dispatch.objects.create(
        revision=revision,
        channel=Dispatch.Channel.EMAIL,
        address=order.merchant.email,
        due_at=clock.now(),
        copy=last + 1,
    )
