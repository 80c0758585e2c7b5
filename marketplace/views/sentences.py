"""The sentence of an open offer: what is so, and what comes next, from the clearing's own figures.

The phrases are data, so that the page's script (static/js/sentence.js) says the same when new figures arrive by the
socket, without asking for text: `phrases_for_script` hands them over in the reader's language.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from babel import Locale
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy
from django.utils.translation import gettext as _

from marketplace.rules.clearing.standing import OfferStanding
from marketplace.words import listed, money

# %(units)s is the number that decides the plural.
PHRASES: dict[str, Any] = {
    "nobody": gettext_lazy("Nobody has reserved yet."),
    "starts": ngettext_lazy("The first one makes it sure.", "%(units)s together make it sure.", "units"),
    "reserved": gettext_lazy("%(units)s reserved."),
    "blocked": gettext_lazy("What is on hand does not fill a case, so it cannot be ordered as it stands."),
    "needs": ngettext_lazy(
        "%(units)s more makes it sure, at %(price)s.", "%(units)s more make it sure, at %(price)s.", "units"
    ),
    "all_sure": gettext_lazy("%(units)s reserved, all sure."),
    "short": gettext_lazy("%(reserved)s reserved: %(sure)s sure."),
    "held": ngettext_lazy(
        "%(reserved)s reserved: %(sure)s sure, %(units)s waits for a lower price.",
        "%(reserved)s reserved: %(sure)s sure, %(units)s wait for a lower price.",
        "units",
    ),
    "waiting": ngettext_lazy(
        "%(reserved)s reserved: %(sure)s sure, %(units)s waits for",
        "%(reserved)s reserved: %(sure)s sure, %(units)s wait for",
        "units",
    ),
    "no_more": ngettext_lazy(
        "There is no more to be had; %(units)s may go without.",
        "There is no more to be had; %(units)s may go without.",
        "units",
    ),
    "more": ngettext_lazy("%(units)s more.", "%(units)s more.", "units"),
    "more_then": ngettext_lazy(
        "%(units)s more; then everybody pays %(price)s.", "%(units)s more; then everybody pays %(price)s.", "units"
    ),
    "more_and": ngettext_lazy(
        "%(units)s more and everybody pays %(price)s.", "%(units)s more and everybody pays %(price)s.", "units"
    ),
    "lowest": gettext_lazy("Lowest price reached."),
}


class Sentence(NamedTuple):
    """`so` is said softly, `next` in full ink; `next` may be empty."""

    so: str
    next: str = ""

    def __str__(self) -> str:
        return f"{self.so} {self.next}".strip()


def standing_sentence(standing: OfferStanding, currency: str) -> Sentence:
    """How an open offer stands: "31 reserved: 24 sure, 7 wait for 5 more; then everybody pays €2.10." """
    if not standing.reserved:
        starts = "" if standing.waits_for is None else _say("starts", units=standing.waits_for)
        return Sentence(_say("nobody"), starts)
    if not standing.reached:
        so = _say("reserved", units=standing.reserved)
        if standing.waits_for is None:
            return Sentence(so, _say("blocked"))
        price = money(standing.price_at_most, currency)
        return Sentence(so, _say("needs", units=standing.waits_for, price=price))
    return Sentence(_so(standing), _next(standing, currency))


def _say(key: str, **facts: object) -> str:
    return str(PHRASES[key] % facts)


def _so(standing: OfferStanding) -> str:
    facts = {"reserved": standing.reserved, "sure": standing.sure}
    if standing.held_by_limit:
        return _say("held", **facts, units=standing.held_by_limit)
    if not standing.waiting:
        return _say("all_sure", units=standing.reserved)
    if standing.waits_for is None:
        return _say("short", **facts)
    return _say("waiting", **facts, units=standing.waiting)


def _next(standing: OfferStanding, currency: str) -> str:
    step = standing.next_step
    price = money(step.unit_price, currency) if step else ""
    if standing.waiting and standing.waits_for is None:
        return _say("no_more", units=standing.waiting)
    if standing.waiting and not standing.held_by_limit:
        if step and step.missing == standing.waits_for:
            return _say("more_then", units=step.missing, price=price)
        return _say("more", units=standing.waits_for)
    if step:
        return _say("more_and", units=step.missing, price=price)
    if standing.price_now is not None and standing.price_now < standing.price_at_most:
        return _say("lowest")
    return ""


def row_words(*, reserved: int, sure: int, waiting: int, mine: int, target: int) -> str:
    """The row of strokes, said aloud."""
    facts = {"reserved": reserved, "target": max(target, reserved), "sure": sure, "waiting": waiting, "mine": mine}
    parts = [_("%(reserved)s of %(target)s reserved")]
    parts += [_("%(sure)s sure")] if reserved else []
    parts += [_("%(waiting)s waiting")] if waiting else []
    parts += [_("%(mine)s yours")] if mine else []
    return listed(part % facts for part in parts)


class _Slot(int):
    """A number that decides the plural and is written as the place where the number goes."""

    def __str__(self) -> str:
        return "%(units)s"


# One number of each plural category of the world's languages; the script picks by Intl.PluralRules.
_SAMPLES = (1, 2, 0, 3, 5, 11, 21, 100, 1_000_000)


def phrases_for_script() -> dict[str, object]:
    """Every phrase in the reader's language: a text, or pairs [sample number, text] where the plural decides."""
    return {key: _forms(phrase) for key, phrase in PHRASES.items()}


def _forms(phrase: Any) -> object:
    places = {name: f"%({name})s" for name in ("reserved", "sure", "price")}
    return plural_forms(lambda sample: phrase % {**places, "units": _Slot(sample)})


def plural_forms(text_of: Callable[[int], object]) -> object:
    """The text where it is the same for every number, else one pair [sample number, text] for each plural category."""
    category = Locale.parse(get_language() or "en", sep="-").plural_form
    samples: dict[str, int] = {}
    for sample in _SAMPLES:
        samples.setdefault(category(sample), sample)
    forms = [[sample, str(text_of(sample))] for sample in samples.values()]
    return forms if len({text for _sample, text in forms}) > 1 else forms[0][1]
