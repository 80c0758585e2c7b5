"""What the ticks of a hand-out list come to. Several devices tick, some of them offline: the answer depends on when
things were tapped, never on the order in which they arrive, and the same tick twice counts once.

A tick that was taken back within `UNDO_WITHIN` counts for nothing. Of the others the first "handed over" wins, over
every no-show: who got the goods was there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# How long a tap can be taken back. A household is told of a no-show only when this has passed.
UNDO_WITHIN = timedelta(minutes=30)
# How long after the handover ends the names on its list can be seen (docs/domain.md, "Who may do what").
NAMES_AFTER = timedelta(hours=24)
# How long before the opening the list goes out by mail.
MAILED_BEFORE = timedelta(hours=2)


class TickKind(StrEnum):
    HANDED_OVER = "handed_over"
    NO_SHOW = "no_show"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Tick:
    """One tap about one reservation. `key` is the device's and breaks ties."""

    key: str
    kind: TickKind
    at: datetime


def outcome_of(ticks: Iterable[Tick]) -> Tick | None:
    """The tick that counts for a reservation, or None while nothing does."""
    every = sorted(set(ticks), key=lambda tick: (tick.at, tick.key))
    undone_at = [tick.at for tick in every if tick.kind is TickKind.UNDO]

    def stands(tick: Tick) -> bool:
        return not any(tick.at <= at <= tick.at + UNDO_WITHIN for at in undone_at)

    for kind in (TickKind.HANDED_OVER, TickKind.NO_SHOW):
        found = next((tick for tick in every if tick.kind is kind and stands(tick)), None)
        if found is not None:
            return found
    return None


def may_undo(tick: Tick, now: datetime) -> bool:
    """Whether a tick that counts can still be taken back."""
    return tick.at <= now <= tick.at + UNDO_WITHIN
