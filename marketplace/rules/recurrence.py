"""When a rule's rounds are: recurrence in local wall time, given its zone only afterwards (domain: time).

"Sunday 23:00" stays 23:00 through both clock changes. A wall time that a clock change skips is read as the same
instant after it (02:30 becomes 03:30); one that happens twice is the first of the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr


class BadRecurrence(ValueError):
    """The text is not an RFC 5545 RRULE that yields dates."""


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """A date that the rule yields, and the date on which it takes place (None: left out)."""

    by_rule: date
    takes_place: date | None


def handover_dates(
    *, recurrence: str, starts_on: date, first: date, last: date, exceptions: Mapping[date, date | None]
) -> list[PlannedDate]:
    """The rule's dates from `first` to `last`, both included, in order.

    `exceptions` maps a date of the rule to the date it moves to, or to None where it is left out.
    Raises BadRecurrence with the reason.
    """
    try:
        # Naive on purpose: a date has no zone, and a rule expanded in UTC would drift by an hour twice a year.
        rule = rrulestr(recurrence, dtstart=datetime.combine(starts_on, time.min))
        found = rule.between(datetime.combine(first, time.min), datetime.combine(last, time.min), inc=True)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRecurrence(f"{recurrence!r}: {error}") from error
    dates = [moment.date() for moment in found]
    return [PlannedDate(by_rule=day, takes_place=exceptions.get(day, day)) for day in dates]


def instant(day: date, wall: time, zone: str) -> datetime:
    """The UTC instant at which clocks in the zone show this wall time on this day."""
    return datetime.combine(day, wall, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowTimes:
    """The three instants of a window, in UTC."""

    opens_at: datetime
    fills_at: datetime
    closes_at: datetime


def window_times(
    *,
    handover_on: date,
    zone: str,
    opens_days_before: int,
    opens_time: time,
    closes_days_before: int,
    closes_time: time,
    filling_minutes: int,
) -> WindowTimes:
    """A window's instants, counted back in local days from the handover date. The filling stretch never begins
    before the opening."""
    opens_at = instant(handover_on - timedelta(days=opens_days_before), opens_time, zone)
    closes_at = instant(handover_on - timedelta(days=closes_days_before), closes_time, zone)
    fills_at = max(opens_at, closes_at - timedelta(minutes=filling_minutes))
    return WindowTimes(opens_at=opens_at, fills_at=fills_at, closes_at=closes_at)
