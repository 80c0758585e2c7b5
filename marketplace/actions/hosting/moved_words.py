"""Whom a move of a handover concerns, and what they are told."""

from datetime import datetime
from typing import Any

from marketplace.actions.notices.tell import tell
from marketplace.models import Handover, HouseholdMember, Reservation
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import VersionState


def tell_households(handover: Handover, *, what: str, key: str, reason: str, usual: tuple[datetime, datetime]) -> int:
    """Tell everybody with a reservation there, in the caller's transaction; how many people. `what`: moved or back."""
    held = Reservation.objects.filter(handover=handover, state=VersionState.PLACED.value, lines__isnull=False)
    people = HouseholdMember.objects.filter(household__in=held.values("household"), user__is_active=True)
    point = handover.pickup_point
    facts: dict[str, Any] = {
        "what": what,
        "round": handover.round.name,
        "point": point.name if point else "",
        "address": point.address if point else "",
        "moved_to": handover.moved_to,
        "reason": reason,
        "starts_at": handover.starts_at.isoformat(),
        "ends_at": handover.ends_at.isoformat(),
        "usual_starts_at": usual[0].isoformat(),
        "usual_ends_at": usual[1].isoformat(),
        "zone": handover.round.hub.time_zone,
    }
    return tell(
        kind=NoticeKind.MOVED,
        user_ids=people.values_list("user_id", flat=True),
        key=key,
        facts=facts,
        link=f"/rounds/{handover.round_id}/reservation/",
    )
