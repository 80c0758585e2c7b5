"""When a notice may go out: quiet hours and digests by a person's own wall clock, through both clock changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marketplace.rules.notices import URGENT, Channel, NoticeKind

# Mails about a conversation wait: who reads meanwhile gets none, and several messages make one.
TALK_PAUSE = timedelta(minutes=10)
# What arrives later than this before its use is over helps nobody.
IN_TIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Hours:
    """A person's wishes, in the wall time of `zone`. Without both ends there are no quiet hours."""

    zone: str = "UTC"
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time | None = None


def _instants(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The earliest and the latest instant that a wall time names: they differ where clocks change."""
    both = [datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)]
    return min(both), max(both)


def quiet_stretch(now: datetime, hours: Hours) -> tuple[datetime, datetime] | None:
    """Start and end of the quiet hours that `now` lies in. Where a wall time is missing or comes twice, the longer
    reading counts."""
    if hours.quiet_from is None or hours.quiet_until is None or hours.quiet_from == hours.quiet_until:
        return None
    zone = ZoneInfo(hours.zone)
    today = now.astimezone(zone).date()
    over_midnight = timedelta(days=1 if hours.quiet_until < hours.quiet_from else 0)
    for day in (today - timedelta(days=1), today):
        start = _instants(day, hours.quiet_from, zone)[0]
        end = _instants(day + over_midnight, hours.quiet_until, zone)[1]
        if start <= now < end:
            return start, end
    return None


def next_at(now: datetime, wall: time, zone: str) -> datetime:
    """The next instant, from `now` on, at which the wall shows this time; once a day, also when it comes twice."""
    today = now.astimezone(ZoneInfo(zone)).date()
    found = (_instants(today + timedelta(days=days), wall, ZoneInfo(zone))[0] for days in range(3))
    return next(at for at in found if at >= now)


def due_at(*, kind: NoticeKind, channel: Channel, now: datetime, until: datetime | None, hours: Hours) -> datetime:
    """Not before this instant. Waiting never costs a notice its use: what is urgent, or would come too late after
    `until`, goes out at once. A reminder alone does not break quiet hours."""
    start = now + TALK_PAUSE if kind is NoticeKind.MESSAGE and channel is Channel.EMAIL else now

    def holds(until_then: datetime) -> bool:
        return (until is None and kind not in URGENT) or (until is not None and until_then <= until - IN_TIME)

    if channel is Channel.EMAIL and hours.digest_at is not None:
        digest = next_at(start, hours.digest_at, hours.zone)
        if holds(digest):
            return digest
    return after_quiet(kind=kind, now=start, until=until, hours=hours)


def after_quiet(*, kind: NoticeKind, now: datetime, until: datetime | None, hours: Hours) -> datetime:
    """`now`, or the end of the quiet hours that it lies in where the kind can wait for it."""
    quiet = quiet_stretch(now, hours)
    if quiet is None:
        return now
    in_time = until is not None and quiet[1] <= until - IN_TIME
    return now if kind in URGENT and not in_time else quiet[1]


def remind_at(*, closes_at: datetime, hours_before: int, hours: Hours) -> datetime:
    """When to remind of a close: so many hours before it; in quiet hours at their end, or, where that is too late,
    a minute before they begin."""
    at = closes_at - timedelta(hours=hours_before)
    quiet = quiet_stretch(at, hours)
    if quiet is None:
        return at
    return quiet[1] if quiet[1] <= closes_at - timedelta(hours=1) else quiet[0] - timedelta(minutes=1)
