"""Announced offers of all rounds, chosen and sorted as a round's page does it, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet

from marketplace import clock
from marketplace.access import PUBLIC_STATES, households_of
from marketplace.models import Offer, User
from marketplace.queries.choosing import ORDERS, Choosing, beyond, chosen, encoded, sorted_by
from marketplace.queries.nearly import few_missing, nearly_complete, orders_by_standing
from marketplace.queries.offer_list import ListedOffer, announced_offers, listed_offers, with_standings
from marketplace.queries.standings import standings_of
from marketplace.rules.goods import ALLERGENS, DIETS
from marketplace.rules.states import WindowState

_PATHS = {"round": "window__round_id", "window": "window_id", "merchant": "product__merchant_id"}


@dataclass(frozen=True, slots=True)
class FoundOffers:
    """`choosing` is what was asked for with the household's presets in it; `after` asks for the next page."""

    offers: list[ListedOffer]
    choosing: Choosing
    after: str


def find_offers(
    visitor: User | AnonymousUser, choosing: Choosing, narrowed: Mapping[str, int | None], *, many: int
) -> FoundOffers:
    """A page of `many`, narrowed to a round, a window or a merchant by their ids. Two queries; one more for the presets
    of who is signed in, two more where the order follows from how offers stand."""
    asked = _with_presets(visitor, choosing)
    wanted = Q(**{_PATHS[name]: pk for name, pk in narrowed.items() if pk is not None})
    if orders_by_standing(asked):
        return _by_standing(wanted, asked, many)
    keys = {f"key_{place}": F(field) for place, field in enumerate(ORDERS[asked.sort])}
    rows: QuerySet[Offer, Any] = sorted_by(chosen(announced_offers().filter(wanted), asked), asked.sort).annotate(
        **keys
    )
    found = list(rows.filter(beyond(asked.sort, asked.after) if asked.after else Q())[: many + 1])
    after = encoded([_plain(found[many - 1][key]) for key in keys]) if len(found) > many else ""
    return FoundOffers(with_standings(found[:many]), asked, after)


def _with_presets(visitor: User | AnonymousUser, choosing: Choosing) -> Choosing:
    household = households_of(visitor).first() if choosing.own and isinstance(visitor, User) else None
    if household is None:
        return choosing
    avoids = [allergen for allergen in ALLERGENS if allergen in household.avoids]
    return choosing.with_presets(avoids, [diet for diet in DIETS if diet in household.diets])


def _by_standing(wanted: Q, asked: Choosing, many: int) -> FoundOffers:
    """Those that miss the fewest units first: all of them are loaded, so that only a round or a window asks for it."""
    offers = Offer.objects.filter(wanted, window__state__in=PUBLIC_STATES).select_related(
        "product", "capacity", "demand"
    )
    if asked.helping:
        now = clock.expression()
        offers = offers.filter(window__opens_at__lte=now, window__closes_at__gt=now)
        offers = few_missing(offers.filter(window__state=WindowState.OPEN.value))
    loaded = list(chosen(offers, asked))
    shown, after = nearly_complete(loaded, standings_of(loaded), asked, many)
    return FoundOffers(listed_offers([offer.pk for offer in shown]), asked, after)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
