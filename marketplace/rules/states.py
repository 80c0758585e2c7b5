"""The states of the trade and their lawful moves, as domain.md section 2 draws them."""

from collections.abc import Mapping
from enum import StrEnum


class WindowState(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    RECEIVING = "receiving"
    FULFILLED = "fulfilled"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class VersionState(StrEnum):
    HELD = "held"
    PLACED = "placed"
    CANCELLED = "cancelled"


class OrderState(StrEnum):
    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    CONFIRMED = "confirmed"
    PARTLY_CONFIRMED = "partly_confirmed"
    DECLINED = "declined"
    SHIPPED = "shipped"
    RECEIVED = "received"
    PARTLY_RECEIVED = "partly_received"
    BILLED = "billed"
    MATCHED = "matched"
    VOIDED = "voided"


class DispatchState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    EXHAUSTED = "exhausted"
    WITHDRAWN = "withdrawn"


class MembershipState(StrEnum):
    """A household at a hub."""

    ASKED = "asked"
    TRIAL = "trial"
    MEMBER = "member"
    REFUSED = "refused"
    LEFT = "left"


class ShareState(StrEnum):
    """Parts of a line, offered to another household."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CollectedState(StrEnum):
    """What a closing did not serve and the household goes on collecting."""

    WAITING = "waiting"
    MOVED = "moved"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # the closing that missed it was undone


class ProgressStep(StrEnum):
    """How far a reservation's goods have come; "reserved" and "ordered" follow from reservation and window."""

    RECEIVED = "received"
    PACKED = "packed"
    ON_THE_WAY = "on_the_way"
    READY = "ready"
    HANDED_OVER = "handed_over"
    NO_SHOW = "no_show"


_W, _O, _D = WindowState, OrderState, DispatchState

WINDOW_MOVES: Mapping[WindowState, frozenset[WindowState]] = {
    _W.DRAFT: frozenset({_W.SCHEDULED, _W.CANCELLED}),
    _W.SCHEDULED: frozenset({_W.OPEN, _W.DRAFT, _W.CANCELLED}),
    _W.OPEN: frozenset({_W.CLOSED, _W.CANCELLED}),
    _W.CLOSED: frozenset({_W.RECEIVING, _W.OPEN}),
    _W.RECEIVING: frozenset({_W.FULFILLED}),
    _W.FULFILLED: frozenset({_W.SETTLED}),
    _W.SETTLED: frozenset(),
    _W.CANCELLED: frozenset(),
}

_ANSWERED = frozenset({_O.CONFIRMED, _O.PARTLY_CONFIRMED, _O.DECLINED})
ORDER_MOVES: Mapping[OrderState, frozenset[OrderState]] = {
    _O.ISSUED: frozenset({_O.ACKNOWLEDGED, _O.VOIDED}) | _ANSWERED,
    _O.ACKNOWLEDGED: _ANSWERED,
    _O.CONFIRMED: frozenset({_O.SHIPPED}) | _ANSWERED,
    _O.PARTLY_CONFIRMED: frozenset({_O.SHIPPED}) | _ANSWERED,
    _O.DECLINED: _ANSWERED,
    _O.SHIPPED: frozenset({_O.RECEIVED, _O.PARTLY_RECEIVED}),
    _O.PARTLY_RECEIVED: frozenset({_O.RECEIVED, _O.BILLED}),
    _O.RECEIVED: frozenset({_O.BILLED}),
    _O.BILLED: frozenset({_O.MATCHED}),
    _O.MATCHED: frozenset(),
    _O.VOIDED: frozenset(),
}

DISPATCH_MOVES: Mapping[DispatchState, frozenset[DispatchState]] = {
    _D.WAITING: frozenset({_D.SENDING, _D.WITHDRAWN}),
    _D.SENDING: frozenset({_D.SENT, _D.FAILED, _D.EXHAUSTED}),
    _D.SENT: frozenset({_D.DELIVERED, _D.BOUNCED}),
    _D.FAILED: frozenset({_D.SENDING, _D.WITHDRAWN}),
    _D.DELIVERED: frozenset(),
    _D.BOUNCED: frozenset(),
    _D.EXHAUSTED: frozenset({_D.SENDING, _D.WITHDRAWN}),
    _D.WITHDRAWN: frozenset(),
}

_M = MembershipState
MEMBERSHIP_MOVES: Mapping[MembershipState, frozenset[MembershipState]] = {
    _M.ASKED: frozenset({_M.TRIAL, _M.MEMBER, _M.REFUSED, _M.LEFT}),
    _M.TRIAL: frozenset({_M.MEMBER, _M.REFUSED, _M.LEFT}),
    _M.MEMBER: frozenset({_M.REFUSED, _M.LEFT}),
    _M.REFUSED: frozenset({_M.ASKED, _M.TRIAL, _M.MEMBER}),
    _M.LEFT: frozenset({_M.ASKED, _M.TRIAL, _M.MEMBER}),
}

_S = ShareState
# Accepted parts are given back by either side until the window closes; afterwards nothing moves.
SHARE_MOVES: Mapping[ShareState, frozenset[ShareState]] = {
    _S.OFFERED: frozenset({_S.ACCEPTED, _S.DECLINED, _S.WITHDRAWN}),
    _S.ACCEPTED: frozenset({_S.DECLINED, _S.WITHDRAWN}),
    _S.DECLINED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}
