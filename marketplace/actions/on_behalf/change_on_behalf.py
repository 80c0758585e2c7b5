"""Change a household's reservation as it asked by phone or on paper."""

from collections.abc import Sequence

from marketplace.actions.on_behalf.speaking import place_on_behalf
from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.request import Request, Verb
from marketplace.models import User
from marketplace.rules.wanted import WantedLine


def change_on_behalf(
    *,
    household_id: int,
    round_id: int,
    lines: Sequence[WantedLine],
    request_key: str,
    via: str,
    handover_id: int | None = None,
    expected_version: int | None = None,
    by: User,
) -> ReservationAnswer:
    """As `change_reservation`, line by line. Errors: see `place_on_behalf` and `change_reservation`."""
    request = Request(
        verb=Verb.CHANGE,
        round_id=round_id,
        request_key=request_key,
        lines=tuple(lines),
        handover_id=handover_id,
        household_id=household_id,
        expected_version=expected_version,
        for_household=True,
        via=via,
    )
    return place_on_behalf(request, by=by)
