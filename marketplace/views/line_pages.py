"""Answers to a card's form: the line's reply for a script, whole pages for a browser alone."""

import uuid
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from marketplace import clock
from marketplace.actions.baskets.set_line import LineSet
from marketplace.forms import LineForm
from marketplace.models import OrderingWindow, Round
from marketplace.queries import shop
from marketplace.queries.shop import Basket, OfferRow
from marketplace.queries.substitutes import substitutes_for
from marketplace.views.baskets import BasketView, basket_view, place_choices
from marketplace.views.cards import OfferCard, offer_card
from marketplace.views.clocks import next_window
from marketplace.views.fragments import is_fragment
from marketplace.views.quantity_sheets import sheet_of
from marketplace.views.requests import HouseholdRequest
from marketplace.views.round_context import script_words
from marketplace.views.told import told_of

# How long a page waits before it asks what its household holds, when only other offers' figures moved. Somebody who
# shares a household may be told of another member's tap; alone, only one's own second device can have changed it.
SHARED_WAIT_MS = 1200
ALONE_WAIT_MS = 8000


def line_reply(request: HouseholdRequest, round_: Round, offer_id: int, done: LineSet, back: str) -> HttpResponse:
    """What was kept of the wish: the line's new number, the answer in words, what it means, and the basket."""
    line = next((line for line in done.answer.lines if line.offer_id == offer_id), None)
    told = told_of(line, done.met, round_.hub.currency)
    if not is_fragment(request):
        messages.success(request, told.text, extra_tags="waits" if told.waits else "")
        return HttpResponseRedirect(back)
    row = shop.offer_row(request.user, round_.pk, offer_id)
    context = {
        "firm": line.firm if line else 0,
        "flexible": line.flexible if line else 0,
        "text": told.text,
        "waits": told.waits,
        "card": card_of(round_, row) if row else None,
        "basket": _bar(request, round_, shop.basket(request.user, round_.pk)),
    }
    return render(request, "components/line_reply.html", context)


def own_lines(request: HouseholdRequest, round_: Round) -> HttpResponse:
    """The household's lines and its basket bar, for a page that somebody else of the household may have outdated."""
    found = shop.basket(request.user, round_.pk)
    rows = found.rows if found else ()
    cards = [card_of(round_, shop.OfferRow(row.line.offer, row.standing, row.line), row.line.window) for row in rows]
    context = {
        "wait": SHARED_WAIT_MS if shop.shares_a_household(request.user) else ALONE_WAIT_MS,
        "cards": cards,
        "basket": _bar(request, round_, found),
    }
    return render(request, "components/own_lines.html", context)


def _bar(request: HouseholdRequest, round_: Round, found: Basket | None) -> BasketView:
    """The basket bar. Which window counts matters, and is asked, only while nothing is reserved."""
    now = clock.now()
    windows = [] if found else shop.windows_of(round_)
    window = next_window(windows, now) if windows else None
    return basket_view(found, round_=round_, visitor=request.user, now=now, window=window)


def card_of(round_: Round, row: OfferRow, window: OrderingWindow | None = None) -> OfferCard:
    """An offer's card under a request key of its own; for a row with its window at hand, or that window."""
    window, now = window or row.offer.window, clock.now()
    takes = window.takes_reservations(now)
    return offer_card(
        row,
        currency=round_.hub.currency,
        round_id=round_.pk,
        request_key=uuid.uuid4().hex,
        may_reserve=takes,
        is_open=takes,
        filling=window.is_filling(now),
    )


def line_form(data: QueryDict, round_: Round, row: OfferRow) -> LineForm:
    """The form of a line, which knows what may be chosen: substitutes of this round, days after today."""
    today = clock.now().astimezone(ZoneInfo(round_.hub.time_zone)).date()
    chosen = [s.product_id for s in substitutes_for(row.offer)] if "substitutes" in data else []
    return LineForm(data, currency=round_.hub.currency, today=today, substitutes=chosen)


def offer_page(request: HouseholdRequest, round_: Round, row: OfferRow, form: LineForm | None = None) -> HttpResponse:
    """One offer alone with its whole form open; a script gets the form as a sheet. A refused form comes back as it was
    typed, with what is wrong beside each field."""
    card = card_of(round_, row)
    context = {
        "round": round_,
        "card": card,
        "sheet": sheet_of(row, card, round_, form) if card.stepper else None,
        "back": f"{reverse('round', args=[round_.pk])}#offer-{card.id}",
        "script_words": script_words(round_.hub.currency),
    }
    template = "components/quantity_sheet.html" if is_fragment(request) else "marketplace/offer.html"
    return render(request, template, context, status=200 if form is None else 422)


def choose_place(request: HouseholdRequest, round_: Round, row: OfferRow, form: LineForm) -> HttpResponse:
    """Asks, before the first line is kept, where the basket is handed over; what was typed goes along."""
    now, zone, currency = clock.now(), round_.hub.time_zone, round_.hub.currency
    context = {
        "round": round_,
        "card": card_of(round_, row),
        "carried": form.carried(),
        "places": place_choices(shop.handovers_of(round_.pk), now, zone, None, currency),
        "request_key": uuid.uuid4().hex,
        "back": reverse("round", args=[round_.pk]),
        "script_words": script_words(currency),
    }
    template = "components/choose_place.html" if is_fragment(request) else "marketplace/choose_place.html"
    return render(request, template, context, status=422)
