"""Storing what a clearing decided: the run, an outcome per offer, and the allocations that are exceptions."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Max

from marketplace.actions.closing.fingerprint import input_hash
from marketplace.actions.closing.rows import write_rows
from marketplace.models import Allocation, ClearingRun, OfferOutcome, OrderingWindow
from marketplace.rules.clearing.outcome import WindowResult
from marketplace.rules.clearing.reasons import LineReason
from marketplace.rules.clearing.terms import DemandGroup, Id, WindowTerms

_OUTCOME_COLUMNS = (
    *("run_id", "offer_id", "reached", "reason", "unit_price_minor", "cost_minor"),
    *("demand_firm", "ordered", "whole_cases", "split", "hub_units"),
)
_ALLOCATION_COLUMNS = ("run_id", "line_id", "quantity", "extra", "charged_minor", "reason")


def store_run(
    *,
    window: OrderingWindow,
    terms: WindowTerms,
    demand: Mapping[Id, Sequence[DemandGroup]],
    result: WindowResult,
    released: Sequence[int],
    computed_at: datetime,
) -> ClearingRun:
    """Write the run with its outcomes and exceptions, under the window's exclusive lock. `released` are lines of
    reached offers that took no part, since their households did not agree to a change."""
    last = ClearingRun.objects.filter(window=window).aggregate(last=Max("number"))["last"] or 0
    run = ClearingRun.objects.create(
        window=window,
        number=last + 1,
        kind=ClearingRun.Kind.CLOSE,
        closes_at=window.closes_at,
        computed_at=computed_at,
        input_hash=input_hash(terms, demand),
    )
    write_rows(OfferOutcome, _OUTCOME_COLUMNS, _outcomes(run.pk, demand, result))
    write_rows(Allocation, _ALLOCATION_COLUMNS, _allocations(run.pk, result, released))
    return run


def _outcomes(
    run_id: int, demand: Mapping[Id, Sequence[DemandGroup]], result: WindowResult
) -> Iterator[tuple[object, ...]]:
    for offer_id, outcome in result.outcomes.items():
        yield (
            *(run_id, offer_id, outcome.reached, outcome.reason.value, outcome.unit_price, outcome.cost),
            # All firm units that were reserved, also those whose limit kept them out.
            sum(group.firm for group in demand.get(offer_id, ())),
            *(outcome.ordered, outcome.whole_cases, outcome.split, outcome.hub),
        )


def _allocations(run_id: int, result: WindowResult, released: Sequence[int]) -> Iterator[tuple[object, ...]]:
    for got in result.exceptions.values():
        extra = max(0, got.quantity - got.firm)
        yield run_id, got.line, got.quantity, extra, got.charged, got.reason.value
    for line_id in released:
        yield run_id, line_id, 0, 0, 0, LineReason.NOT_AGREED.value
