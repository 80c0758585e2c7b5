"""What changed in an offer after it opened, old and new side by side in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from marketplace.models import ReservationLine
from marketplace.rules.offer_changes import Terms
from marketplace.words import listed_long, money


@dataclass(frozen=True, slots=True)
class ChangedTerm:
    """One term: its name, how it was and how it is now."""

    name: str
    was: str
    now: str


def changes_banner(lines: Iterable[ReservationLine], round_id: int, now: datetime) -> dict[str, object]:
    """For a page's banner: how many of the household's lines wait for its agreement, and where it answers. No query
    for lines with offer and window at hand."""
    waiting = [
        line
        for line in lines
        if line.agreed_version < line.offer.agreement_version and line.window.takes_reservations(now)
    ]
    return {"changes_waiting": len(waiting), "changes_link": reverse("changes", args=[round_id])} if waiting else {}


def changed_terms(before: Terms, after: Terms, currency: str) -> list[ChangedTerm]:
    """The terms that differ as a household reads them, the price first. Empty where nothing readable differs."""
    pairs = [
        (_("Price"), _prices(before, currency), _prices(after, currency)),
        (_("Smallest order, all together"), str(before.ladder[0].from_quantity), str(after.ladder[0].from_quantity)),
        (_("Packed"), _packed(before), _packed(after)),
        (_("To be had"), _cap(before.cap), _cap(after.cap)),
        (_("Best before"), _day(before.best_before), _day(after.best_before)),
        (_("If there is too little"), _shared(before.shortage_rule), _shared(after.shortage_rule)),
    ]
    return [ChangedTerm(name, was, now) for name, was, now in pairs if was != now]


def _prices(terms: Terms, currency: str) -> str:
    """The ladder: "at most €2.40; €2.10 from 36 on"."""
    first, *lower = terms.ladder
    parts = [_("at most %(price)s") % {"price": money(first.unit_price, currency)}]
    parts += [
        _("%(price)s from %(units)s on") % {"price": money(step.unit_price, currency), "units": step.from_quantity}
        for step in lower
    ]
    return listed_long(parts)


def _packed(terms: Terms) -> str:
    if terms.splittable and terms.multiple > 1:
        return _("in cases of %(case)s, or packs of %(pack)s") % {"case": terms.case, "pack": terms.multiple}
    return _("in cases of %(case)s") % {"case": terms.case} if terms.case > 1 and not terms.splittable else _("singly")


def _cap(cap: int | None) -> str:
    return _("as many as wanted") if cap is None else _("%(units)s in all") % {"units": cap}


def _day(day: date | None) -> str:
    return formats.date_format(day, "DAY") if day else _("not stated")


def _shared(rule: str) -> str:
    return {
        "max_min": _("everybody gets a little"),
        "proportional": _("shared in proportion"),
        "first_come": _("first come, first served"),
    }[rule]
