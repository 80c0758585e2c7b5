"""What a decided request writes, and what it takes of scarce things."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from marketplace.actions.reserving.context import HeldLine


class Want(NamedTuple):
    """Units to take from a capacity; negative gives back. `whole`: all of them or none."""

    capacity_id: int
    units: int
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A new version of a reservation. `gone` are offers whose lines are removed, `put` lines as they shall be.

    `version` is the new number; the write succeeds only if the stored one is the number before it.
    """

    round_id: int
    household_id: int
    user_id: int
    handover_id: int
    group_id: int | None
    state: str
    version: int
    at: datetime
    put: Sequence[HeldLine]
    gone: Sequence[int]
    request_key: str
    request_hash: str
    lines: Sequence[dict[str, Any]]
    answer: dict[str, Any]
    changed_offers: Sequence[int]
    via: str
