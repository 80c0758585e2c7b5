"""Book what a merchant delivered: what the hub owes for it, and what of it the hub keeps as stock."""

from django.db import transaction

from marketplace import clock
from marketplace.actions.ledger.post import Refs, post
from marketplace.errors import NotFound
from marketplace.models import LedgerTransaction, PurchaseOrder, User
from marketplace.queries.purchases import booked_purchase, wanted_purchase
from marketplace.rules.ledger.difference import difference
from marketplace.rules.ledger.entries import TransactionKind
from marketplace.rules.states import OrderState


@transaction.atomic
def book_purchase(*, order_id: int, by: User | None) -> LedgerTransaction | None:
    """The booking that leads from what the books hold for the order to what came by what is known now; None where
    nothing moves. Joins the caller's transaction; again is harmless. Raises NotFound.

    A voided order comes to nothing. A merchant's invoice books its own difference beside this one.
    """
    order = (
        PurchaseOrder.objects.select_for_update(of=("self",))
        .select_related("supply", "window")
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise NotFound(kind="purchase_order", id=order_id)
    booked = booked_purchase(order)
    wanted = [] if order.state == OrderState.VOIDED else wanted_purchase(order, booked)
    entries = difference(booked, wanted)
    if not entries:
        return None
    number = LedgerTransaction.objects.filter(order=order, kind=TransactionKind.PURCHASE.value).count() + 1
    return post(
        hub_id=order.supply.hub_id,
        kind=TransactionKind.PURCHASE,
        key=f"purchase:{order.pk}:{number}",
        entries=entries,
        at=clock.now(),
        refs=Refs(round_id=order.window.round_id, window_id=order.window_id, order_id=order.pk),
        by=by,
    )
