"""My reservation: as it stands while its windows are open, and what became of each line after they closed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace import clock
from marketplace.access import round_for
from marketplace.models import Round
from marketplace.queries import shop
from marketplace.queries.reservations import LineOutcome, outcome_lines
from marketplace.queries.shop import Basket, BasketRow, OfferRow
from marketplace.views.baskets import place_words
from marketplace.views.cards import open_sentence
from marketplace.views.outcomes import offered_back_sentence, outcome_sentence
from marketplace.views.requests import HouseholdRequest
from marketplace.words import moment_words, money


@dataclass(frozen=True, slots=True)
class ReservedLine:
    """One line in words. `mood` colours the tag beside `word`: nothing for good, waits, lost, plain."""

    name: str
    units: str
    amount: str
    word: str
    mood: str
    sentence: str


@login_required
@require_safe
@never_cache
def reservation(request: HouseholdRequest, round_id: int) -> HttpResponse:
    """Each line with what it got, or with how it stands."""
    round_ = round_for(request.user, round_id)
    found = shop.basket(request.user, round_id)
    return render(request, "marketplace/reservation.html", _context(found, round_, clock.now()))


def _context(basket: Basket | None, round_: Round, now: datetime) -> dict[str, Any]:
    context: dict[str, Any] = {
        "round": round_,
        "back": reverse("round", args=[round_.pk]),
        "title": _("Your reservation"),
    }
    if basket is None:
        return context
    currency, zone = round_.hub.currency, round_.hub.time_zone
    outcomes = {line.offer_id: line for line in outcome_lines(basket.reservation)}
    is_open = [row.line.window for row in basket.rows if row.line.window.takes_reservations(now)]
    done = len(outcomes) == len(basket.rows)
    sums = [_amount(row, outcomes.get(row.line.offer_id)) for row in basket.rows]
    place = basket.reservation.handover.pickup_point
    return {
        **context,
        "title": _("What you get") if done else context["title"],
        "lead": _lead(min((w.closes_at for w in is_open), default=None), done, now, zone),
        "lines": [_line(row, outcomes.get(row.line.offer_id), currency, now) for row in basket.rows],
        "sum": money(sum(sums), currency),
        "sum_words": _("To pay") if done else _("At most"),
        "deposit_sum": money(deposit, currency) if (deposit := _deposit(basket, outcomes)) else "",
        "place": place_words(basket.reservation.handover, now, zone),
        "address": place.address if place else "",
        "can_change": bool(is_open),
    }


def _lead(closes_at: datetime | None, done: bool, now: datetime, zone: str) -> str:
    if closes_at is not None:
        return _("You can change it until %(moment)s.") % {"moment": moment_words(closes_at, now, zone)}
    if done:
        return _("It is ordered, and these are the final figures.")
    return _("Ordering has closed; the figures are being counted.")


def _amount(row: BasketRow, outcome: LineOutcome | None) -> int:
    """What the line costs, or at most may cost; minor units, without deposit."""
    return row.at_most_minor if outcome is None else outcome.charged_minor


def _deposit(basket: Basket, outcomes: dict[int, LineOutcome]) -> int:
    total = 0
    for row in basket.rows:
        deposit, outcome = row.line.offer.product.deposit_type, outcomes.get(row.line.offer_id)
        if deposit:
            total += row.deposit_minor if outcome is None else outcome.quantity * deposit.amount_minor
    return total


def _line(row: BasketRow, outcome: LineOutcome | None, currency: str, now: datetime) -> ReservedLine:
    return _standing_line(row, currency, now) if outcome is None else _final_line(outcome, currency)


def _standing_line(row: BasketRow, currency: str, now: datetime) -> ReservedLine:
    line, standing = row.line, row.standing
    units = f"{line.firm}–{line.firm + line.flexible}" if line.flexible else str(line.firm)
    each = _("%(units)s at most %(price)s each") % {"units": units, "price": money(row.price_at_most, currency)}
    takes = line.window.takes_reservations(now)
    sure = standing.reached and not standing.waiting
    return ReservedLine(
        name=line.offer.product.name,
        units=each,
        amount=money(row.at_most_minor, currency),
        word=(_("sure") if sure else _("waiting")) if takes else _("being counted"),
        mood=("" if sure else "waits") if takes else "plain",
        sentence=_how_it_stands(row, currency) if takes else "",
    )


def _how_it_stands(row: BasketRow, currency: str) -> str:
    """The offer's sentence, and what of the line is offered to others in the last stretch."""
    offered = offered_back_sentence(row.line.firm, row.line.offered_back)
    return f"{open_sentence(OfferRow(row.line.offer, row.standing, row.line), currency)} {offered}".strip()


def _final_line(outcome: LineOutcome, currency: str) -> ReservedLine:
    facts = {"units": outcome.quantity, "asked": outcome.asked}
    units = _("%(units)s of %(asked)s") % facts
    if outcome.unit_price_minor is not None and outcome.quantity:
        units += " · " + _("%(price)s each") % {"price": money(outcome.unit_price_minor, currency)}
    if outcome.quantity >= outcome.asked:
        word, mood = (_("more than asked") if outcome.quantity > outcome.asked else _("in full")), ""
    else:
        word, mood = (_("part of it"), "waits") if outcome.quantity else (_("not this time"), "lost")
    return ReservedLine(
        name=outcome.product_name,
        units=units,
        amount=money(outcome.charged_minor, currency),
        word=word,
        mood=mood,
        sentence=_why(outcome),
    )


def _why(outcome: LineOutcome) -> str:
    """The reason in a sentence; who gets nothing also reads that it costs nothing."""
    offered = offered_back_sentence(outcome.asked, outcome.offered_back, closed=True)
    reason = f"{outcome_sentence(outcome.reason)} {offered}".strip()
    return reason if outcome.quantity else f"{reason} {_('Nothing is charged.')}"
