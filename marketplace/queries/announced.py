"""Announced rounds and windows as lists that are open to everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from marketplace import clock
from marketplace.access import public_rounds
from marketplace.models import OrderingWindow, Round, WindowSupply
from marketplace.queries.shop import announced
from marketplace.rules.states import WindowState


@dataclass(frozen=True, slots=True)
class AnnouncedRound:
    """A round with its announced windows in the order of their deadlines. `now` by the one clock."""

    round: Round
    windows: tuple[OrderingWindow, ...]
    now: datetime


def announced_rounds() -> QuerySet[Round]:
    """Rounds that anybody may browse, each with its hub."""
    return public_rounds().select_related("hub")


def open_now() -> Exists:
    """The condition of a round that one of its windows takes reservations."""
    now = clock.expression()
    return Exists(
        OrderingWindow.objects.filter(
            round=OuterRef("pk"), state=WindowState.OPEN.value, opens_at__lte=now, closes_at__gt=now
        )
    )


def announced_windows() -> QuerySet[OrderingWindow]:
    """Announced windows with the clock, their round and hub; one more query brings their merchants."""
    supplies = WindowSupply.objects.select_related("supply__merchant").order_by("supply__merchant__name")
    return announced().select_related("round__hub").prefetch_related(Prefetch("window_supplies", queryset=supplies))


def with_merchants(windows: Iterable[OrderingWindow]) -> None:
    """Load the merchants of windows at hand, as `announced_windows` does. One query."""
    supplies = WindowSupply.objects.select_related("supply__merchant").order_by("supply__merchant__name")
    prefetch_related_objects(list(windows), Prefetch("window_supplies", queryset=supplies))


def clock_of(window: OrderingWindow) -> datetime:
    """The clock that came with an announced window."""
    now: datetime = window.clock  # type: ignore[attr-defined]
    return now


def with_windows(rounds: Sequence[Round]) -> list[AnnouncedRound]:
    """Rounds (loaded, in their order) with their windows and merchants. Two queries."""
    windows = list(announced_windows().filter(round__in=rounds).order_by("closes_at", "pk")) if rounds else []
    now = clock_of(windows[0]) if windows else clock.now()
    by_round = _by_round(windows)
    return [AnnouncedRound(found, tuple(by_round.get(found.pk, ())), now) for found in rounds]


def _by_round(windows: Iterable[OrderingWindow]) -> dict[int, list[OrderingWindow]]:
    grouped: dict[int, list[OrderingWindow]] = {}
    for window in windows:
        grouped.setdefault(window.round_id, []).append(window)
    return grouped
