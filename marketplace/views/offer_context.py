"""What the page of one offer hands to its template: its card, and everything that is known of the product."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import formats
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from marketplace import clock
from marketplace.models import Round, User
from marketplace.queries.ratings import merchant_ratings
from marketplace.queries.shop import OfferRow
from marketplace.views.cards import offer_card
from marketplace.views.clocks import clock_of
from marketplace.views.goods_words import STORAGE_WORDS, allergen_lines, diet_line, shelf_life_words
from marketplace.views.round_context import script_words
from marketplace.words import listed, money


@dataclass(frozen=True, slots=True)
class StepView:
    """A row of the ladder: from how many units, at what price; `now` is the step that counts at this moment."""

    units: str
    price: str
    now: bool


def offer_context(row: OfferRow, round_: Round, visitor: User | AnonymousUser) -> dict[str, Any]:
    """The offer's page. One query for the merchant's ratings, and on PostgreSQL one for the clock."""
    now, hub, offer = clock.now(), round_.hub, row.offer
    takes = offer.window.takes_reservations(now)
    here = reverse("offer", args=[round_.pk, offer.pk])
    card = offer_card(
        row,
        currency=hub.currency,
        round_id=round_.pk,
        request_key=uuid.uuid4().hex,
        may_reserve=takes and visitor.is_authenticated,
        is_open=takes,
        filling=offer.window.is_filling(now),
        now=now,
        zone=hub.time_zone,
    )
    return {
        "round": round_,
        "hub": hub,
        "card": card,
        "window": offer.window,
        "version": offer.demand.version if hasattr(offer, "demand") else 0,
        "product": offer.product,
        "clock": clock_of(offer.window, now, hub.time_zone),
        "ladder": ladder_view(row, hub.currency),
        "facts": [*_facts(row), *_rating(offer.product.merchant_id)],
        "here": here,
        "allergens": allergen_lines(offer.product.allergens),
        "back": f"{reverse('round', args=[round_.pk])}#offer-{card.id}",
        "login": "" if visitor.is_authenticated else f"{reverse('login')}?{urlencode({'next': here})}",
        "server_now": now,
        "script_words": script_words(hub.currency),
    }


def ladder_view(row: OfferRow, currency: str) -> list[StepView]:
    """The ladder as people read it: what everybody pays from how many units on."""
    now = row.standing.price_now
    return [
        StepView(_("from %(units)s") % {"units": s.from_quantity}, money(s.unit_price, currency), s.unit_price == now)
        for s in row.ladder
    ]


def _rating(merchant_id: int) -> list[tuple[str, str]]:
    """What households said of the merchant's goods, from five ratings on."""
    rating = merchant_ratings([merchant_id]).get(merchant_id)
    if rating is None:
        return []
    said = ngettext("%(stars)s of 5 stars, from %(n)s rating", "%(stars)s of 5 stars, from %(n)s ratings", rating.count)
    stars = formats.number_format(Decimal(rating.tenths) / 10, 1)
    return [(_("Households say"), said % {"stars": stars, "n": rating.count})]


def _facts(row: OfferRow) -> list[tuple[str, str]]:
    """What one wants to know before one reserves; what is not known is left out."""
    offer, product = row.offer, row.offer.product
    diets = diet_line(product.diets)
    facts = [
        (_("From"), listed([product.merchant.name, product.merchant.place])),
        (pgettext("how goods are stored", "Kept"), str(STORAGE_WORDS[product.storage_class])),
        (_("Keeps"), shelf_life_words(product)),
        (_("Suits"), diets),
        (_("Ordered in cases of"), str(offer.case) if offer.case > 1 else ""),
    ]
    if offer.best_before:
        facts.append((_("Best before"), formats.date_format(offer.best_before, "DAY_WITH_YEAR")))
    if product.catch_weight:
        weighed = _("each piece; the price follows its weight, by %(percent)s %% at most")
        facts.append((_("Weighed"), weighed % {"percent": offer.weight_margin_percent}))
    return [(name, value) for name, value in facts if value]
