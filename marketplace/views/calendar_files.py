"""Calendar files (RFC 5545): times in UTC, the zone of the hub's wall named, the same event the same UID for ever."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from marketplace.queries.calendars import WindowTimes
from marketplace.words import listed, moment_words, zone_words

_HOUR = timedelta(hours=1)
_MOMENT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event: `what` it is for ever, and how long ahead one is told of it."""

    what: str
    title: str
    starts_at: datetime
    ends_at: datetime
    ahead: timedelta
    where: str = ""


def calendar_file(times: WindowTimes, now: datetime) -> bytes:
    """Opening (while it is ahead), closing, and the handover where it is known which one counts."""
    round_ = times.window.round
    calendar = Calendar()
    calendar.add("prodid", "-//Windrow//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-timezone", round_.hub.time_zone)
    link = settings.SITE_URL.rstrip("/") + reverse("round", args=[round_.pk])
    for entry in _entries(times, now):
        calendar.add_component(_event(entry, round_.hub.time_zone, link, now))
    return bytes(calendar.to_ical())


def _entries(times: WindowTimes, now: datetime) -> Iterator[_Entry]:
    window, round_ = times.window, times.window.round
    facts = {"round": round_.name, "hub": round_.hub.name}
    if now < window.opens_at:
        title = _("%(round)s opens (%(hub)s)") % facts
        yield _Entry(f"window-{window.pk}-opens", title, window.opens_at, window.opens_at + _MOMENT, timedelta(0))
    title = _("%(round)s closes (%(hub)s)") % facts
    yield _Entry(f"window-{window.pk}-closes", title, window.closes_at - _MOMENT, window.closes_at, _HOUR)
    there = times.handover
    if there is not None:
        point = there.pickup_point
        title = _("Collect %(round)s") % facts if point else _("%(round)s is delivered") % facts
        where = there.moved_to or (listed([point.name, point.address]) if point else "")
        flat = where.replace("\n", ", ")
        yield _Entry(f"round-{round_.pk}-handover", title, there.starts_at, there.ends_at, _HOUR, flat)


def _event(entry: _Entry, zone: str, link: str, now: datetime) -> Event:
    event, alarm = Event(), Alarm()
    moment = moment_words(entry.starts_at, entry.starts_at - timedelta(days=30), zone)
    event.add("uid", f"{entry.what}@{urlsplit(settings.SITE_URL).hostname or 'windrow'}")
    event.add("dtstamp", now)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.title)
    event.add("description", f"{listed([moment, zone_words(zone)])}\n{link}")
    event.add("url", link)
    if entry.where:
        event.add("location", entry.where)
    alarm.add("action", "DISPLAY")
    alarm.add("description", entry.title)
    alarm.add("trigger", -entry.ahead)
    event.add_component(alarm)
    return event
