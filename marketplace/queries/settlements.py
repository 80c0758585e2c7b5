"""What reservations were settled at. The newest settling of a reservation counts; it may say that none stands."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.db.models.functions import Coalesce

from marketplace.models import LedgerEntry, Reservation, Settlement, SettlementLine
from marketplace.queries.purchases import as_entry
from marketplace.rules.ledger.entries import Entry, TransactionKind
from marketplace.rules.ledger.settling import Cause

# As what a settling is booked.
SETTLED_AS = {
    Cause.HANDED_OVER: TransactionKind.SETTLEMENT,
    Cause.NO_SHOW: TransactionKind.SETTLEMENT,
    Cause.TAKEN_BACK: TransactionKind.SETTLEMENT_UNDONE,
    Cause.SHORTAGE: TransactionKind.SHORTAGE,
    Cause.CORRECTED: TransactionKind.SETTLEMENT_CORRECTED,
}
# The kinds that together say what a reservation costs.
SETTLING_KINDS = sorted({kind.value for kind in SETTLED_AS.values()})


def newest_settlements() -> QuerySet[Settlement]:
    """The settlings that count, one of each reservation that was ever settled."""
    later = Settlement.objects.filter(reservation=OuterRef("reservation"), number__gt=OuterRef("number"))
    return Settlement.objects.filter(~Exists(later))


def standing_settlements() -> QuerySet[Settlement]:
    """Those by which their reservation is settled."""
    return newest_settlements().filter(stands=True)


def newest_by_reservation(reservation_ids: Iterable[int]) -> dict[int, Settlement]:
    """The settling that counts, by reservation. One query."""
    rows = Settlement.objects.filter(reservation__in=list(reservation_ids)).order_by("number")
    return {row.reservation_id: row for row in rows}


def own_charge(reservation: Reservation) -> tuple[datetime, int] | None:
    """When the reservation's own household was charged, and how much in minor units; None until it is settled. Two
    queries."""
    found = standing_settlements().filter(reservation=reservation).first()
    if found is None:
        return None
    own = found.lines.filter(household=reservation.household_id)
    sums = own.aggregate(goods=Coalesce(Sum("amount_minor"), 0), deposits=Coalesce(Sum("deposit_minor"), 0))
    return found.at, sums["goods"] + sums["deposits"]


def settled_lines(settlement: Settlement, household_id: int) -> list[SettlementLine]:
    """What one household pays by a settling: goods first, fees last. One query."""
    rows = settlement.lines.filter(household=household_id).select_related("deposit_type")
    return sorted(rows, key=lambda row: (bool(row.code), row.name, row.pk))


def booked_settlings(reservation_ids: Iterable[int]) -> dict[int, list[Entry]]:
    """What the books hold of settling these reservations. One query."""
    rows = LedgerEntry.objects.filter(
        transaction__reservation__in=list(reservation_ids), transaction__kind__in=SETTLING_KINDS
    ).select_related("source", "destination", "transaction")
    found: dict[int, list[Entry]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.transaction.reservation_id or 0, []).append(as_entry(row))
    return found
