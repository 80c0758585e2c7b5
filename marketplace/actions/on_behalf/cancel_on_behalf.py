"""Cancel a household's reservation as it asked by phone or on paper."""

from marketplace.actions.on_behalf.speaking import place_on_behalf
from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.request import Request, Verb
from marketplace.models import User


def cancel_on_behalf(*, household_id: int, round_id: int, request_key: str, via: str, by: User) -> ReservationAnswer:
    """As `cancel_reservation`. Errors: see `place_on_behalf` and `cancel_reservation`."""
    request = Request(
        verb=Verb.CANCEL,
        round_id=round_id,
        request_key=request_key,
        replace=True,
        household_id=household_id,
        for_household=True,
        via=via,
    )
    return place_on_behalf(request, by=by)
