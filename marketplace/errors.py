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


class HouseholdChanged(MarketError):
    """Somebody of the household changed its profile meanwhile."""

    code = "household-changed"


class InvalidLines(MarketError):
    """The wanted lines cannot be read. Facts: problems = [{"place", "problem"}, …]."""

    code = "invalid-lines"


class HandoverFull(MarketError):
    """The pickup point or slot takes no more orders. Facts: handover_id, capacity."""

    code = "handover-full"


class StockShort(MarketError):
    """Nothing of what was asked for is left. Facts: offer_id, asked, kept (units that the household has)."""

    code = "stock-short"


class MembershipNeeded(MarketError):
    """The household may not order at the hub yet. Facts: hub (slug), join_policy."""

    code = "membership-needed"


class LimitExceeded(MarketError):
    """More than the filling stretch allows. Facts: offer_id, at_most."""

    code = "limit-exceeded"


class PriceChanged(MarketError):
    """The page showed an offer's terms before a change that needs an agreement. Facts: offer_id, seen, version."""

    code = "price-changed"


class OrderNotOpen(MarketError):
    """A purchase order can no longer be changed so. Facts: number, state."""

    code = "order-not-open"


class ListNotOpen(MarketError):
    """A hand-out list is not to be seen or ticked now. Facts: over (whether it was, and is no longer)."""

    code = "list-not-open"


class UndoTooLate(MarketError):
    """A tick of a hand-out list can no longer be taken back. Facts: minutes (how long it could)."""

    code = "undo-too-late"


class TooManyTries(MarketError):
    """A link was guessed at too often from one address. Facts: minutes (to wait)."""

    code = "too-many-tries"


class HostStays(MarketError):
    """The host of a group with other members cannot go before somebody else hosts it. Facts: group_id."""

    code = "host-stays"


class ShiftFull(MarketError):
    """A shift has everybody that it needs. Facts: shift_id, needed."""

    code = "shift-full"


class ClaimNotOpen(MarketError):
    """A problem cannot be reported yet, or no longer. Facts: opens_at, deadline, late (bool), time_zone."""

    code = "claim-not-open"


class RatingNotOpen(MarketError):
    """An order cannot be rated yet, or no longer. Facts: opens_at, deadline, late (bool), time_zone."""

    code = "rating-not-open"


class ClaimClosed(MarketError):
    """A claim was accepted or declined before; that stays. Facts: claim_id, state."""

    code = "claim-closed"


class InvalidInput(MarketError):
    """A form's value is not usable. Facts: problems = [{"place", "problem"}, …]."""

    code = "invalid-input"


class InvitationSpent(MarketError):
    """The invitation was used, withdrawn, or is too old."""

    code = "invitation-spent"


class LastOfHousehold(MarketError):
    """A household is never without anybody."""

    code = "last-of-household"


class StillOpen(MarketError):
    """Something of this person is under way, so the account cannot be erased yet. Facts: reasons (sentences)."""

    code = "still-open"
