"""Figures as people read them: amounts, spans of time, moments in the hub's zone."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import get_timezone_location
from django.utils import formats
from django.utils.translation import get_language, get_language_bidi, ngettext, pgettext
from django.utils.translation import gettext as _

from marketplace.rules.broken import Broken
from marketplace.rules.money import format_minor, minor_digits

# From here on the clock counts seconds and turns ripe.
LAST_MINUTES = 10
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "INR": "₹", "KRW": "₩", "NGN": "₦", "ILS": "₪"}


def money(minor: int, currency: str) -> str:
    """An amount with its currency as the reader's language writes it: €2.10, 2.10 CHF; 2,10 €, 2,10 CHF."""
    digits = minor_digits(currency)
    text = formats.number_format(Decimal(format_minor(abs(minor), currency)), digits, force_grouping=True)
    return _money_form(currency).format(minus="−" if minor < 0 else "", figure=text)


def _money_form(currency: str) -> str:
    """Where sign or code stand beside the figure, from config/formats."""
    sign = _SIGNS.get(currency)
    form = str(formats.get_format("MONEY_WITH_SIGN" if sign else "MONEY_WITH_CODE"))
    return form.replace("{unit}", sign or currency)


def listed(parts: Iterable[object]) -> str:
    """Parts in a row, with the comma of the reader's language between them; empty ones are left out."""
    # Translators: the comma between the parts of a list, with its space.
    comma = pgettext("between the parts of a list", ", ")
    return comma.join(text for text in map(str, parts) if text)


def listed_long(parts: Iterable[object]) -> str:
    """As `listed`, for parts that are clauses or have commas of their own."""
    # Translators: the semicolon between the parts of a list, with its space.
    return pgettext("between the long parts of a list", "; ").join(text for text in map(str, parts) if text)


def isolated(text: str) -> str:
    """A name within a sentence that runs from right to left: its own letters do not pull the figures beside it along
    (Unicode's first strong isolate). Pages have <bdi> for this; mails and notices are plain text."""
    return f"\u2068{text}\u2069" if text and get_language_bidi() else text


def broken_words(broken: Broken) -> str:
    """A broken rule in the reader's language."""
    return _(broken.text) % broken.facts


def zone_words(zone: str) -> str:
    """The place whose clock counts: "Lisbon time"."""
    return _("%(place)s time") % {"place": _city(zone, get_language() or "en")}


@lru_cache(maxsize=500)
def _city(zone: str, language: str) -> str:
    """The zone's city as the language calls it; the last part of the zone's name where nobody has said."""
    try:
        city = get_timezone_location(zone, locale=Locale.parse(language, sep="-"), return_city=True)
        return city.rsplit("/", 1)[-1]  # without the country that some have before it
    except (LookupError, UnknownLocaleError, ValueError):
        return zone.rsplit("/", 1)[-1].replace("_", " ")


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


def zoned_words(moment: datetime, now: datetime, zone: str) -> str:
    """Day, time, and whose clock counts: "today 20:00, Lisbon time"."""
    return listed([moment_words(moment, now, zone), zone_words(zone)])


def stamp_words(moment: datetime, zone: str) -> str:
    """Day and time by the calendar, whenever it is read: "Thu 26 Nov, 20:00"."""
    return formats.date_format(moment.astimezone(ZoneInfo(zone)), "DAY_TIME")


def long_day_words(day: date) -> str:
    """A day in full: "Thursday 26 November"."""
    return formats.date_format(day, "LONG_DAY")


def span_words(starts_at: datetime, ends_at: datetime, now: datetime, zone: str) -> str:
    """A handover's span: "Thu 26 Nov 17:00–19:00"."""
    return f"{moment_words(starts_at, now, zone)}–{time_words(ends_at, zone)}"


def zoned_span_words(starts_at: datetime, ends_at: datetime, now: datetime, zone: str) -> str:
    """A handover's span, and whose clock counts: "Thu 26 Nov 17:00–19:00, Lisbon time"."""
    return listed([span_words(starts_at, ends_at, now, zone), zone_words(zone)])


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
        "form": _money_form(currency).format(minus="", figure="{}"),
        "digits": minor_digits(currency),
        "point": formats.get_format("DECIMAL_SEPARATOR"),
        "group": formats.get_format("THOUSAND_SEPARATOR"),
    }
