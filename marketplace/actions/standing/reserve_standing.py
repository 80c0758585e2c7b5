"""Reserve what stands: the ordinary way to reserve, asked for by the person who made it stand."""

from collections.abc import Sequence

from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.place import place
from marketplace.actions.reserving.request import Request, Verb
from marketplace.models import HouseholdMember, StandingRun, User, Via
from marketplace.rules.wanted import WantedLine


def reserve_standing(*, window_id: int, household_id: int, runs: Sequence[StandingRun]) -> ReservationAnswer:
    """Reserve the runs' products in the window, as the household; each run carries its `offer_id`.

    Raises as `reserve` does.
    """
    lines = [
        WantedLine(
            offer_id=run.offer_id,  # type: ignore[attr-defined]
            firm=run.standing.firm,
            flexible=run.standing.flexible,
            flexible_for=run.standing.flexible_for,
            max_unit_price_minor=run.standing.max_unit_price_minor,
            whole_only=run.standing.whole_only,
        )
        for run in runs
    ]
    request = Request(
        verb=Verb.RESERVE,
        round_id=runs[0].round_id,
        lines=tuple(lines),
        request_key=f"standing:{window_id}:{household_id}",
        household_id=household_id,
        via=Via.STANDING.value,
    )
    return place(request, by=_who(household_id, runs[0].standing.by))


def _who(household_id: int, made_it: User) -> User:
    """Who made it stand, or another member where that person has left."""
    members = HouseholdMember.objects.filter(household_id=household_id).select_related("user").order_by("joined_at")
    found = [member.user for member in members]
    return made_it if made_it in found or not found else found[0]
