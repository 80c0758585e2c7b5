"""Offers whose open case or next price step misses few units, which only their standing tells."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from marketplace.models import Offer
from marketplace.queries.choosing import Choosing, Sort, decoded, encoded, is_whole
from marketplace.rules.clearing.standing import OfferStanding

# Behind everything that misses something.
_NOTHING_MISSES = 2**31
# "Few" is at most half a case, and this many in any case.
_FEW = 6


def few_missing(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    """The offers that may miss few: those that somebody reserved."""
    return offers.filter(demand__isnull=False).exclude(demand__groups=[])


def missing_of(standing: OfferStanding) -> int:
    """Units that the open case or the next step misses; 0 where nobody reserved, or nothing does."""
    if not standing.reserved:
        return 0
    return standing.waits_for or (standing.next_step.missing if standing.next_step else 0)


def is_nearly_complete(offer: Offer, standing: OfferStanding) -> bool:
    """Whether a household's few units would help all others."""
    return 0 < missing_of(standing) <= max(_FEW, offer.case // 2)


def nearly_complete(
    offers: Sequence[Offer], standings: Mapping[int, OfferStanding], asked: Choosing, many: int
) -> tuple[list[Offer], str]:
    """A page of loaded offers, those that miss the fewest units first, and the cursor of the next page."""
    shown = [offer for offer in offers if offer.pk in standings]
    if asked.helping:
        shown = [offer for offer in shown if is_nearly_complete(offer, standings[offer.pk])]
    place = {offer.pk: (missing_of(standings[offer.pk]) or _NOTHING_MISSES, offer.pk) for offer in shown}
    start = decoded(asked.after, 2) if asked.after else None
    if start is not None and all(is_whole(value) for value in start):
        shown = [offer for offer in shown if place[offer.pk] > tuple(start)]
    shown.sort(key=lambda offer: place[offer.pk])
    after = encoded(place[shown[many - 1].pk]) if len(shown) > many else ""
    return shown[:many], after


def orders_by_standing(asked: Choosing) -> bool:
    """Whether the order follows from how offers stand, so that all of them are loaded."""
    return asked.helping or asked.sort is Sort.NEARLY
