"""What follows from ends of handovers for the books: reservations are settled, then the windows that are done."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from marketplace.actions.ledger.settle_reservation import settle_reservations
from marketplace.actions.ledger.settle_windows import reopen_settled, settle_windows
from marketplace.models import ReservationLine, User
from marketplace.rules.ledger.settling import Cause


@transaction.atomic
def follow_handover(*, reservation_ids: Iterable[int], cause: Cause | None = None, by: User | None = None) -> int:
    """How many of the reservations are settled now. It looks at what is true now, so that events may come twice, late
    and in any order. Joins the caller's transaction."""
    settled = settle_reservations(reservation_ids=set(reservation_ids), by=by, cause=cause)
    done = [pk for pk, found in settled.items() if found is not None and found.stands]
    undone = [pk for pk, found in settled.items() if found is not None and not found.stands]
    reopen_settled(window_ids=_windows_of(undone), by=by)
    settle_windows(window_ids=_windows_of(done), by=by)
    return len(done)


def _windows_of(reservation_ids: Sequence[int]) -> list[int]:
    """The windows in which these reservations got something or nothing."""
    lines = ReservationLine.objects.filter(reservation__in=reservation_ids).order_by()
    return list(lines.values_list("window_id", flat=True).distinct())
