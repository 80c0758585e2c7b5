"""Figures as people read them: amounts, spans of time, moments in the hub's zone."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.rules.money import format_minor, minor_digits

# From here on the clock counts seconds and turns ripe.
LAST_MINUTES = 10
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "INR": "₹", "KRW": "₩", "NGN": "₦", "ILS": "₪"}


def money(minor: int, currency: str) -> str:
    """An amount with its currency in the reader's digits: €2.10, 2.10 CHF."""
    digits = minor_digits(currency)
    text = formats.number_format(Decimal(format_minor(abs(minor), currency)), digits, force_grouping=True)
    sign = "−" if minor < 0 else ""
    return f"{sign}{_SIGNS[currency]}{text}" if currency in _SIGNS else f"{sign}{text}\u00a0{currency}"


def zone_words(zone: str) -> str:
    """The place whose clock counts: "Lisbon time"."""
    return _("%(place)s time") % {"place": zone.rsplit("/", 1)[-1].replace("_", " ")}


def day_words(moment: datetime, now: datetime, zone: str) -> str:
    """The day as one says it from `now`: today, tomorrow, Thu 26 Nov."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    days = (local.date() - today).days
    named = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    return named.get(days) or formats.date_format(local, "DAY")


def date_words(day: date) -> str:
    """A day of the calendar: Thu 26 Nov."""
    return formats.date_format(day, "DAY")


def time_words(moment: datetime, zone: str) -> str:
    """The time of day on the hub's wall: 20:00."""
    return formats.date_format(moment.astimezone(ZoneInfo(zone)), "CLOCK")


def moment_words(moment: datetime, now: datetime, zone: str) -> str:
    """Day and time: "today 20:00"."""
    return f"{day_words(moment, now, zone)} {time_words(moment, zone)}"


def span_words(starts_at: datetime, ends_at: datetime, now: datetime, zone: str) -> str:
    """A handover's span: "Thu 26 Nov 17:00–19:00"."""
    return f"{moment_words(starts_at, now, zone)}–{time_words(ends_at, zone)}"


def left_words(seconds: int) -> str:
    """The time that is left, coarser the longer it is; below ten minutes in minutes and seconds."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if days >= 2:
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes % 60}
    if minutes >= LAST_MINUTES:
        return _("%(minutes)d min") % {"minutes": minutes}
    return f"{minutes}:{seconds % 60:02d}"


def money_form(currency: str) -> dict[str, object]:
    """How the page's own script writes an amount: the same sign, digits and separators as `money`."""
    return {
        "form": f"{_SIGNS[currency]}{{}}" if currency in _SIGNS else f"{{}}\u00a0{currency}",
        "digits": minor_digits(currency),
        "point": formats.get_format("DECIMAL_SEPARATOR"),
        "group": formats.get_format("THOUSAND_SEPARATOR"),
    }
