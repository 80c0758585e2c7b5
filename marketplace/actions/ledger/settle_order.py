"""What changed in a purchase order after its goods were handed over: those who were charged before are put right."""

from django.db import transaction

from marketplace.actions.ledger.book_purchase import book_purchase
from marketplace.actions.ledger.settle_reservation import settle_reservations
from marketplace.models import LedgerTransaction, PurchaseOrderLine, ReservationLine, Settlement, User
from marketplace.queries.settlements import standing_settlements
from marketplace.rules.ledger.entries import TransactionKind
from marketplace.rules.ledger.settling import Cause


@transaction.atomic
def settle_order(*, order_id: int, by: User | None) -> list[Settlement]:
    """The settlings of reservations that were put right: other units, another weight, a lower price. The delivery is
    booked anew where it was booked before. Joins the caller's transaction; again is harmless."""
    offers = PurchaseOrderLine.objects.filter(order=order_id).values("offer_id")
    lines = ReservationLine.objects.filter(offer__in=offers).values("reservation_id")
    before = dict(standing_settlements().filter(reservation__in=lines).values_list("reservation_id", "number"))
    after = settle_reservations(reservation_ids=before, by=by, cause=Cause.SHORTAGE)
    if LedgerTransaction.objects.filter(order=order_id, kind=TransactionKind.PURCHASE.value).exists():
        book_purchase(order_id=order_id, by=by)
    return [found for pk, found in after.items() if found is not None and found.number != before[pk]]
