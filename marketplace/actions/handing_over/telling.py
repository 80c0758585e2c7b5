"""What notices say of a handover's place and time."""

from typing import Any

from marketplace.models import Handover


def place_facts(handover: Handover) -> dict[str, Any]:
    """Where and when; `place` is empty for a delivery. `until`: afterwards the notice is of no use."""
    point = handover.pickup_point
    return {
        "place": point.name if point else "",
        "moved_to": handover.moved_to,
        "starts_at": handover.starts_at.isoformat(),
        "ends_at": handover.ends_at.isoformat(),
        "until": handover.ends_at.isoformat(),
    }
