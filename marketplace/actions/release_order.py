"""The coordinator lets a held purchase order go out."""

from django.db import transaction

from marketplace import audit, clock
from marketplace.access import purchase_order_for
from marketplace.errors import OrderNotOpen
from marketplace.models import Dispatch, PurchaseOrder, User
from marketplace.rules.roles import Permission
from marketplace.rules.states import OrderState


@transaction.atomic
def release_order(*, order_id: int, reason: str = "", by: User) -> Dispatch:
    """The dispatch of the order's newest revision, due at once: by mail, or on the phone list without an address.

    Raises NotFound for another hub's order, NotAllowed without the permission, OrderNotOpen where nothing holds it.
    """
    order = purchase_order_for(by, order_id, Permission.DISPATCH_ORDERS)
    held_for, now = order.held_for, clock.now()
    released = (
        PurchaseOrder.objects.filter(pk=order.pk)
        .exclude(held_for="")
        .exclude(state=OrderState.VOIDED.value)
        .update(held_for="")
    )
    if not released:
        raise OrderNotOpen(number=str(order), state=order.state)
    revision = order.revisions.order_by("-number")[0]
    email = order.merchant.email
    audit.record(
        kind="purchase_order_hold", object_id=order.pk, from_state=held_for, to_state="", at=now, by=by, reason=reason
    )
    return Dispatch.objects.create(
        revision=revision,
        channel=Dispatch.Channel.EMAIL if email else Dispatch.Channel.PHONE,
        address=email,
        due_at=now,
    )
