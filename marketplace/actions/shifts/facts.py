"""What notices about a shift tell."""

from typing import Any

from marketplace.models import VolunteerShift


def shift_facts(shift: VolunteerShift, *, what: str, **more: Any) -> dict[str, Any]:
    """Plain JSON; `what` is removed, gap or stepped_back."""
    handover = shift.handover
    return {
        "what": what,
        "task": shift.task,
        "round": handover.round.name,
        "point": handover.pickup_point.name if handover.pickup_point else "",
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
        "zone": handover.round.hub.time_zone,
        **more,
    }
