"""What a household is told: each line with what was kept, what waits and why not. Stored, to be repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any


class LineStatus(StrEnum):
    """How a line stands after the request."""

    SURE = "sure"  # if the window closed now, it would be served in full
    WAITING = "waiting"  # something is missing: a case, the minimum, or the price is above the limit
    KEPT = "kept"  # it stays as it is: its window takes no changes any more, or what was given back waits for a taker
    REDUCED = "reduced"  # less than was asked for; the reason says why
    REFUSED = "refused"  # nothing of the wish was taken; what was held before stays


class LineReason(StrEnum):
    """Why a line is not as asked, or what it waits for. Stable codes."""

    NONE = ""
    STOCK_SHORT = "stock_short"  # the offer's cap leaves less
    WHOLE_ONLY_SHORT = "whole_only_short"  # all or nothing, and all does not fit
    WINDOW_CLOSED = "window_closed"
    WINDOW_NOT_OPEN = "window_not_open"
    FILLING_LIMIT = "filling_limit"  # in the last stretch a line rises by at most what a case or step misses
    OFFERED_BACK = "offered_back"  # in the last stretch what others need stays until somebody takes it over
    BREAKS_CASE = "breaks_case"  # in the last stretch a limit or fewer extra units may not break a full case
    BREAKS_STEP = "breaks_step"  # … or a reached price
    PRICE_CHANGED = "price_changed"  # the page showed the offer before a change that is no improvement
    NEEDS_AGREEMENT = "needs_agreement"  # the offer changed; the line counts once its household agrees
    LIMIT_BELOW_PRICE = "limit_below_price"  # it waits for a price within its limit


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswer:
    """One line; units of the offer, money in minor units. `waits_for`: units missing until it is sure, 0 when sure.

    `offered_back` of the firm units are offered to others and stay the household's until somebody takes them over.

    `unit_price_now_minor` is the price if the window closed now (the first step's while that is not reached);
    `unit_price_at_most_minor` the most that it can become, which is the household's limit where that is lower.
    """

    offer_id: int
    window_id: int
    asked_firm: int
    firm: int
    flexible: int
    status: LineStatus
    reason: LineReason
    waits_for: int
    unit_price_now_minor: int
    unit_price_at_most_minor: int
    offered_back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationAnswer:
    """The reservation after the request: all its lines, and those that were refused with firm 0.

    `now_minor` is what the firm units cost at today's prices; `at_most_minor` what firm and extra units cost at most.
    `closes_at` is the earliest deadline of its lines that can still be changed (None: nothing can).
    """

    reservation_id: int
    round_id: int
    version: int
    state: str
    handover_id: int
    currency: str
    lines: tuple[LineAnswer, ...]
    now_minor: int
    at_most_minor: int
    closes_at: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON of all fields; instants in ISO 8601."""
        told = {name: getattr(self, name) for name in _FIELDS}
        told["lines"] = [{name: getattr(line, name) for name in _LINE_FIELDS} for line in self.lines]
        told["closes_at"] = self.closes_at and self.closes_at.isoformat()
        return told


_FIELDS = tuple(f.name for f in fields(ReservationAnswer))
_LINE_FIELDS = tuple(f.name for f in fields(LineAnswer))


def stored(reservation_id: int, told: Mapping[str, Any]) -> ReservationAnswer:
    """The answer that was given before. The reservation's id is a column of its own."""
    lines = tuple(
        LineAnswer(**{**line, "status": LineStatus(line["status"]), "reason": LineReason(line["reason"])})
        for line in told["lines"]
    )
    closes_at = told["closes_at"] and datetime.fromisoformat(told["closes_at"])
    return ReservationAnswer(**{**told, "reservation_id": reservation_id, "lines": lines, "closes_at": closes_at})
