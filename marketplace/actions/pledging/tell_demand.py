"""Tell merchants what they will probably have to ship of running offers, as a forecast of the rooms above sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from marketplace.errors import InvalidInput
from marketplace.models import DemandSignal, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDemand:
    """Units to ship at the close that are exceeded with 90, 50 and 10 per cent; `as_of`: what the forecast knew."""

    offer_id: int
    units_p10: int
    units_p50: int
    units_p90: int
    as_of: datetime


@transaction.atomic
def tell_demand(*, offers: Sequence[ExpectedDemand]) -> int:
    """How many signals are new. Joins the caller's transaction; three queries. An older forecast replaces none.

    Raises InvalidInput for a band out of order.
    """
    wrong = [each.offer_id for each in offers if not 0 <= each.units_p10 <= each.units_p50 <= each.units_p90]
    if wrong:
        problem = "The band has to rise: P10, P50, P90."
        raise InvalidInput(problems=[{"place": f"offer {pk}", "problem": problem} for pk in wrong])
    newest = {each.offer_id: each for each in sorted(offers, key=lambda each: each.as_of)}
    known = dict(DemandSignal.objects.filter(offer__in=newest).values_list("offer_id", "as_of"))
    there = set(Offer.objects.filter(pk__in=newest).values_list("pk", flat=True))
    news = [told for pk, told in sorted(newest.items()) if pk in there and (pk not in known or told.as_of > known[pk])]
    DemandSignal.objects.bulk_create(
        [
            DemandSignal(
                offer_id=told.offer_id,
                units_p10=told.units_p10,
                units_p50=told.units_p50,
                units_p90=told.units_p90,
                as_of=told.as_of,
            )
            for told in news
        ],
        update_conflicts=True,
        unique_fields=["offer"],
        update_fields=["units_p10", "units_p50", "units_p90", "as_of"],
    )
    return len(news)
