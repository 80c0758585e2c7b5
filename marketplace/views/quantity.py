"""The one control for quantity: the number, the range beside it, and the sentence that says what it means.

The words are the consent: what a household taps or reads here is exactly what the closing may do with its extra units.
"""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.models import Offer, ReservationLine
from marketplace.queries.shop import OfferRow
from marketplace.rules.clearing.standing import OfferStanding
from marketplace.rules.money import format_minor
from marketplace.rules.wanted import MOST_UNITS
from marketplace.views.outcomes import offered_back_sentence
from marketplace.words import money


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A range that one tap takes: `value` is what the form sends ("2:case"), `up_to` its top, `words` its use."""

    value: str
    up_to: int
    words: str


@dataclass(frozen=True, slots=True)
class Stepper:
    """What a household wants of an offer, and whether it may change it. `limit` is a decimal text or empty.

    `version` is the offer's, as this page shows it. `stop` says why plus is off, or is empty. `means` and `offered`
    are sentences of the line as it is kept. A refused form's values come back as they were typed, whatever they are.
    """

    action: str
    request_key: str
    firm: int | str = 0
    flexible: int = 0
    flexible_for: str = "case"
    limit: str = ""
    whole_only: bool = False
    version: int = 1
    stop: str = ""
    means: str = ""
    offered: str = ""
    extra: Suggestion | None = None
    typed_up_to: str = ""
    collect_until: str = ""
    substitutes: tuple[int, ...] = field(default=())

    @property
    def full(self) -> bool:
        return bool(self.stop)

    @property
    def up_to(self) -> int | str:
        """The top of the range; empty where there is no extra."""
        if self.typed_up_to or not isinstance(self.firm, int):
            return self.typed_up_to
        return self.firm + self.flexible if self.flexible else ""

    @property
    def words(self) -> str:
        """The range under the number: "up to 7"; empty for a plain number."""
        return _("up to %(units)s") % {"units": self.up_to} if self.up_to else ""


def stepper_of(row: OfferRow, *, currency: str, round_id: int, request_key: str, filling: bool = False) -> Stepper:
    """The control of an offer's card; each offer's form gets a key of its own from the page's."""
    offer, own = row.offer, row.own
    common: dict[str, Any] = {
        "action": reverse("reserve_line", args=[round_id, offer.pk]),
        "request_key": f"{request_key}.{offer.pk}",
        "version": offer.version,
        "stop": _why_no_more(offer, row.standing, own, filling),
    }
    if own is None:
        return Stepper(**common)
    limit = own.max_unit_price_minor
    return Stepper(
        **common,
        firm=own.firm,
        flexible=own.flexible,
        flexible_for=own.flexible_for,
        limit="" if limit is None else format_minor(limit, currency),
        whole_only=own.whole_only,
        means=meaning(own, offer, row.standing, currency),
        offered=offered_back_sentence(own.firm, own.offered_back),
        extra=None if own.flexible or own.whole_only else _suggestion(offer, row.standing, own.firm),
        collect_until=own.collect_until.isoformat() if own.collect_until else "",
        substitutes=tuple(own.substitutes),
    )


def _why_no_more(offer: Offer, standing: OfferStanding, own: ReservationLine | None, filling: bool) -> str:
    """Why plus is off, said beside it; empty while it is on."""
    if offer.capacity is not None and offer.capacity.taken >= offer.capacity.limit:
        return _("All of it is reserved. If somebody gives some back, it can be had again.")
    room = max(standing.waits_for or 0, standing.next_step.missing if standing.next_step else 0)
    if filling and not room:
        return _("In the last stretch only what fills a case or a price step can be added; nothing is missing here.")
    if own is not None and own.firm >= MOST_UNITS:
        return _("More than %(units)s cannot be reserved at once.") % {"units": MOST_UNITS}
    return ""


def packs_words(offer: Offer) -> str:
    """What an extra unit can complete: "a case of 12"; empty where every unit may be ordered alone."""
    if offer.splittable and offer.multiple > 1:
        return _("a pack of %(units)s") % {"units": offer.multiple}
    return _("a case of %(units)s") % {"units": offer.case} if offer.case > 1 and not offer.splittable else ""


def use_words(offer: Offer, use: str, units: int) -> str:
    """What so many extra units may be used for, as a condition: "only if they complete a case of 12"."""
    packs = packs_words(offer) or _("a case")
    if use == "order":
        return _("whenever that helps the order: for a case, a lower price, or the merchant's smallest order")
    if use == "price" and not packs_words(offer):
        return ngettext(
            "only if it brings everybody a lower price", "only if they bring everybody a lower price", units
        )
    if use == "price":
        words = ngettext(
            "if it completes %(packs)s or brings everybody a lower price",
            "if they complete %(packs)s or bring everybody a lower price",
            units,
        )
    else:
        words = ngettext("only if it completes %(packs)s", "only if they complete %(packs)s", units)
    return words % {"packs": packs}


def meaning(line: ReservationLine, offer: Offer, standing: OfferStanding, currency: str) -> str:
    """What a line means, with its figures; empty for a plain number that says all by itself."""
    limit, extra = line.max_unit_price_minor, line.flexible
    limited = limit is not None and limit < standing.price_at_most
    if not (extra or limited or line.whole_only or line.collect_until or line.substitutes):
        return ""
    parts = [_sure(line)]
    price = money(min(standing.price_at_most, limit) if limit is not None else standing.price_at_most, currency)
    if extra:
        words = ngettext("Up to %(units)s more %(use)s;", "Up to %(units)s more %(use)s;", extra)
        parts.append(words % {"units": extra, "use": use_words(offer, line.flexible_for, extra)})
        parts.append(_("never above %(price)s each.") % {"price": price})
    elif limited:
        parts.append(_("Only at %(price)s each or less.") % {"price": price})
    if line.substitutes:
        many = len(line.substitutes)
        words = ngettext("Or the substitute you chose.", "Or one of the %(n)s substitutes you chose.", many)
        parts.append(words % {"n": many})
    if line.collect_until:
        parts.append(_("What is not reached is kept for the next rounds until %(day)s.") % {"day": _day(line)})
    return " ".join(parts)


def _sure(line: ReservationLine) -> str:
    if line.whole_only:
        return _("You get all %(units)s or none.") % {"units": line.firm}
    return _("You get %(units)s.") % {"units": line.firm}


def _day(line: ReservationLine) -> str:
    return formats.date_format(line.collect_until, "SHORT_DAY") if line.collect_until else ""


def _suggestion(offer: Offer, standing: OfferStanding, firm: int) -> Suggestion | None:
    """A modest extra, at most half as much again and no more than a case could use; none where it would be no use."""
    packs = packs_words(offer)
    whole = offer.multiple if offer.splittable else offer.case
    if packs:
        extra = min(max(1, firm // 2), whole - 1)
        return Suggestion(f"{extra}:case", firm + extra, _("if it completes %(packs)s") % {"packs": packs})
    if standing.next_step is None:
        return None
    extra = max(1, firm // 2)
    return Suggestion(f"{extra}:price", firm + extra, _("if it brings everybody a lower price"))
