"""What could be supplied instead of an offer: the round's other products of the same kind."""

from dataclasses import dataclass

from django.db.models import Max

from marketplace.access import PUBLIC_STATES
from marketplace.models import Offer

# A list to choose from on a phone, not a second shop.
MOST_SUBSTITUTES = 12


@dataclass(frozen=True, slots=True)
class Substitute:
    """A product and the most that a unit of it can cost in this round, in minor units."""

    product_id: int
    name: str
    merchant: str
    at_most_minor: int


def substitutes_for(offer: Offer) -> list[Substitute]:
    """Products of the same category in the round of an offer (with its window and product at hand). One query."""
    others = (
        Offer.objects.filter(window__round_id=offer.window.round_id, window__state__in=PUBLIC_STATES)
        .filter(product__category_id=offer.product.category_id)
        .exclude(product_id=offer.product_id)
        .annotate(at_most=Max("steps__unit_price_minor"))
        .exclude(at_most=None)
        .order_by("product__name", "pk")
    )
    columns = others.values_list("product_id", "product__name", "product__merchant__name", "at_most")
    return [Substitute(*row) for row in columns[:MOST_SUBSTITUTES]]
