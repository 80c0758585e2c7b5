"""Is everything accounted for? Checks of a closed round, counted anew from the stored rows."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from marketplace.models import (
    Allocation,
    MerchantCounter,
    OfferOutcome,
    PriceStep,
    PurchaseOrder,
    PurchaseOrderLine,
    ReservationLine,
)
from marketplace.rules.states import OrderState

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One statement, how often it was looked at, and examples of where it does not hold."""

    name: str
    looked_at: int
    broken: list[str]

    @property
    def passed(self) -> bool:
        return not self.broken


@dataclass(frozen=True, slots=True)
class Got:
    """What one line got: units, and what is charged for them in minor units."""

    line: ReservationLine
    outcome: OfferOutcome | None
    quantity: int
    charged: int


def check_round(round_id: int) -> list[Check]:
    """Every check of a round, in the order in which goods and money flow."""
    outcomes = {
        outcome.offer_id: outcome
        for outcome in OfferOutcome.objects.filter(run__window__round_id=round_id, run__voided_at=None)
    }
    got = list(_got(round_id, outcomes))
    order_lines = list(
        PurchaseOrderLine.objects.filter(order__window__round_id=round_id)
        .exclude(order__state=OrderState.VOIDED.value)
        .select_related("order")
    )
    orders = list(
        PurchaseOrder.objects.filter(window__round_id=round_id)
        .exclude(state=OrderState.VOIDED.value)
        .select_related("supply", "merchant")
    )
    return [
        _units(got, outcomes),
        _ordered(order_lines, outcomes),
        _totals(orders, order_lines),
        _minimums(orders),
        _charges(got),
        _prices(got),
        _wishes(got),
        _deadlines(got),
        _one_order_each(orders),
        _numbers(),
    ]


def _got(round_id: int, outcomes: dict[int, OfferOutcome]) -> Iterator[Got]:
    """What each line gets: the newest allocation where there is one, else its firm units of a reached offer at a
    price within its limit."""
    newest = {
        allocation.line_id: allocation
        for allocation in Allocation.objects.filter(run__window__round_id=round_id, run__voided_at=None).order_by(
            "run__number"
        )
    }
    for line in ReservationLine.objects.filter(reservation__round_id=round_id).select_related("window"):
        outcome = outcomes.get(line.offer_id)
        price = None if outcome is None else outcome.unit_price_minor
        exception = newest.get(line.pk)
        if exception is not None:
            yield Got(line, outcome, exception.quantity, exception.charged_minor)
        elif price is None or (line.max_unit_price_minor is not None and line.max_unit_price_minor < price):
            yield Got(line, outcome, 0, 0)
        else:
            yield Got(line, outcome, line.firm, line.firm * price)


def _check(name: str, looked_at: int, broken: Iterator[str]) -> Check:
    return Check(name, looked_at, list(broken)[:EXAMPLES])


def _units(got: list[Got], outcomes: dict[int, OfferOutcome]) -> Check:
    handed: Counter[int] = Counter()
    for each in got:
        handed[each.line.offer_id] += each.quantity
    return _check(
        "units of households + hub = units ordered, per offer",
        len(outcomes),
        (
            f"offer {offer_id}: {handed[offer_id]} + {outcome.hub_units} != {outcome.ordered}"
            for offer_id, outcome in outcomes.items()
            if handed[offer_id] + outcome.hub_units != outcome.ordered
        ),
    )


def _ordered(lines: list[PurchaseOrderLine], outcomes: dict[int, OfferOutcome]) -> Check:
    ordered = {line.offer_id: line.ordered for line in lines}
    wanted = {pk: outcome.ordered for pk, outcome in outcomes.items() if outcome.ordered and outcome.cost_minor}
    return _check(
        "every reached offer stands on a purchase order with the same quantity",
        len(wanted),
        (f"offer {pk}" for pk in ordered.keys() | wanted.keys() if ordered.get(pk) != wanted.get(pk)),
    )


def _totals(orders: list[PurchaseOrder], lines: list[PurchaseOrderLine]) -> Check:
    goods: Counter[int] = Counter()
    fees: Counter[int] = Counter()
    for line in lines:
        goods[line.order_id] += line.ordered * line.cost_minor
        fees[line.order_id] += line.split_fee_minor
    # Beyond the fees of split cases only the small-order fee of the supply, whole or not at all.
    return _check(
        "order total = sum of quantity x cost + fees",
        len(orders),
        (
            str(order)
            for order in orders
            if order.goods_minor != goods[order.pk]
            or order.total_minor != goods[order.pk] + order.fees_minor
            or order.fees_minor - fees[order.pk] not in (0, order.supply.small_order_fee_minor)
        ),
    )


def _minimums(orders: list[PurchaseOrder]) -> Check:
    return _check(
        "every order reaches its merchant's minimum or pays the small-order fee",
        len(orders),
        (
            str(order)
            for order in orders
            if order.goods_minor < order.supply.minimum_order_value_minor
            and order.fees_minor < (order.supply.small_order_fee_minor or 1)
        ),
    )


def _charges(got: list[Got]) -> Check:
    return _check(
        "charge of a line = units x price",
        len(got),
        (
            f"line {each.line.pk}"
            for each in got
            if each.charged != each.quantity * ((each.outcome and each.outcome.unit_price_minor) or 0)
        ),
    )


def _prices(got: list[Got]) -> Check:
    offers = {each.line.offer_id for each in got}
    at_most: dict[int, int] = {}
    for offer_id, price in PriceStep.objects.filter(offer__in=offers).values_list("offer_id", "unit_price_minor"):
        at_most[offer_id] = max(price, at_most.get(offer_id, 0))
    return _check(
        "nobody pays more than the limit or the price at most",
        len(got),
        (
            f"line {each.line.pk}"
            for each in got
            if each.charged
            > each.quantity
            * min(at_most[each.line.offer_id], each.line.max_unit_price_minor or at_most[each.line.offer_id])
        ),
    )


def _wishes(got: list[Got]) -> Check:
    return _check(
        "nobody gets more than firm + extra, nor a part of all-or-nothing",
        len(got),
        (
            f"line {each.line.pk}: {each.quantity}"
            for each in got
            if each.quantity > each.line.firm + each.line.flexible
            or (each.line.whole_only and 0 < each.quantity < each.line.firm)
        ),
    )


def _deadlines(got: list[Got]) -> Check:
    return _check(
        "no unit was asked for after its window's deadline",
        len(got),
        (f"line {each.line.pk}" for each in got if _youngest(each.line) >= each.line.window.closes_at),
    )


def _youngest(line: ReservationLine) -> datetime:
    """When the last of its units was asked for."""
    return max([line.placed_at, *(datetime.fromisoformat(part["at"]) for part in line.raised)])


def _one_order_each(orders: list[PurchaseOrder]) -> Check:
    per_merchant = Counter((order.window_id, order.merchant_id) for order in orders)
    return _check(
        "one order per window and merchant",
        len(per_merchant),
        (f"window {window}, merchant {merchant}" for (window, merchant), n in per_merchant.items() if n > 1),
    )


def _numbers() -> Check:
    given: dict[int, list[int]] = {}
    for merchant, number in PurchaseOrder.objects.order_by("number").values_list("merchant_id", "number"):
        given.setdefault(merchant, []).append(number)
    last = dict(MerchantCounter.objects.values_list("merchant_id", "last_order_number"))
    return _check(
        "order numbers of each merchant run from 1 without a gap",
        len(given),
        (
            f"merchant {merchant}: {numbers}"
            for merchant, numbers in given.items()
            if numbers != list(range(1, last.get(merchant, 0) + 1))
        ),
    )
