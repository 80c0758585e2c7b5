"""What a line got: the one reading of runs, outcomes and allocations that pages, lists, notices and bills share."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from marketplace.models import Allocation, ClearingRun, OfferOutcome, ReservationLine
from marketplace.rules.clearing.reasons import LineReason


class Got(NamedTuple):
    """`quantity` units, of which `extra` were allowed above the firm ones, at `charged_minor` in all.

    `reason` is the line's (rules/clearing/reasons.py) or, where the offer was not ordered, the offer's;
    `unit_price_minor` is None then. `reached` is the offer's.
    """

    quantity: int
    charged_minor: int
    reason: str
    extra: int
    unit_price_minor: int | None
    reached: bool


def counting_runs(window_ids: Iterable[int]) -> list[int]:
    """The runs of these windows that were not voided. One query.

    A run at the close decides everything; one at a confirmation or a receipt writes what it changes alone. So of each
    offer and of each line the newest row among these runs counts.
    """
    runs = ClearingRun.objects.filter(window__in=window_ids, voided_at__isnull=True)
    return list(runs.values_list("pk", flat=True))


def got_by_line(lines: Collection[ReservationLine]) -> dict[int, Got]:
    """What lines (with their offers at hand) got, by line; one whose window was not counted is left out. Three
    queries."""
    run_ids = counting_runs({line.window_id for line in lines})
    offer_ids = {line.offer_id for line in lines}
    decided = OfferOutcome.objects.filter(run__in=run_ids, offer__in=offer_ids).order_by("run__number", "run_id")
    outcomes = {outcome.offer_id: outcome for outcome in decided}
    line_ids = [line.pk for line in lines]
    given = Allocation.objects.filter(run__in=run_ids, line__in=line_ids).order_by("run__number", "run_id")
    allocations = {allocation.line_id: allocation for allocation in given}
    return {
        line.pk: got_of(line, outcomes[line.offer_id], allocations.get(line.pk))
        for line in lines
        if line.offer_id in outcomes
    }


def got_of(line: ReservationLine, outcome: OfferOutcome, allocation: Allocation | None) -> Got:
    """A line without an allocation got exactly its firm quantity of a reached offer, or nothing: because the household
    did not agree to a change, the offer was not reached, or its price stayed above the line's limit."""
    price, limit = outcome.unit_price_minor, line.max_unit_price_minor
    extra = 0
    if allocation is not None:
        quantity, charged, reason = allocation.quantity, allocation.charged_minor, allocation.reason
        extra = allocation.extra
    elif line.agreed_version < line.offer.agreement_version:
        quantity, charged, reason = 0, 0, LineReason.NOT_AGREED.value
    elif price is None:
        quantity, charged, reason = 0, 0, outcome.reason
    elif limit is not None and limit < price:
        quantity, charged, reason = 0, 0, LineReason.LIMIT_BELOW_PRICE.value
    else:
        quantity, charged, reason = line.firm, line.firm * price, LineReason.IN_FULL.value
    return Got(quantity, charged, reason, extra, price, outcome.reached)
