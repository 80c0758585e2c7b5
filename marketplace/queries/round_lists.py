"""Which rounds a visitor is shown: open now, coming, and closed ones of one's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from marketplace import clock
from marketplace.models import Handover, OpeningReminder, OrderingWindow, Reservation, Round, User
from marketplace.queries.places import Place, handovers_by_round, metres_to
from marketplace.queries.shop import Visitor, announced, household_id_of
from marketplace.rules.states import VersionState, WindowState

# Enough for a home page of several hubs; further ones are found on their hub's own page.
HOME_WINDOWS = 60


# A round that closes within this time is told of first.
SOON = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """A round on the home page: its announced windows, how many lines the visitor's household has in it, and the
    handover that suits the visitor's place best, `metres` away where that is known; `preferred`: at the chosen point.
    """

    round: Round
    windows: tuple[OrderingWindow, ...]
    lines: int = 0
    handover: Handover | None = None
    metres: float | None = None
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """`soon` and `open` take reservations; `reminded` are the windows of whose opening the user asked to be told."""

    now: datetime
    place: Place
    soon: tuple[RoundSummary, ...]
    open: tuple[RoundSummary, ...]
    coming: tuple[RoundSummary, ...]
    mine: tuple[RoundSummary, ...]
    reminded: frozenset[int] = frozenset()


def home(visitor: Visitor, place: Place) -> Home:
    """Rounds that close soon, the other open ones nearest first, coming rounds, and closed ones in which the household
    has lines. Two queries, five for a user.
    """
    windows = list(
        announced()
        .filter(state__in=[WindowState.OPEN.value, WindowState.SCHEDULED.value])
        .select_related("round__hub")
        .order_by("closes_at", "pk")[:HOME_WINDOWS]
    )
    now = windows[0].clock if windows else clock.now()  # type: ignore[attr-defined]
    reserved = _reserved_rounds(visitor)
    by_round = _by_round(windows)
    handovers = handovers_by_round(list(by_round)) if by_round else {}
    summaries = {pk: _summary(mine, reserved.get(pk, 0), handovers.get(pk, []), place) for pk, mine in by_round.items()}
    is_open = {pk: any(w.takes_reservations(now) for w in mine) for pk, mine in by_round.items()}
    is_coming = {pk: not is_open[pk] and any(now < w.opens_at for w in mine) for pk, mine in by_round.items()}
    closes = {pk: min(w.closes_at for w in by_round[pk] if w.takes_reservations(now)) for pk in by_round if is_open[pk]}
    soon = [summaries[pk] for pk in sorted(closes, key=lambda pk: closes[pk]) if closes[pk] - now <= SOON]
    later = [summaries[pk] for pk in sorted(closes, key=lambda pk: closes[pk]) if closes[pk] - now > SOON]
    coming = [summaries[pk] for pk, comes in is_coming.items() if comes]
    past = [pk for pk in reserved if not is_open.get(pk) and not is_coming.get(pk)]
    return Home(
        now=now,
        place=place,
        soon=tuple(soon),
        open=tuple(sorted(later, key=_nearness)),
        coming=tuple(sorted(coming, key=lambda s: (not s.preferred, min(w.opens_at for w in s.windows)))),
        mine=_past(past, reserved),
        reminded=_reminded(visitor) if coming else frozenset(),
    )


def _summary(
    windows: Sequence[OrderingWindow], lines: int, handovers: Sequence[Handover], place: Place
) -> RoundSummary:
    """A round with the handover that suits the place: the preferred point's, else the nearest, else the first."""
    if not handovers:
        return RoundSummary(windows[0].round, tuple(windows), lines)
    away = {h.pk: metres_to(place.point, h.pickup_point) for h in handovers}
    chosen = [h for h in handovers if place.pickup_point_id and h.pickup_point_id == place.pickup_point_id]
    best = min(chosen or handovers, key=lambda h: (away[h.pk] is None, away[h.pk] or 0.0, h.starts_at, h.pk))
    return RoundSummary(windows[0].round, tuple(windows), lines, best, away[best.pk], bool(chosen))


def _nearness(summary: RoundSummary) -> tuple[bool, bool, float]:
    return not summary.preferred, summary.metres is None, summary.metres or 0.0


def _reminded(visitor: Visitor) -> frozenset[int]:
    """Windows that are still ahead and of whose opening the user asked to be told. One query."""
    if not isinstance(visitor, User):
        return frozenset()
    ahead = OpeningReminder.objects.filter(user=visitor, window__state=WindowState.SCHEDULED.value)
    return frozenset(ahead.values_list("window_id", flat=True))


def _by_round(windows: Iterable[OrderingWindow]) -> dict[int, list[OrderingWindow]]:
    grouped: dict[int, list[OrderingWindow]] = {}
    for window in windows:
        grouped.setdefault(window.round_id, []).append(window)
    return grouped


def _reserved_rounds(visitor: Visitor) -> dict[int, int]:
    """Lines per round of the household's newest placed reservations. One query."""
    if not isinstance(visitor, User):
        return {}
    placed = Reservation.objects.filter(household_id=household_id_of(visitor), state=VersionState.PLACED.value)
    counted = placed.annotate(many=Count("lines")).order_by("-changed_at")
    return dict(counted.values_list("round_id", "many")[:20])


def _past(round_ids: Sequence[int], reserved: dict[int, int]) -> tuple[RoundSummary, ...]:
    if not round_ids:
        return ()
    windows = announced().filter(round__in=round_ids).select_related("round__hub").order_by("closes_at", "pk")
    grouped = _by_round(windows)
    return tuple(
        RoundSummary(grouped[pk][0].round, tuple(grouped[pk]), reserved[pk]) for pk in round_ids if pk in grouped
    )


def next_round_of(hub_id: int) -> tuple[OrderingWindow, datetime] | None:
    """The hub's window that opens next, or is open and closes first, with the clock. One query."""
    upcoming = announced().filter(round__hub_id=hub_id, state__in=[WindowState.OPEN.value, WindowState.SCHEDULED.value])
    found = upcoming.filter(closes_at__gt=clock.expression()).select_related("round__hub").order_by("opens_at").first()
    return (found, found.clock) if found else None  # type: ignore[attr-defined]
