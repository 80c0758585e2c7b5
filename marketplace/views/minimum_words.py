"""A merchant's minimum order value as a bar and a sentence."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.models import OrderingWindow
from marketplace.queries.minimums import MerchantMinimum
from marketplace.views.rows import Row, row_of
from marketplace.words import moment_words, money

# The bar is a row of so many strokes, whatever the value.
STROKES = 40


@dataclass(frozen=True, slots=True)
class MinimumView:
    """`short`: it is not reached yet. `how` says by which figures it is counted."""

    row: Row
    short: bool
    sentence: str
    how: str


def minimum_view(
    found: MerchantMinimum, window: OrderingWindow, now: datetime, zone: str, currency: str
) -> MinimumView:
    """How far the merchant's order is, what happens otherwise, and when one will know."""
    there = int(found.share * STROKES)
    row = row_of(reserved=there, sure=there, waiting=0, target=STROKES)
    words = _("%(value)s of %(minimum)s") % {
        "value": money(min(found.value_minor, found.minimum_minor), currency),
        "minimum": money(found.minimum_minor, currency),
    }
    sentence = _sentence(found, moment_words(window.closes_at, now, zone), currency)
    how = _("Counted for all households together, at the merchant's prices to the hub and without deposits.")
    return MinimumView(replace(row, words=words), found.missing_minor > 0, sentence, how)


def _sentence(found: MerchantMinimum, moment: str, currency: str) -> str:
    facts = {"amount": money(found.missing_minor, currency), "moment": moment}
    if not found.missing_minor:
        return _("The merchant's smallest order is reached.")
    if found.has_fee:
        return _(
            "%(amount)s below the merchant's smallest order. It is ordered all the same; the hub pays for that."
        ) % (facts)
    to_go = _("%(amount)s to go or this order is not placed.") % facts
    know = _("You will know %(moment)s; nothing is charged then.") % facts
    if found.spare_minor >= found.missing_minor:
        covered = _("Extra units that people allowed may cover it.")
        return f"{to_go} {covered} {know}"
    return f"{to_go} {know}"
