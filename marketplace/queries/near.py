"""Which offers are nearest to their next step."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.models import Offer
from marketplace.queries.shop import standings_of
from marketplace.rules.clearing.standing import OfferStanding

# Offers that are looked at: the most wanted of a large round.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class NearOffer:
    offer: Offer
    standing: OfferStanding

    @property
    def missing(self) -> int:
        """Units until a case or the next step is full; 0 where nothing is ahead."""
        following = self.standing.next_step
        return self.standing.waits_for or (following.missing if following else 0)


def near_a_step(window_ids: Sequence[int], most: int) -> list[NearOffer]:
    """The offers of these windows that miss the fewest units, reserved ones first. Two queries, none for no window."""
    if not window_ids:
        return []
    parts = ("product__category", "capacity", "demand", "window")
    offers = Offer.objects.filter(window__in=window_ids, demand__isnull=False).select_related(*parts)
    loaded = list(offers.order_by("-demand__version", "pk")[:LOOKED_AT])
    standings = standings_of(loaded)
    found = [NearOffer(offer, standings[offer.pk]) for offer in loaded if offer.pk in standings]
    near = [n for n in found if n.missing and n.standing.reserved]
    return sorted(near, key=lambda n: (n.missing, -n.standing.reserved, n.offer.pk))[:most]
