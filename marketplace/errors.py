"""What can go wrong, by name. Each error knows its stable code; `problems.py` maps it to status and sentence.

Raised by actions, queries and access functions; doors never build them. The keyword arguments are the facts that
the sentence needs, kept in `facts` so that every door can show the same ones.
"""

from typing import Any, ClassVar


class MarketError(Exception):
    """Base of every refusal of the marketplace. `code` is stable and part of the API's problem type."""

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(f"{self.code}: {facts}" if facts else self.code)


class NotFound(MarketError):
    """The object does not exist, or it is another hub's, merchant's or household's."""

    code = "not-found"


class NotAllowed(MarketError):
    """The actor may see the object but not do this to it. Facts: permission."""

    code = "not-allowed"


class WindowClosed(MarketError):
    """The window no longer takes reservations. Facts: window_id, closes_at, next_opens_at (or None), time_zone."""

    code = "window-closed"


class WindowNotOpen(MarketError):
    """The window takes no reservations yet, or was cancelled. Facts: window_id, state, opens_at."""

    code = "window-not-open"


class IllegalMove(MarketError):
    """A state cannot move so. Facts: kind, id, from_state, to_state."""

    code = "illegal-move"


class RequestKeyReused(MarketError):
    """The same request key came with another body. Facts: request_key."""

    code = "request-key-reused"


class ReservationChanged(MarketError):
    """Somebody of the household changed the reservation meanwhile. Facts: expected, actual (version numbers)."""

    code = "reservation-changed"


class InvalidLines(MarketError):
    """The wanted lines cannot be read. Facts: problems = [{"place", "problem"}, …]."""

    code = "invalid-lines"


class HandoverFull(MarketError):
    """The pickup point or slot takes no more orders. Facts: handover_id, capacity."""

    code = "handover-full"


class LimitExceeded(MarketError):
    """More than the filling stretch allows. Facts: offer_id, at_most."""

    code = "limit-exceeded"


class OrderNotOpen(MarketError):
    """A purchase order can no longer be changed so. Facts: number, state."""

    code = "order-not-open"


class InvalidInput(MarketError):
    """A form's value is not usable. Facts: problems = [{"place", "problem"}, …]."""

    code = "invalid-input"
