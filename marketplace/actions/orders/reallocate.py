"""Share out anew what comes of an order: one run that writes the allocations that change, with the ledger's credit.

Runs within the caller's transaction, under the window's exclusive lock (holding.hold). The ground is what the close
gave, never an earlier run: when more comes than was said before, it is given back.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.db.models import Max

from marketplace.actions.closing.rows import write_rows
from marketplace.events import emit
from marketplace.models import (
    Allocation,
    ClearingRun,
    OfferOutcome,
    OrderLineSubstitute,
    PurchaseOrder,
    SubstituteAllocation,
    User,
)
from marketplace.models import PurchaseOrderLine as Line
from marketplace.queries.orders.holdings import HeldLine, OfferHoldings, holdings_of
from marketplace.queries.orders.lines import own_prices
from marketplace.rules.clearing.reasons import LineReason, OfferReason
from marketplace.rules.orders.sharing import kept_units
from marketplace.rules.orders.substituting import Missing, substitutes_for
from marketplace.rules.substitutes import Available, Substitution

_ALLOCATION = ("run_id", "line_id", "quantity", "extra", "charged_minor", "reason")
_SUBSTITUTE = ("run_id", "line_id", "product_id", "order_line_id", "quantity", "unit_price_minor", "charged_minor")


class NewlyOrdered(NamedTuple):
    """An offer that the close did not reach and that is ordered now: what a unit costs households and hub."""

    unit_price: int
    cost: int


class _Given(NamedTuple):
    """What a household's line gets now: units of its product, and of others by product."""

    held: HeldLine
    units: int
    instead: dict[int, Substitution]


class _Shared(NamedTuple):
    """One line of the order, shared out; `price` is its unit's for the households."""

    line: Line
    price: int
    given: tuple[_Given, ...]
    new: NewlyOrdered | None = None

    @property
    def rows(self) -> Iterator[tuple[_Given, tuple[int, int, str, int]]]:
        """The lines whose allocation differs from what counts; all of them where the offer is newly ordered: without
        a row a line of an ordered offer gets its firm quantity."""
        for one in self.given:
            row = _row(one, self.price)
            if self.new is not None or row != one.held.now[:4]:
                yield one, row


def reallocate(
    *,
    order: PurchaseOrder,
    lines: Sequence[Line],
    kind: ClearingRun.Kind,
    at: datetime,
    by: User | None,
    new: Mapping[int, NewlyOrdered] | None = None,
) -> ClearingRun | None:
    """Share out these lines by what comes of them (`coming`, `substitutes`); the run, or None where nothing changes.

    Lines are as `queries.orders.lines.lines_of` loads them; `new` by offer. Writes the taken units of substitutes,
    credits the difference to the households and tells `shortage.recorded`. Statements do not grow with the lines.
    """
    held = holdings_of(order.window_id, [line.offer_id for line in lines])
    prices = own_prices(order.window.round_id, {one.product_id for line in lines for one in line.substitutes.all()})
    shared = [
        _share(order, line, held[line.offer_id], prices, (new or {}).get(line.offer_id))
        for line in lines
        if line.offer_id in held
    ]
    _keep_taken(shared)
    if not any(of.new or any(of.rows) or any(map(_instead_rows, of.given)) for of in shared):
        return None
    run = _store(order, shared, kind, at)
    emit(
        "shortage.recorded",
        run_id=run.pk,
        order_id=order.pk,
        window_id=order.window_id,
        merchant_id=order.merchant_id,
        missing=sum(max(0, one.held.ground - one.units) for of in shared for one in of.given),
    )
    return run


def _share(
    order: PurchaseOrder, line: Line, held: OfferHoldings, prices: dict[int, int], new: NewlyOrdered | None
) -> _Shared:
    """What everybody keeps of a line: the hub goes without first, then the households by the offer's rule."""
    price = (new.unit_price if new else held.unit_price) or 0
    units = min(line.coming, held.ground)
    kept = kept_units(window=order.window_id, offer=held.terms, units=units, holdings=held.holdings)
    available = {
        one.product_id: Available(one.offered, min(price, prices.get(one.product_id, price)))
        for one in sorted(line.substitutes.all(), key=lambda one: one.pk)
    }
    missing = [
        Missing(one.line_id, one.ground - kept.get(one.line_id, 0), one.instead, one.at_most, one.whole_only)
        for one in held.lines
        if one.instead and available and one.ground > kept.get(one.line_id, 0)
    ]
    instead = substitutes_for(window=order.window_id, available=available, missing=missing)
    return _Shared(
        line,
        price,
        tuple(
            _Given(one, kept.get(one.line_id, 0), {other.product: other for other in instead.get(one.line_id, ())})
            for one in held.lines
        ),
        new,
    )


def _keep_taken(shared: Sequence[_Shared]) -> None:
    """How many of each substitute households take: that many are ordered."""
    changed = []
    for of in shared:
        for substitute in of.line.substitutes.all():
            units = sum(
                one.instead[substitute.product_id].units for one in of.given if substitute.product_id in one.instead
            )
            if units != substitute.units:
                substitute.units = units
                changed.append(substitute)
    if changed:
        OrderLineSubstitute.objects.bulk_update(changed, ["units"])


def _row(one: _Given, price: int) -> tuple[int, int, str, int]:
    """Quantity, charge, reason and extra of the allocation."""
    held, given = one.held, one.held.given
    extra = min(given.extra, max(0, one.units - (held.ground - given.extra)))
    if one.units == given.quantity and not held.agreed:
        return given.quantity, given.charged_minor, given.reason, given.extra
    reason = LineReason.ADDED if one.units == held.ground else LineReason.SHORT_SUPPLY
    if held.whole_only and not one.units:
        reason = LineReason.WHOLE_ONLY_RELEASED
    return one.units, one.units * price, reason.value, extra


def _instead_rows(one: _Given) -> list[tuple[int, int, int]]:
    """(product, units, unit price) of the substitutes that differ from what counts now; 0 takes one back."""
    now = {product: (units, price) for product, (units, price) in one.held.substituted.items() if units}
    new = {product: (other.units, other.unit_price) for product, other in one.instead.items()}
    return [
        (product, *new.get(product, (0, now.get(product, (0, 0))[1])))
        for product in sorted({*now, *new})
        if now.get(product) != new.get(product)
    ]


def _store(order: PurchaseOrder, shared: Sequence[_Shared], kind: ClearingRun.Kind, at: datetime) -> ClearingRun:
    last = ClearingRun.objects.filter(window=order.window_id).aggregate(last=Max("number"))["last"] or 0
    run = ClearingRun.objects.create(
        window_id=order.window_id,
        number=last + 1,
        kind=kind,
        closes_at=order.window.closes_at,
        computed_at=at,
        input_hash=_hash(shared),
    )
    OfferOutcome.objects.bulk_create(
        OfferOutcome(
            run=run,
            offer_id=of.line.offer_id,
            reached=True,
            reason=OfferReason.REACHED.value,
            unit_price_minor=of.new.unit_price,
            cost_minor=of.new.cost,
            ordered=of.line.ordered,
            whole_cases=of.line.whole_cases,
            split=of.line.split,
            hub_units=of.line.hub_units,
        )
        for of in shared
        if of.new is not None
    )
    write_rows(Allocation, _ALLOCATION, _allocations(run.pk, shared))
    write_rows(SubstituteAllocation, _SUBSTITUTE, _substitutes(run.pk, shared))
    return run


def _allocations(run_id: int, shared: Sequence[_Shared]) -> Iterator[tuple[object, ...]]:
    for of in shared:
        for one, (quantity, charged, reason, extra) in of.rows:
            yield run_id, one.held.line_id, quantity, extra, charged, reason


def _substitutes(run_id: int, shared: Sequence[_Shared]) -> Iterator[tuple[object, ...]]:
    for of in shared:
        for one in of.given:
            for product, units, price in _instead_rows(one):
                yield run_id, one.held.line_id, product, of.line.pk, units, price, units * price


def _hash(shared: Sequence[_Shared]) -> str:
    """Of everything that was shared out: what came, and what everybody held."""
    parts = [
        [
            of.line.offer_id,
            of.line.coming,
            of.price,
            [[one.product_id, one.offered] for one in of.line.substitutes.all()],
            [[one.held.line_id, one.held.ground, *one.held.instead] for one in of.given],
        ]
        for of in sorted(shared, key=lambda of: of.line.offer_id)
    ]
    return sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()
