"""Which rounds a visitor is shown: open now, coming, and closed ones of one's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from marketplace import clock
from marketplace.models import OrderingWindow, Reservation, Round, User
from marketplace.queries.shop import Visitor, announced, household_id_of
from marketplace.rules.states import VersionState, WindowState

# Enough for a home page of several hubs; further ones are found on their hub's own page.
HOME_WINDOWS = 60


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """A round on the home page: its announced windows, and how many lines the visitor's household has in it."""

    round: Round
    windows: tuple[OrderingWindow, ...]
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Home:
    now: datetime
    open: tuple[RoundSummary, ...]
    coming: tuple[RoundSummary, ...]
    mine: tuple[RoundSummary, ...]


def home(visitor: Visitor) -> Home:
    """Rounds open now, coming rounds, and closed ones in which the household has lines. One query, three for a user."""
    windows = list(
        announced()
        .filter(state__in=[WindowState.OPEN.value, WindowState.SCHEDULED.value])
        .select_related("round__hub")
        .order_by("closes_at", "pk")[:HOME_WINDOWS]
    )
    now = windows[0].clock if windows else clock.now()  # type: ignore[attr-defined]
    reserved = _reserved_rounds(visitor)
    by_round = _by_round(windows)
    is_open = {pk: any(w.takes_reservations(now) for w in mine) for pk, mine in by_round.items()}
    is_coming = {pk: not is_open[pk] and any(now < w.opens_at for w in mine) for pk, mine in by_round.items()}

    def listed(kind: dict[int, bool]) -> tuple[RoundSummary, ...]:
        return tuple(
            RoundSummary(mine[0].round, tuple(mine), reserved.get(pk, 0)) for pk, mine in by_round.items() if kind[pk]
        )

    past = [pk for pk in reserved if not is_open.get(pk) and not is_coming.get(pk)]
    return Home(now, listed(is_open), listed(is_coming), _past(past, reserved))


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
