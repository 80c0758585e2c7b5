"""Set one line of a household's basket from a page that may be older than the basket: two devices' taps merge."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, NamedTuple

from marketplace.access import household_of
from marketplace.actions.change_reservation import change_reservation
from marketplace.actions.reserve import ReservationAnswer, reserve
from marketplace.errors import ReservationChanged
from marketplace.models import Reservation, ReservationLine, ReservationVersion, User
from marketplace.rules.states import VersionState
from marketplace.rules.wanted import WantedLine

# So often may somebody of the household be faster before this request gives up.
TRIES = 5
# What a line keeps of a wish; the columns have the wish's names. Which terms a page showed is no wish.
_KEPT = tuple(f.name for f in fields(WantedLine) if f.name != "seen_version")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """What a page asks of a line. With `seen`, the number that the page showed, `firm` says one more or fewer than
    that, and somebody else's change in between is kept; without it `firm` is meant as it stands.

    `wishes` are the fields of WantedLine that the page names; the others stay as they are held. `seen_version` is the
    offer's version on the page.
    """

    offer_id: int
    firm: int
    seen: int | None = None
    seen_version: int | None = None
    wishes: Mapping[str, Any] = field(default_factory=dict)


class LineSet(NamedTuple):
    """The answer, and the number that was held where it was not the one that the page showed."""

    answer: ReservationAnswer
    met: int | None


class _Base(NamedTuple):
    """What a request stands on: the reservation's version (None: nothing placed) and the wish that is held."""

    version: int | None
    wish: WantedLine


def set_line(
    *,
    round_id: int,
    change: LineChange,
    request_key: str,
    handover_id: int | None = None,
    group_id: int | None = None,
    household_id: int | None = None,
    by: User,
) -> LineSet:
    """Set the line on top of what the household holds now. The same request again gets the same answer and changes
    nothing, whatever others of the household did in between. `group_id`: with whom a first reservation is made.

    Raises what `reserve` raises, and PriceChanged where the offer changed since the page that showed it.
    """
    household_id = household_of(by, household_id).pk
    for left in reversed(range(TRIES)):
        before = ReservationVersion.objects.filter(household_id=household_id, request_key=request_key).first()
        base = _held(household_id, round_id, change.offer_id) if before is None else _stood_on(before, change.offer_id)
        wish = _merged(base.wish, change)
        named = {"round_id": round_id, "request_key": request_key, "handover_id": handover_id, "by": by}
        try:
            if base.version is None:
                answer = reserve(lines=[wish], group_id=group_id, household_id=household_id, **named)  # type: ignore[arg-type]
            else:
                answer = change_reservation(
                    lines=[wish],
                    expected_version=base.version,
                    household_id=household_id,
                    **named,  # type: ignore[arg-type]
                )
        except ReservationChanged:
            if not left:
                raise
            continue
        return LineSet(answer, base.wish.firm if change.seen not in (None, base.wish.firm) else None)
    raise AssertionError("unreachable: the last try returns or raises")


def _held(household_id: int, round_id: int, offer_id: int) -> _Base:
    """What the household holds of the offer, with the version that this is true of. Two queries."""
    nothing = WantedLine(offer_id=offer_id, firm=0)
    mine = Reservation.objects.filter(household_id=household_id, round_id=round_id, state=VersionState.PLACED.value)
    reservation = mine.first()
    if reservation is None:
        return _Base(None, nothing)
    line = ReservationLine.objects.filter(reservation=reservation, offer_id=offer_id).first()
    return _Base(reservation.version, _wish({name: getattr(line, name) for name in _KEPT}) if line else nothing)


def _stood_on(before: ReservationVersion, offer_id: int) -> _Base:
    """What the request stood on when it came the first time, so that it is the same request again. One query."""
    nothing = WantedLine(offer_id=offer_id, firm=0)
    older = ReservationVersion.objects.filter(reservation=before.reservation_id, number=before.number - 1).first()
    if older is None or older.state != VersionState.PLACED:
        return _Base(None, nothing)
    line = next((line for line in older.lines if line["offer_id"] == offer_id), None)
    return _Base(older.number, _wish(line) if line else nothing)


def _wish(held: Mapping[str, Any]) -> WantedLine:
    """The wish of a line as it is held or as its version keeps it, in JSON."""
    values = {name: held[name] for name in _KEPT if name in held}
    until = values.get("collect_until")
    return WantedLine(
        **{
            **values,
            "substitutes": tuple(values.get("substitutes") or ()),
            "collect_until": date.fromisoformat(until) if isinstance(until, str) else until,
        }
    )


def _merged(held: WantedLine, change: LineChange) -> WantedLine:
    firm = change.firm if change.seen is None else max(0, held.firm + change.firm - change.seen)
    if not firm:
        return WantedLine(offer_id=change.offer_id, firm=0)
    return replace(held, firm=firm, seen_version=change.seen_version, **change.wishes)
