"""Announced offers as a lean list: one joined query for the page, one for its ladders, no model instances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from marketplace import clock
from marketplace.access import PUBLIC_STATES
from marketplace.models import Offer, PriceStep, ReservationLine
from marketplace.queries.demand import from_stored
from marketplace.rules.clearing.standing import OfferStanding, standing
from marketplace.rules.clearing.terms import OfferTerms, ShortageRule
from marketplace.rules.clearing.terms import PriceStep as Step
from marketplace.rules.states import WindowState

_OWN = ("id", "window_id", "from_stock", "case", "splittable", "multiple", "split_fee_minor", "hub_flexible")
_OWN_TOO = ("shortage_rule", "weight_margin_percent", "version", "ready_at", "best_before", "product_id")
_PRODUCT = ("name", "description", "gtin", "pack", "content_amount", "content_unit", "catch_weight", "storage_class")
_PRODUCT_TOO = ("shelf_life_days", "allergens", "diets", "merchant_id")
_OUTLOOK = ("units_p10", "units_p50", "units_p90", "expected_unit_price_minor", "as_of")
_JOINED = {
    **{f"product_{name}": F(f"product__{name}") for name in (*_PRODUCT, *_PRODUCT_TOO)},
    **{f"outlook_{name}": F(f"outlook__{name}") for name in _OUTLOOK},
    **{f"picture_{name}": F(f"product__picture__{name}") for name in ("digest", "width", "height")},
    "merchant_name": F("product__merchant__name"),
    "merchant_place": F("product__merchant__place"),
    "category_slug": F("product__category__slug"),
    "category_name": F("product__category__name"),
    "deposit_name": F("product__deposit_type__name"),
    "deposit_minor": F("product__deposit_type__amount_minor"),
    "cap": F("capacity__limit"),
    "taken": F("capacity__taken"),
    "groups": F("demand__groups"),
    "demand_version": F("demand__version"),
    "round_id": F("window__round_id"),
    "state": F("window__state"),
    "opens_at": F("window__opens_at"),
    "closes_at": F("window__closes_at"),
    "currency": F("window__round__hub__currency"),
    "time_zone": F("window__round__hub__time_zone"),
}


@dataclass(frozen=True, slots=True)
class ListedOffer:
    """An offer of an announced window: its columns, its ladder in rising quantities, how it stands."""

    row: Mapping[str, Any]
    ladder: Sequence[Step]
    standing: OfferStanding

    @property
    def takes_reservations(self) -> bool:
        """As OrderingWindow.takes_reservations, by the clock that came with the row."""
        now: datetime = self.row["now"]
        return bool(self.row["state"] == WindowState.OPEN and self.row["opens_at"] <= now < self.row["closes_at"])


def announced_offers() -> QuerySet[Offer, dict[str, Any]]:
    """The columns of every announced offer that has a price, for filtering and paging."""
    priced = Exists(PriceStep.objects.filter(offer=OuterRef("pk")))
    offers = Offer.objects.filter(priced, window__state__in=PUBLIC_STATES).order_by("pk")
    listed: QuerySet[Offer, dict[str, Any]] = offers.values(*_OWN, *_OWN_TOO, now=clock.expression(), **_JOINED)
    return listed


def listed_offers(offer_ids: Sequence[int]) -> list[ListedOffer]:
    """These announced offers in this order. Two queries."""
    found = {offer.row["id"]: offer for offer in with_standings(list(announced_offers().filter(pk__in=offer_ids)))}
    return [found[pk] for pk in offer_ids if pk in found]


def offered_back(offer_id: int) -> int:
    """Units that households of the last stretch offer to others. One query."""
    units: int | None = ReservationLine.objects.filter(offer=offer_id).aggregate(units=Sum("offered_back"))["units"]
    return units or 0


def with_standings(rows: Sequence[Mapping[str, Any]]) -> list[ListedOffer]:
    """Rows of `announced_offers` with their ladders and standings. One query."""
    ladders: dict[int, list[Step]] = {row["id"]: [] for row in rows}
    steps = PriceStep.objects.filter(offer__in=ladders).order_by("offer_id", "from_quantity")
    for offer_id, *step in steps.values_list("offer_id", "from_quantity", "cost_minor", "unit_price_minor"):
        ladders[offer_id].append(Step(*step))
    return [_listed(row, tuple(ladders[row["id"]])) for row in rows if ladders[row["id"]]]


def _listed(row: Mapping[str, Any], ladder: tuple[Step, ...]) -> ListedOffer:
    terms = OfferTerms(
        id=row["id"],
        merchant=None if row["from_stock"] else row["product_merchant_id"],
        case=row["case"],
        ladder=ladder,
        multiple=row["multiple"],
        splittable=row["splittable"],
        split_fee=row["split_fee_minor"],
        cap=row["cap"],
        hub_flexible=row["hub_flexible"],
        shortage_rule=ShortageRule(row["shortage_rule"]),
    )
    return ListedOffer(row, ladder, standing(offer=terms, groups=from_stored(row["groups"] or [])))
