"""Claims: what may be wrong with what was handed over, until when it may be said, and how it is answered."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class ClaimKind(StrEnum):
    MISSING = "missing"
    DAMAGED = "damaged"
    SPOILED = "spoiled"
    WRONG = "wrong"
    SHORT_WEIGHT = "short_weight"
    OTHER = "other"


class ClaimState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    DECLINED = "declined"


_S = ClaimState
CLAIM_MOVES: Mapping[ClaimState, frozenset[ClaimState]] = {
    _S.OPEN: frozenset({_S.ANSWERED, _S.ACCEPTED, _S.DECLINED}),
    _S.ANSWERED: frozenset({_S.ANSWERED, _S.ACCEPTED, _S.DECLINED}),
    _S.ACCEPTED: frozenset(),
    _S.DECLINED: frozenset(),
}

MOST_PHOTOS: Final = 3
MOST_TEXT: Final = 1000
MOST_STARS: Final = 5
# From so many ratings on an average says something about the merchant and nothing about a single household.
RATINGS_SHOWN_FROM: Final = 5


def states_before(state: ClaimState) -> list[str]:
    """The states from which a claim may move to this one, as stored."""
    return [before.value for before, moves in CLAIM_MOVES.items() if state in moves]


def claim_deadline(ends_at: datetime, days: int) -> datetime:
    """Until when a problem may be reported: so many days after the end of the hand-over."""
    return ends_at + timedelta(days=days)
