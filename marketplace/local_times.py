"""Times on the hub's wall."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from marketplace.models import Handover


def on_the_day(handover: Handover, at: time | None) -> datetime | None:
    """A time on the hub's wall on the handover's local day. The handover comes with its round's hub."""
    if at is None:
        return None
    zone = ZoneInfo(handover.round.hub.time_zone)
    return datetime.combine(handover.starts_at.astimezone(zone).date(), at, zone)
