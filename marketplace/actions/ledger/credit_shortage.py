"""The books of a shortage, in the transaction that shares out anew what comes."""

from django.db import transaction

from marketplace.actions.ledger.settle_reservation import settle_reservations
from marketplace.models import Allocation, Settlement, SubstituteAllocation, User
from marketplace.queries.settlements import standing_settlements
from marketplace.rules.ledger.settling import Cause


@transaction.atomic
def credit_shortage(*, run_id: int, by: User | None) -> list[Settlement]:
    """The settlings that the run put right. Joins the caller's transaction; again is harmless.

    What was not handed over yet was not charged yet either: there the run itself lowers what is charged, and what the
    household may reserve rises at once (queries/balances.py). Who was charged before gets the difference back.
    """
    touched = {
        *Allocation.objects.filter(run=run_id).values_list("line__reservation_id", flat=True),
        *SubstituteAllocation.objects.filter(run=run_id).values_list("line__reservation_id", flat=True),
    }
    settled = standing_settlements().filter(reservation__in=touched)
    before = dict(settled.values_list("reservation_id", "number"))
    after = settle_reservations(reservation_ids=before, by=by, cause=Cause.SHORTAGE)
    return [found for pk, found in after.items() if found is not None and found.number != before[pk]]
