"""Decline a changed offer: the line is released at once and gives back what it took."""

from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.place import place
from marketplace.actions.reserving.request import Request, Verb
from marketplace.models import User
from marketplace.rules.wanted import WantedLine


def decline_change(
    *, round_id: int, offer_id: int, version: int, household_id: int | None = None, by: User
) -> ReservationAnswer:
    """Release the line, as a version of the reservation; declining twice is harmless. Also in the last stretch: a line
    that waits for an agreement fills no case.

    Raises NotFound without such a line, IllegalMove for one that waits for no agreement, WindowClosed after the
    deadline (then it is released anyway); after any of them nothing has changed.
    """
    request = Request(
        verb=Verb.DECLINE,
        round_id=round_id,
        request_key=f"decline:{offer_id}:{version}",
        lines=(WantedLine(offer_id=offer_id, firm=0, seen_version=version),),
        household_id=household_id,
    )
    return place(request, by=by)
