"""Share out anew what comes of an order: runs that write the allocations that change, with the ledger's credit.

Runs within the caller's transaction, under the locks of holding.hold. The ground is what the close gave, never an
earlier run: when more comes than was said before, it is given back.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from django.db.models import Max

from marketplace.actions.closing.rows import write_rows
from marketplace.actions.ledger.credit_shortage import credit_shortage
from marketplace.actions.orders.sharing_out import NewlyOrdered, SharedOffer, share_out
from marketplace.events import emit
from marketplace.models import (
    Allocation,
    ClearingRun,
    Offer,
    OfferOutcome,
    OrderingWindow,
    OrderLineSubstitute,
    PurchaseOrder,
    SubstituteAllocation,
    User,
)
from marketplace.rules.clearing.reasons import OfferReason

_ALLOCATION = ("run_id", "line_id", "quantity", "extra", "charged_minor", "reason")
_SUBSTITUTE = ("run_id", "line_id", "product_id", "order_line_id", "quantity", "unit_price_minor", "charged_minor")


def reallocate(
    *,
    order: PurchaseOrder,
    offer_ids: Collection[int],
    kind: ClearingRun.Kind,
    at: datetime,
    by: User | None,
    new: Mapping[int, NewlyOrdered] | None = None,
) -> list[ClearingRun]:
    """Share these offers out by what comes of them (lines' `coming`, their substitutes): a run per window in which
    somebody gets something else than before, none where nothing changes.

    `new` are those that the close did not reach. Writes how many of each substitute are taken, credits the difference
    to the households and tells `shortage.recorded`. Statements do not grow with the lines.
    """
    if not offer_ids:
        return []
    by_window: dict[int, list[int]] = {}
    for offer_id, window_id in Offer.objects.filter(pk__in=offer_ids).values_list("pk", "window_id"):
        by_window.setdefault(window_id, []).append(offer_id)
    runs = []
    for window_id in sorted(by_window):
        shared = share_out(
            window_id=window_id, round_id=order.window.round_id, offer_ids=by_window[window_id], new=new or {}
        )
        _keep_taken(shared)
        if any(of.is_news for of in shared):
            runs.append(_run(order, window_id, shared, kind, at, by))
    return runs


def _run(
    order: PurchaseOrder,
    window_id: int,
    shared: Sequence[SharedOffer],
    kind: ClearingRun.Kind,
    at: datetime,
    by: User | None,
) -> ClearingRun:
    run = _store(window_id, shared, kind, at)
    credit_shortage(run_id=run.pk, by=by)
    emit(
        "shortage.recorded",
        run_id=run.pk,
        order_id=order.pk,
        window_id=window_id,
        merchant_id=order.merchant_id,
        missing=sum(of.missing for of in shared),
    )
    return run


def _keep_taken(shared: Sequence[SharedOffer]) -> None:
    """How many of each substitute households take: that many are ordered."""
    changed = []
    for of in shared:
        left: dict[int, int] = {}
        for one in of.given:
            for product, other in one.instead.items():
                left[product] = left.get(product, 0) + other.units
        for substitute in (one for line in of.lines for one in line.substitutes.all()):
            units = min(substitute.offered, left.get(substitute.product_id, 0))
            left[substitute.product_id] = left.get(substitute.product_id, 0) - units
            if units != substitute.units:
                substitute.units = units
                changed.append(substitute)
    if changed:
        OrderLineSubstitute.objects.bulk_update(changed, ["units"])


def _store(window_id: int, shared: Sequence[SharedOffer], kind: ClearingRun.Kind, at: datetime) -> ClearingRun:
    last = ClearingRun.objects.filter(window=window_id).aggregate(last=Max("number"))["last"] or 0
    run = ClearingRun.objects.create(
        window_id=window_id,
        number=last + 1,
        kind=kind,
        closes_at=OrderingWindow.objects.values_list("closes_at", flat=True).get(pk=window_id),
        computed_at=at,
        input_hash=_hash(shared),
    )
    OfferOutcome.objects.bulk_create(_outcomes(run, shared))
    write_rows(Allocation, _ALLOCATION, _allocations(run.pk, shared))
    write_rows(SubstituteAllocation, _SUBSTITUTE, _substitutes(run.pk, shared))
    return run


def _outcomes(run: ClearingRun, shared: Sequence[SharedOffer]) -> Iterator[OfferOutcome]:
    for of in shared:
        if of.new is not None:
            [line] = of.lines
            yield OfferOutcome(
                run=run,
                offer_id=of.offer_id,
                reached=True,
                reason=OfferReason.REACHED.value,
                unit_price_minor=of.new.unit_price,
                cost_minor=of.new.cost,
                ordered=line.ordered,
                whole_cases=line.whole_cases,
                split=line.split,
                hub_units=line.hub_units,
            )


def _allocations(run_id: int, shared: Sequence[SharedOffer]) -> Iterator[tuple[object, ...]]:
    for of in shared:
        for one, row in of.rows():
            yield run_id, one.held.line_id, row.quantity, row.extra, row.charged, row.reason


def _substitutes(run_id: int, shared: Sequence[SharedOffer]) -> Iterator[tuple[object, ...]]:
    for of in shared:
        of_product = {one.product_id: line.pk for line in reversed(of.lines) for one in line.substitutes.all()}
        for one in of.given:
            for product, units, price in one.instead_rows():
                order_line = of_product.get(product, of.lines[0].pk)
                yield run_id, one.held.line_id, product, order_line, units, price, units * price


def _hash(shared: Sequence[SharedOffer]) -> str:
    """Of everything that was shared out: what came, and what everybody held."""
    parts = [
        [
            of.offer_id,
            of.price,
            [[line.pk, line.coming] for line in of.lines],
            [[one.product_id, one.offered] for line in of.lines for one in line.substitutes.all()],
            [[one.held.line_id, one.held.ground, *one.held.instead] for one in of.given],
        ]
        for of in shared
    ]
    return sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
