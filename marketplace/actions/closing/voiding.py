"""Taking the orders of a window back before anything was sent."""

from datetime import datetime

from marketplace import audit
from marketplace.errors import OrderNotOpen
from marketplace.events import emit
from marketplace.models import Dispatch, PurchaseOrder, User
from marketplace.rules.states import DispatchState, OrderState


def withdraw_dispatches(window_id: int) -> None:
    """Withdraw every waiting dispatch. Raises OrderNotOpen when a dispatch left `waiting`: a sender and this move
    compare-and-set the same rows, so one of them loses."""
    dispatches = Dispatch.objects.filter(revision__order__window_id=window_id)
    waiting = list(dispatches.filter(state=DispatchState.WAITING).values_list("pk", flat=True))
    Dispatch.objects.filter(pk__in=waiting, state=DispatchState.WAITING).update(state=DispatchState.WITHDRAWN)
    sent = (
        dispatches.exclude(state=DispatchState.WITHDRAWN)
        .select_related("revision__order__merchant")
        .order_by("pk")
        .first()
    )
    if sent is not None:
        raise OrderNotOpen(number=str(sent.revision.order), state=sent.state)


def void_orders(*, window_id: int, at: datetime, reason: str, by: User) -> None:
    """Void the issued orders of a window; they keep their numbers. Raises OrderNotOpen when a merchant answered."""
    orders = PurchaseOrder.objects.filter(window_id=window_id).exclude(state=OrderState.VOIDED)
    for order in orders.select_related("merchant").order_by("merchant_id"):
        issued = PurchaseOrder.objects.filter(pk=order.pk, state=OrderState.ISSUED)
        if not issued.update(state=OrderState.VOIDED, held_for=""):
            raise OrderNotOpen(number=str(order), state=order.state)
        audit.record(
            kind="purchase_order",
            object_id=order.pk,
            from_state=OrderState.ISSUED,
            to_state=OrderState.VOIDED,
            at=at,
            by=by,
            reason=reason,
        )
        emit("purchase_order.voided", order_id=order.pk, window_id=window_id, merchant_id=order.merchant_id)
