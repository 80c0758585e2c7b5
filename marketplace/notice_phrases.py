"""The facts of a notice as parts of sentences: missing or odd ones become empty, never an error."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.words import isolated, listed, moment_words, money, span_words, zone_words

_LONGEST = 300
_CLOSED = (".", "?", "…", "!", "؟")
# What people and places are called, in whatever script.
_NAMES = frozenset(
    (
        *("about", "by", "group", "household", "hub", "merchant", "moved_to", "other_household", "person"),
        *("place", "point", "product", "round", "shift", "task", "title", "who"),
    )
)


def fallback_title() -> str:
    """What stands where a notice's own words cannot be made."""
    return _("There is news for you")


def joined(*sentences: str) -> str:
    """Sentences in a row, without those that are empty."""
    return " ".join(sentence for sentence in sentences if sentence)


def words_closed(text: str) -> str:
    """With a full stop where nothing ends it."""
    return text if text.rstrip("\u2069").endswith(_CLOSED) else f"{text}."


class Facts:
    """Reads the facts of one notice, seen at `now`."""

    def __init__(self, facts: Any, now: datetime) -> None:
        self._facts: Mapping[str, Any] = facts if isinstance(facts, Mapping) else {}
        self._now = now

    def text(self, name: str) -> str:
        found = self._facts.get(name)
        text = " ".join(found.split())[:_LONGEST] if isinstance(found, str) else ""
        return isolated(text) if name in _NAMES else text

    def count(self, name: str) -> int:
        found = self._facts.get(name)
        return found if isinstance(found, int) and not isinstance(found, bool) else 0

    def many(self, name: str) -> int:
        """A count, or how many a list has."""
        found = self._facts.get(name)
        return len(found) if isinstance(found, list) else self.count(name)

    def part(self, name: str) -> "Facts":
        """Facts within facts; the amounts in them have the currency of the whole."""
        found = self._facts.get(name)
        return Facts({"currency": self.text("currency"), **found} if isinstance(found, Mapping) else {}, self._now)

    def first_price(self) -> str:
        """The price of a ladder's first step: what a unit costs at most."""
        ladder = self._facts.get("ladder")
        try:
            price = ladder[0][1]  # type: ignore[index]
        except (TypeError, IndexError, KeyError):
            return ""
        return Facts({"minor": price, "currency": self.text("currency")}, self._now).money("minor")

    def flag(self, name: str) -> bool:
        return self._facts.get(name) is True

    def items(self, name: str) -> list["Facts"]:
        found = self._facts.get(name)
        return (
            [Facts(item, self._now) for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []
        )

    def names(self, name: str) -> str:
        found = self._facts.get(name)
        return listed(isolated(str(item)) for item in found if item) if isinstance(found, list) else ""

    def money(self, name: str) -> str:
        """An amount with its currency; empty where either is missing."""
        amount, currency = self._facts.get(name), self.text("currency")
        if not isinstance(amount, int) or isinstance(amount, bool) or len(currency) != 3:
            return ""
        return money(amount, currency)

    def _zone(self) -> str:
        return self.text("zone") or self.text("time_zone") or "UTC"

    def _instant(self, name: str) -> datetime | None:
        found = self._facts.get(name)
        if not isinstance(found, str):
            return None
        try:
            at = datetime.fromisoformat(found)
            ZoneInfo(self._zone())
        except (ValueError, OSError, KeyError):
            return None
        return at if at.tzinfo else None

    def moment(self, name: str, *, zone: bool = True) -> str:
        """ "tomorrow 20:00 (Lisbon time)"."""
        at = self._instant(name)
        if at is None:
            return ""
        words = moment_words(at, self._now, self._zone())
        return f"{words} ({zone_words(self._zone())})" if zone else words

    def span(self, start: str, end: str) -> str:
        """ "Thu 26 Nov 17:00–19:00 (Lisbon time)"."""
        starts, ends = self._instant(start), self._instant(end)
        if starts is None or ends is None:
            return self.moment(start)
        return f"{span_words(starts, ends, self._now, self._zone())} ({zone_words(self._zone())})"

    def sentence(self, words: str) -> str:
        """Somebody's words as a sentence of their own."""
        if not words:
            return ""
        begun = words[0].upper() + words[1:]
        return isolated(words_closed(begun))

    def reason(self) -> str:
        return self.sentence(self.text("reason"))

    def handover(self) -> str:
        """Where and when the goods are handed over."""
        span, place = self.span("starts_at", "ends_at"), self.place
        return self.sentence(listed([span, place]))

    def at_hub(self) -> str:
        return _("At %(hub)s.") % {"hub": self.text("hub")} if self.text("hub") else ""

    @property
    def place(self) -> str:
        """Where: a place, or a pickup point by its name."""
        return self.text("place") or self.text("point")

    @property
    def round(self) -> str:
        return self.text("round") or _("The round")

    @property
    def product(self) -> str:
        return self.text("product") or _("A product")

    @property
    def hub(self) -> str:
        return self.text("hub") or _("the hub")


def ago_words(moment: datetime, now: datetime) -> str:
    """How long ago, coarser the longer it is: "just now", "25 min ago", "3 h ago", "2 days ago"."""
    minutes = max(0, int((now - moment).total_seconds())) // 60
    hours, days = minutes // 60, minutes // 1440
    if minutes < 1:
        return _("just now")
    if hours < 1:
        return _("%(n)d min ago") % {"n": minutes}
    if days < 1:
        return _("%(n)d h ago") % {"n": hours}
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
