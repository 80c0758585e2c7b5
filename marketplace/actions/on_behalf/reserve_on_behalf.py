"""Reserve for a household that called or wrote: the coordinator types, the household is bound and told."""

from collections.abc import Sequence

from marketplace.actions.on_behalf.speaking import place_on_behalf
from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.request import Request, Verb
from marketplace.models import User
from marketplace.rules.wanted import WantedLine


def reserve_on_behalf(
    *,
    household_id: int,
    round_id: int,
    lines: Sequence[WantedLine],
    request_key: str,
    via: str,
    handover_id: int | None = None,
    by: User,
) -> ReservationAnswer:
    """As `reserve`, for a household that the hub knows; `via` is "phone" or "paper". The version names the coordinator,
    and the household is told what now stands. Errors: see `place_on_behalf` and `reserve`."""
    request = Request(
        verb=Verb.RESERVE,
        round_id=round_id,
        request_key=request_key,
        lines=tuple(lines),
        handover_id=handover_id,
        household_id=household_id,
        for_household=True,
        via=via,
    )
    return place_on_behalf(request, by=by)
