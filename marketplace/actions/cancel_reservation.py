"""Cancel a reservation, as far as its windows are still open."""

from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.place import place
from marketplace.actions.reserving.request import Request, Verb
from marketplace.models import User


def cancel_reservation(
    *,
    round_id: int,
    request_key: str,
    expected_version: int | None = None,
    household_id: int | None = None,
    by: User,
) -> ReservationAnswer:
    """Take out every line of the windows still open and give back what they took. Lines of closed windows stay, and
    with them the reservation; without any it is cancelled. Cancelling twice does no harm.

    Raises NotFound without a reservation, WindowClosed when all its windows are closed, ReservationChanged,
    RequestKeyReused; then nothing has changed.
    """
    request = Request(
        verb=Verb.CANCEL,
        round_id=round_id,
        request_key=request_key,
        replace=True,
        household_id=household_id,
        expected_version=expected_version,
    )
    return place(request, by=by)
