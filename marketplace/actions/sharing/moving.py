"""The moves of a shared line, and whom they are told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from marketplace import audit, clock
from marketplace.errors import IllegalMove, WindowClosed, WindowNotOpen
from marketplace.models import HouseholdMember, LineShare, OrderingWindow, User
from marketplace.rules.states import SHARE_MOVES, ShareState, WindowState

KIND = "line_share"


def check_open(window: OrderingWindow) -> None:
    """Raise unless the window takes changes; its shared lock is held. One query for state and clock."""
    window.refresh_from_db(fields=["state", "closes_at", "opens_at"])
    if window.takes_reservations(clock.now()):
        return
    if window.state in (WindowState.DRAFT, WindowState.SCHEDULED, WindowState.CANCELLED):
        raise WindowNotOpen(window_id=window.pk, state=window.state, opens_at=window.opens_at)
    raise WindowClosed(
        window_id=window.pk,
        closes_at=window.closes_at,
        next_opens_at=None,
        time_zone=window.round.hub.time_zone,
    )


def move(share: LineShare, to: ShareState, *, at: datetime, by: User | None, reason: str = "", **fields: Any) -> None:
    """Move by compare-and-set, audited. Raises IllegalMove where somebody was faster."""
    was = ShareState(share.state)
    moved = to in SHARE_MOVES[was] and LineShare.objects.filter(pk=share.pk, state=was.value).update(
        state=to.value, answered_at=at, answered_by=by, **fields
    )
    if not moved:
        raise IllegalMove(kind=KIND, id=share.pk, from_state=was.value, to_state=to.value)
    audit.record(kind=KIND, object_id=share.pk, from_state=was.value, to_state=to.value, at=at, by=by, reason=reason)
    share.refresh_from_db(fields=["state", "answered_at", "answered_by", *fields])


def people_of(household_id: int | None) -> Iterable[int]:
    return HouseholdMember.objects.filter(household=household_id or 0).values_list("user_id", flat=True)


def link_to(share: LineShare) -> str:
    return f"/me/shares/#share-{share.pk}"


def facts_of(share: LineShare, what: str, **more: Any) -> dict[str, Any]:
    """What the sentences of a share need, as plain JSON."""
    round_ = share.reservation.round
    return {
        "what": what,
        "product": share.offer.product.name,
        "round": round_.name,
        "household": share.reservation.household.name,
        "other_household": share.household.name if share.household is not None else "",
        "parts": share.parts,
        "total_parts": share.total_parts,
        "time_zone": round_.hub.time_zone,
        **{key: value.isoformat() if isinstance(value, datetime) else value for key, value in more.items()},
    }
