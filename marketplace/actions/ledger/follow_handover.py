"""What follows from ends of handovers for the books: reservations are settled, then the windows that are done."""

from collections.abc import Iterable

from django.db import transaction

from marketplace.actions.ledger.settle_reservation import settle_reservations
from marketplace.actions.ledger.settle_windows import settle_windows
from marketplace.models import ReservationLine, User
from marketplace.rules.ledger.settling import Cause


@transaction.atomic
def follow_handover(*, reservation_ids: Iterable[int], cause: Cause | None = None, by: User | None = None) -> int:
    """How many of the reservations are settled now. It looks at what is true now, so that events may come twice, late
    and in any order. Joins the caller's transaction."""
    settled = settle_reservations(reservation_ids=set(reservation_ids), by=by, cause=cause)
    done = [pk for pk, found in settled.items() if found is not None and found.stands]
    windows = ReservationLine.objects.filter(reservation__in=done).order_by()
    settle_windows(window_ids=windows.values_list("window_id", flat=True).distinct(), by=by)
    return len(done)
