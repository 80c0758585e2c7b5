"""Reservations in themselves: each stands as its newest version says, and what is scarce is counted as it is taken."""

from collections.abc import Iterator

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from marketplace.models import Handover, Offer, Reservation, ReservationLine, ReservationVersion
from marketplace.rules.states import VersionState

BATCH = 1000


def check_reservations_stand_as_their_newest_version_says() -> Iterator[str]:
    """The lines of a reservation are those of its newest version; what was cancelled has none."""
    ids = list(Reservation.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        lines: dict[int, dict[int, tuple[int, int]]] = {pk: {} for pk in part}
        rows = ReservationLine.objects.filter(reservation__in=part)
        for pk, offer, firm, flexible in rows.values_list("reservation_id", "offer_id", "firm", "flexible"):
            lines[pk][offer] = (firm, flexible)
        newest = ReservationVersion.objects.filter(reservation__in=part, number=F("reservation__version"))
        for version in newest.select_related("reservation"):
            told = {line["offer_id"]: (line["firm"], line["flexible"]) for line in version.lines}
            if told != lines[version.reservation_id]:
                yield f"reservation {version.reservation_id} holds other lines than its version {version.number}"
            if version.state != version.reservation.state:
                yield f"reservation {version.reservation_id} is {version.reservation.state}, not {version.state}"


def check_cancelled_reservations_are_empty() -> Iterator[str]:
    left = Reservation.objects.filter(state=VersionState.CANCELLED.value, lines__isnull=False).distinct()
    for pk in left.values_list("pk", flat=True):
        yield f"reservation {pk} is cancelled and still holds lines"


def check_caps_count_what_is_reserved() -> Iterator[str]:
    """The counter of a capped offer is the sum of its lines."""
    capped = Offer.objects.filter(capacity__isnull=False).annotate(reserved=Coalesce(Sum("lines__firm"), 0))
    for pk, taken, reserved in capped.exclude(capacity__taken=F("reserved")).values_list(
        "pk", "capacity__taken", "reserved"
    ):
        yield f"offer {pk} counts {taken} units, {reserved} are reserved"


def check_handovers_count_their_reservations() -> Iterator[str]:
    """The counter of a bounded handover is the number of reservations that have something there."""
    placed = Q(reservations__state=VersionState.PLACED.value, reservations__lines__isnull=False)
    bounded = Handover.objects.filter(capacity__isnull=False).annotate(
        held=Count("reservations", filter=placed, distinct=True)
    )
    for pk, taken, held in bounded.exclude(capacity__taken=F("held")).values_list("pk", "capacity__taken", "held"):
        yield f"handover {pk} counts {taken} places, {held} are held"


CHECKS = (
    check_reservations_stand_as_their_newest_version_says,
    check_cancelled_reservations_are_empty,
    check_caps_count_what_is_reserved,
    check_handovers_count_their_reservations,
)
