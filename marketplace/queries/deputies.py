"""What a deputy's link opens: one handover, on its local day, until it is taken back."""

from datetime import datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from marketplace import clock
from marketplace.access import Custody
from marketplace.errors import NotFound
from marketplace.models import DeputyLink, Handover


def hash_of(token: str) -> str:
    """What is stored of a link's token."""
    return sha256(token.encode()).hexdigest()


def local_day(handover: Handover) -> tuple[datetime, datetime]:
    """The handover's day on the hub's wall, from midnight to midnight."""
    zone = ZoneInfo(handover.round.hub.time_zone)
    day = handover.starts_at.astimezone(zone).date()
    last = handover.ends_at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time(), zone), datetime.combine(last, time(), zone)


def deputy_custody(token: str) -> tuple[DeputyLink, Custody]:
    """The link and the handover that it opens now. One query.

    Raises NotFound for an unknown link, one that was taken back, and outside its day.
    """
    now = clock.now()
    link = (
        DeputyLink.objects.select_related("handover__round__hub", "handover__pickup_point", "handover__capacity")
        .filter(token_hash=hash_of(token), revoked_at=None, valid_from__lte=now, valid_until__gt=now)
        .first()
    )
    if link is None:
        raise NotFound(kind="deputy_link", id="")
    return link, Custody(link.handover)
