"""Answers to a card's form: the line's reply for a script, whole pages for a browser alone."""

import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.reserve import LineAnswer, ReservationAnswer
from marketplace.forms import LineForm
from marketplace.models import Round
from marketplace.queries import shop
from marketplace.queries.shop import Basket, OfferRow
from marketplace.rules.wanted import WantedLine
from marketplace.views.baskets import BasketView, basket_view, place_choices
from marketplace.views.cards import OfferCard, offer_card, own_stepper
from marketplace.views.clocks import next_window
from marketplace.views.outcomes import answer_sentence, offered_back_sentence
from marketplace.views.requests import HouseholdRequest
from marketplace.views.round_context import script_words
from marketplace.words import money

# How long a page waits before it asks what its household holds, when only other offers' figures moved. Somebody who
# shares a household may be told of another member's tap; alone, only one's own second device can have changed it.
SHARED_WAIT_MS = 1200
ALONE_WAIT_MS = 8000


def is_fragment(request: HttpRequest) -> bool:
    """Whether a script asks, and takes a part of a page."""
    return request.headers.get("HX-Request") == "true"


def line_reply(
    request: HouseholdRequest, round_: Round, offer_id: int, answer: ReservationAnswer, back: str
) -> HttpResponse:
    """What was kept of the wish: the line's new number, a sentence, and the basket."""
    line = next((line for line in answer.lines if line.offer_id == offer_id), None)
    text, waits = _told(line, round_.hub.currency)
    if not is_fragment(request):
        messages.success(request, text, extra_tags="waits" if waits else "")
        return HttpResponseRedirect(back)
    context = {
        "firm": line.firm if line else 0,
        "flexible": line.flexible if line else 0,
        "text": text if waits else "",
        "waits": waits,
        "basket": _bar(request, round_, shop.basket(request.user, round_.pk)),
    }
    return render(request, "components/line_reply.html", context)


def own_lines(request: HouseholdRequest, round_: Round) -> HttpResponse:
    """The household's lines and its basket bar, for a page that somebody else of the household may have outdated."""
    found = shop.basket(request.user, round_.pk)
    rows = found.rows if found else ()
    context = {
        "wait": SHARED_WAIT_MS if shop.shares_a_household(request.user) else ALONE_WAIT_MS,
        "lines": [own_stepper(row.line, round_.hub.currency) for row in rows],
        "basket": _bar(request, round_, found),
    }
    return render(request, "components/own_lines.html", context)


def _bar(request: HouseholdRequest, round_: Round, found: Basket | None) -> BasketView:
    """The basket bar. Which window counts matters, and is asked, only while nothing is reserved."""
    now = clock.now()
    windows = [] if found else shop.windows_of(round_)
    window = next_window(windows, now) if windows else None
    return basket_view(found, round_=round_, visitor=request.user, now=now, window=window)


def _told(line: LineAnswer | None, currency: str) -> tuple[str, bool]:
    """The answer in a sentence, and whether it deserves attention."""
    if line is None or not (line.asked_firm or line.reason):
        return _("Taken out of your basket."), False
    if line.offered_back:
        return offered_back_sentence(line.firm, line.offered_back), True
    if line.reason:
        return f"{_kept_words(line)} {answer_sentence(line.reason)}", True
    facts = {"units": line.firm, "price": money(line.unit_price_at_most_minor, currency)}
    return _("%(units)s reserved, at most %(price)s each.") % facts, False


def _kept_words(line: LineAnswer) -> str:
    return _("%(firm)s of %(asked)s kept.") % {"firm": line.firm, "asked": line.asked_firm}


def _card(request: HouseholdRequest, round_: Round, row: OfferRow) -> OfferCard:
    takes = row.offer.window.takes_reservations(clock.now())
    return offer_card(
        row,
        currency=round_.hub.currency,
        round_id=round_.pk,
        request_key=uuid.uuid4().hex,
        may_reserve=takes,
        is_open=takes,
    )


def offer_page(request: HouseholdRequest, round_: Round, row: OfferRow) -> HttpResponse:
    """One offer alone, with its whole form open."""
    return _offer_page(request, round_, _card(request, round_, row), [], 200)


def _offer_page(
    request: HouseholdRequest, round_: Round, card: OfferCard, problems: list[str], status: int
) -> HttpResponse:
    context = {
        "round": round_,
        "card": card,
        "problems": problems,
        "back": f"{reverse('round', args=[round_.pk])}#offer-{card.id}",
        "script_words": script_words(round_.hub.currency),
    }
    template = "components/line_problem.html" if is_fragment(request) else "marketplace/offer.html"
    return render(request, template, context, status=status)


def typed_again(request: HouseholdRequest, round_: Round, row: OfferRow, form: LineForm) -> HttpResponse:
    """A form that cannot be read comes back as it was typed, with what is wrong beside it."""
    card = _card(request, round_, row)
    if card.stepper is not None:
        typed = {name: form.data.get(name, "") for name in ("firm", "flexible_for", "limit")}
        stepper = replace(
            card.stepper, **typed, typed_up_to=form.data.get("up_to", ""), whole_only="whole_only" in form.data
        )
        card = replace(card, stepper=stepper)
    return _offer_page(request, round_, card, form.sentences(), 422)


def choose_place(request: HouseholdRequest, round_: Round, row: OfferRow, wanted: WantedLine) -> HttpResponse:
    """Asks, before the first line is kept, where the basket is handed over."""
    now, zone = clock.now(), round_.hub.time_zone
    context = {
        "round": round_,
        "card": _card(request, round_, row),
        "wanted": wanted,
        "places": place_choices(shop.handovers_of(round_.pk), now, zone, None),
        "request_key": uuid.uuid4().hex,
        "back": reverse("round", args=[round_.pk]),
        "script_words": script_words(round_.hub.currency),
    }
    template = "components/choose_place.html" if is_fragment(request) else "marketplace/choose_place.html"
    return render(request, template, context, status=422)
