"""Tell hosts the evening before which shifts still need somebody."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from marketplace import clock
from marketplace.actions.notices.tell import tell
from marketplace.actions.shifts.facts import shift_facts
from marketplace.queries.hosting import hosts_of
from marketplace.queries.shifts import Shift, unfilled
from marketplace.rules.notices import NoticeKind

# On the hub's wall, the day before the shift.
TOLD_AT = time(18, 0)


def tell_gaps() -> int:
    """How many people were told. Twice tells nobody twice; a shift that was filled meanwhile is left alone."""
    now = clock.now()
    return sum(_tell(shift) for shift in unfilled(now + timedelta(hours=48), now) if now >= _evening_before(shift))


def _evening_before(shift: Shift) -> datetime:
    zone = ZoneInfo(shift.shift.handover.round.hub.time_zone)
    day = shift.shift.starts_at.astimezone(zone).date() - timedelta(days=1)
    return datetime.combine(day, TOLD_AT, zone)


@transaction.atomic
def _tell(shift: Shift) -> int:
    handover = shift.shift.handover
    return tell(
        kind=NoticeKind.SHIFT,
        user_ids=[user.pk for user in hosts_of(handover)],
        key=f"shift:{shift.shift.pk}:gap",
        facts=shift_facts(shift.shift, what="gap", missing=shift.missing, needed=shift.shift.needed),
        link=f"/hosting/handovers/{handover.pk}/shifts/",
    )
