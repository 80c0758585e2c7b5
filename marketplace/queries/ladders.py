"""The price ladders of offers, as the clearing reads them."""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from marketplace.models import PriceStep
from marketplace.rules.clearing.terms import PriceStep as Step


def ladders_in(steps: QuerySet[PriceStep]) -> dict[int, tuple[Step, ...]]:
    """The ladders that these steps are, rising, by offer; an offer without a price is left out. One query."""
    found: dict[int, list[Step]] = {}
    rows = steps.order_by("offer_id", "from_quantity")
    for offer_id, *step in rows.values_list("offer_id", "from_quantity", "cost_minor", "unit_price_minor"):
        found.setdefault(offer_id, []).append(Step(*step))
    return {offer_id: tuple(ladder) for offer_id, ladder in found.items()}


def ladders_of(offer_ids: Iterable[int]) -> dict[int, tuple[Step, ...]]:
    """The ladders of these offers, rising; unpriced ones are left out. One query."""
    return ladders_in(PriceStep.objects.filter(offer__in=list(offer_ids)))


def first_price(offer: str) -> Subquery:
    """The first step's price, the most that a unit can cost, inside a query whose field `offer` names the offer."""
    steps = PriceStep.objects.filter(offer=OuterRef(offer)).order_by("from_quantity")
    return Subquery(steps.values("unit_price_minor")[:1])
