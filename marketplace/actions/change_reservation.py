"""Change a reservation: single lines, the whole basket, or where it is handed over."""

from collections.abc import Sequence

from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.actions.reserving.place import place
from marketplace.actions.reserving.request import Request, Verb
from marketplace.models import User
from marketplace.rules.wanted import WantedLine


def change_reservation(
    *,
    round_id: int,
    lines: Sequence[WantedLine],
    request_key: str,
    replace: bool = False,
    handover_id: int | None = None,
    expected_version: int | None = None,
    household_id: int | None = None,
    keeps_something: bool = False,
    by: User,
) -> ReservationAnswer:
    """Merge the lines into the placed reservation, or with `replace` make them its whole basket in all windows that
    are still open. Lines of closed windows never change. No lines are fine where only the handover moves.

    Without `expected_version` two devices merge line by line; with it the second one gets ReservationChanged.
    A reservation that loses its last line is cancelled.

    Raises what `reserve` raises, NotFound without a reservation, IllegalMove for a cancelled one.
    """
    request = Request(
        verb=Verb.CHANGE,
        round_id=round_id,
        request_key=request_key,
        lines=tuple(lines),
        replace=replace,
        handover_id=handover_id,
        household_id=household_id,
        keeps_something=keeps_something,
        expected_version=expected_version,
    )
    return place(request, by=by)
