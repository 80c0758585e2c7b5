"""Agree to a changed offer: the line stays as it is and counts again."""

from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.place import place
from marketplace.actions.reserving.request import Request, Verb
from marketplace.models import User
from marketplace.rules.wanted import WantedLine


def agree_to_change(
    *, round_id: int, offer_id: int, version: int, household_id: int | None = None, by: User
) -> ReservationAnswer:
    """Agree to the offer's terms of this version, as a version of the reservation; agreeing twice is harmless.

    Raises NotFound without such a line, PriceChanged where the offer has changed again meanwhile, WindowClosed after
    the deadline (the line is released then); after any of them nothing has changed.
    """
    request = Request(
        verb=Verb.AGREE,
        round_id=round_id,
        request_key=f"agree:{offer_id}:{version}",
        lines=(WantedLine(offer_id=offer_id, firm=1, seen_version=version),),
        household_id=household_id,
    )
    return place(request, by=by)
