"""The answer to a tap, in words: sure, waiting and for how many, reduced or refused and why."""

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.actions.reserve import LineAnswer, LineStatus
from marketplace.views.outcomes import answer_sentence, offered_back_sentence
from marketplace.words import money


class Told(NamedTuple):
    """`waits`: it deserves attention, as it is not, or not yet, all as asked."""

    text: str
    waits: bool


def told_of(line: LineAnswer | None, met: int | None, currency: str) -> Told:
    """What became of a line; None: it is out of the basket. `met` is the number that the household's other device had
    made of it meanwhile."""
    told = _told(line, currency)
    if met is None:
        return told
    merged = _("Your household had made it %(met)s meanwhile; this counts on top of that.") % {"met": met}
    return Told(f"{merged} {told.text}", True)


def _told(line: LineAnswer | None, currency: str) -> Told:
    if line is None or not (line.asked_firm or line.reason):
        return Told(_("Taken out of your basket."), False)
    if line.offered_back:
        return Told(offered_back_sentence(line.firm, line.offered_back), True)
    if line.status is LineStatus.REFUSED:
        return Told(f"{_refused(line)} {answer_sentence(line.reason)}", True)
    if line.status is LineStatus.REDUCED:
        kept = _("%(firm)s of %(asked)s kept.") % {"firm": line.firm, "asked": line.asked_firm}
        return Told(f"{kept} {answer_sentence(line.reason)}", True)
    if line.reason:
        return Told(f"{_reserved(line)} {answer_sentence(line.reason)}", True)
    if line.status is LineStatus.WAITING:
        return Told(f"{_reserved(line)} {_waits(line.waits_for)}", True)
    price = money(line.unit_price_at_most_minor, currency)
    return Told(_("%(units)s reserved and sure, at most %(price)s each.") % {"units": line.firm, "price": price}, False)


def _reserved(line: LineAnswer) -> str:
    return _("%(units)s reserved.") % {"units": line.firm}


def _refused(line: LineAnswer) -> str:
    return _("Not changed, you have %(units)s.") % {"units": line.firm} if line.firm else _("Not reserved.")


def _waits(units: int) -> str:
    if not units:
        return _("It is not sure yet.")
    return ngettext("Sure as soon as %(n)s more is wanted.", "Sure as soon as %(n)s more are wanted.", units) % {
        "n": units
    }
