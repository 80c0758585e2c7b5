"""What reservations were settled at. The newest settling of a reservation counts; it may say that none stands."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from marketplace.models import Settlement, SettlementLine


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


def settled_lines(settlement: Settlement, household_id: int) -> list[SettlementLine]:
    """What one household pays by a settling: goods first, fees last. One query."""
    rows = settlement.lines.filter(household=household_id).select_related("deposit_type")
    return sorted(rows, key=lambda row: (bool(row.code), row.name, row.pk))
