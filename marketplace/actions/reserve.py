"""Reserve: a household binds itself to quantities in a round, until each window's close."""

from collections.abc import Sequence

from marketplace.actions.reserving.answer import LineAnswer, LineReason, LineStatus, ReservationAnswer
from marketplace.actions.reserving.place import place
from marketplace.actions.reserving.request import Request, Verb
from marketplace.models import User
from marketplace.rules.wanted import WantedLine

__all__ = ["LineAnswer", "LineReason", "LineStatus", "ReservationAnswer", "reserve"]


def reserve(
    *,
    round_id: int,
    lines: Sequence[WantedLine],
    request_key: str,
    handover_id: int | None = None,
    group_id: int | None = None,
    household_id: int | None = None,
    keeps_something: bool = False,
    by: User,
) -> ReservationAnswer:
    """Place the lines, or merge them into the household's reservation of the round: named lines are set to the given
    quantities (firm 0 takes one out), the others stay. A cancelled reservation is placed anew.

    Without a handover: the one before, the group's, the only one, or the place used last. The same request key with
    the same body is answered as the first time. Lines of closed windows are refused beside lines that are kept.

    Raises InvalidLines, InvalidInput (request_key, handover), NotFound (household, round, group, handover),
    WindowClosed, WindowNotOpen, HandoverFull, MembershipNeeded, PriceChanged (all lines were meant for terms that have
    become worse), RequestKeyReused, and with `keeps_something` StockShort or LimitExceeded where no line could be kept
    even in part; then nothing has changed.
    """
    request = Request(
        verb=Verb.RESERVE,
        round_id=round_id,
        request_key=request_key,
        lines=tuple(lines),
        handover_id=handover_id,
        group_id=group_id,
        household_id=household_id,
        keeps_something=keeps_something,
    )
    return place(request, by=by)
