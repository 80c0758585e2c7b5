"""A lower billed price reaches the households: what they got is charged lower, by exactly what it comes to."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from hashlib import sha256

from django.db.models import Max

from marketplace.actions.closing.rows import write_rows
from marketplace.models import Allocation, ClearingRun, OrderingWindow, PurchaseOrder, SubstituteAllocation
from marketplace.queries.orders.holdings import HeldLine, holdings_of
from marketplace.queries.orders.lines import order_line_of
from marketplace.rules.orders.weights import half_up
from marketplace.rules.parts import Part, split

Key = tuple[int, int | None]
_ALLOCATION = ("run_id", "line_id", "quantity", "extra", "charged_minor", "reason")
_SUBSTITUTE = ("run_id", "line_id", "product_id", "order_line_id", "quantity", "unit_price_minor", "charged_minor")


def lower_charges(*, order: PurchaseOrder, falls: Mapping[Key, tuple[int, int]], at: datetime) -> list[ClearingRun]:
    """The runs, one per window, that lower the charges; within the caller's transaction, under the order's lock.

    `falls` maps offer and product that came instead (None: the offer's own) to the net amount that goes back, and
    the rate of its tax. Each line gets its part by its units.
    """
    if not falls:
        return []
    gross = order.window.round.hub.prices_include_tax
    amounts = {
        key: half_up(Fraction(net * (10_000 + rate), 10_000)) if gross else net for key, (net, rate) in falls.items()
    }
    windows = OrderingWindow.objects.filter(offers__in={offer_id for offer_id, _product in falls}).distinct()
    runs = []
    for window in windows.order_by("pk"):
        held = holdings_of(window.pk, [offer_id for offer_id, _product in falls])
        run = _run(window, amounts, at)
        own: list[tuple[object, ...]] = []
        instead: list[tuple[object, ...]] = []
        for (offer_id, product_id), amount in sorted(amounts.items(), key=str):
            lines = held[offer_id].lines if offer_id in held else ()
            if product_id is None:
                own += _own(run.pk, lines, amount)
            else:
                order_line = order_line_of(order.pk, offer_id)
                instead += _instead(run.pk, lines, product_id, order_line, amount)
        write_rows(Allocation, _ALLOCATION, own)
        write_rows(SubstituteAllocation, _SUBSTITUTE, instead)
        runs.append(run)
    return runs


def _run(window: OrderingWindow, amounts: Mapping[Key, int], at: datetime) -> ClearingRun:
    last = ClearingRun.objects.filter(window=window).aggregate(last=Max("number"))["last"] or 0
    told = json.dumps(sorted(([offer, product or 0, amount] for (offer, product), amount in amounts.items())))
    return ClearingRun.objects.create(
        window=window,
        number=last + 1,
        kind=ClearingRun.Kind.INVOICE,
        closes_at=window.closes_at,
        computed_at=at,
        input_hash=sha256(told.encode()).hexdigest(),
    )


def _own(run_id: int, lines: Sequence[HeldLine], amount: int) -> list[tuple[object, ...]]:
    served = [line for line in lines if line.now.quantity]
    rows: list[tuple[object, ...]] = []
    for line, part in zip(served, _parts(amount, [(line.line_id, line.now.quantity) for line in served]), strict=True):
        now = line.now
        if part:
            charged = max(0, now.charged_minor - part)
            rows.append((run_id, line.line_id, now.quantity, now.extra, charged, now.reason))
    return rows


def _instead(
    run_id: int, lines: Sequence[HeldLine], product_id: int, order_line: int, amount: int
) -> list[tuple[object, ...]]:
    served = [(line, *line.substituted[product_id]) for line in lines if line.substituted.get(product_id, (0, 0))[0]]
    rows: list[tuple[object, ...]] = []
    parts = _parts(amount, [(line.line_id, units) for line, units, _price in served])
    for (line, units, price), part in zip(served, parts, strict=True):
        if part:
            charged = max(0, units * price - part)
            rows.append((run_id, line.line_id, product_id, order_line, units, price, charged))
    return rows


def _parts(amount: int, units: Sequence[tuple[int, int]]) -> list[int]:
    """The amount by units; exact to the minor unit."""
    return split(amount, [Part(line_id, count) for line_id, count in units]) if units else []
