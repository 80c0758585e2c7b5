"""Settle where a basket is handed over, with whom it is ordered, and where it is brought."""

from django.db import transaction

from marketplace.access import reservation_for
from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.place import place
from marketplace.actions.reserving.request import Request, Verb
from marketplace.models import Household, User


def settle_place(
    *,
    round_id: int,
    handover_id: int,
    request_key: str,
    expected_version: int,
    group_id: int | None = None,
    address: str = "",
    by: User,
) -> ReservationAnswer:
    """Move the household's reservation to a handover and, where one is named, into a group; an address is kept on the
    household for the next time.

    Raises what `change_reservation` raises; then nothing has changed, the address neither.
    """
    with transaction.atomic():
        household = reservation_for(by, round_id).household_id
        request = Request(
            verb=Verb.CHANGE,
            round_id=round_id,
            request_key=request_key,
            handover_id=handover_id,
            group_id=group_id,
            household_id=household,
            expected_version=expected_version,
        )
        answer = place(request, by=by)
        if address.strip():
            # Where it is on a map is not known any more, as when the address is changed on the household's own page.
            Household.objects.filter(pk=household).update(address=address.strip(), latitude=None, longitude=None)
    return answer
