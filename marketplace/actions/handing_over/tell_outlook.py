"""Tell what is expected of running offers, as a forecast of the rooms above sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from marketplace.errors import InvalidInput
from marketplace.models import Offer, OfferOutlook


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferExpectation:
    """Reserved units at the close that are exceeded with 90, 50 and 10 per cent, and the expected price in minor units.

    `as_of` is the instant of what the forecast knew.
    """

    offer_id: int
    units_p10: int
    units_p50: int
    units_p90: int
    as_of: datetime
    expected_unit_price_minor: int | None = None


@transaction.atomic
def tell_outlook(*, offers: Sequence[OfferExpectation]) -> int:
    """How many outlooks are new. Joins the caller's transaction; three queries. An older forecast replaces none.

    Raises InvalidInput for a band out of order.
    """
    wrong = [e.offer_id for e in offers if not 0 <= e.units_p10 <= e.units_p50 <= e.units_p90]
    if wrong:
        problem = "The band has to rise: P10, P50, P90."
        raise InvalidInput(problems=[{"place": f"offer {pk}", "problem": problem} for pk in wrong])
    newest = {e.offer_id: e for e in sorted(offers, key=lambda e: e.as_of)}
    known = dict(OfferOutlook.objects.filter(offer__in=newest).values_list("offer_id", "as_of"))
    there = set(Offer.objects.filter(pk__in=newest).values_list("pk", flat=True))
    news = [e for pk, e in sorted(newest.items()) if pk in there and (pk not in known or e.as_of > known[pk])]
    OfferOutlook.objects.bulk_create(
        [_row(expectation) for expectation in news],
        update_conflicts=True,
        unique_fields=["offer"],
        update_fields=["units_p10", "units_p50", "units_p90", "expected_unit_price_minor", "as_of"],
    )
    return len(news)


def _row(told: OfferExpectation) -> OfferOutlook:
    return OfferOutlook(
        offer_id=told.offer_id,
        units_p10=told.units_p10,
        units_p50=told.units_p50,
        units_p90=told.units_p90,
        expected_unit_price_minor=told.expected_unit_price_minor,
        as_of=told.as_of,
    )
