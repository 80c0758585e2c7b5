"""The frozen content of revision n + 1: the earlier one with its lines as they are now, and what changed.

The head (who orders what of whom for when) never changes; money is exact decimal text as in rules/order_content.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from marketplace.rules.money import format_minor
from marketplace.rules.orders.difference import difference
from marketplace.rules.orders.weights import Weighing, amount_of, milli_text

Json = dict[str, Any]


class RevisedInstead(NamedTuple):
    """Units of another product that come instead of missing ones, at `cost` minor units each."""

    name: str
    sku: str
    gtin: str
    units: int
    cost: int


class RevisedLine(NamedTuple):
    """A line as it is now. `confirmed` is None until the merchant answers; `ready_at` is ISO text; the rest is as in
    rules/order_content.ContentLine."""

    name: str
    sku: str
    gtin: str
    ordered: int
    case: int
    split_fee: int
    cost: int
    hub: int
    confirmed: int | None = None
    short_reason: str = ""
    ready_at: str | None = None
    weighing: Weighing | None = None
    actual_milli: int | None = None
    instead: tuple[RevisedInstead, ...] = ()

    @property
    def coming_minor(self) -> int | None:
        """What will be billed for the goods that come, substitutes included; None until the merchant answers."""
        if self.confirmed is None:
            return None
        own = amount_of(cost=self.cost, units=self.confirmed, weighing=self.weighing, actual_milli=self.actual_milli)
        return own + sum(one.units * one.cost for one in self.instead)


class Sums(NamedTuple):
    """Of a revision, in minor units."""

    goods: int
    fees: int
    coming: int | None


def sums_of(lines: Sequence[RevisedLine], small_order_fee: int) -> Sums:
    """What is ordered, the fees, and what will come of it (None until the merchant answers)."""
    goods = sum(line.ordered * line.cost for line in lines)
    fees = sum(line.split_fee for line in lines if line.ordered) + small_order_fee
    answered = [line.coming_minor for line in lines if line.coming_minor is not None]
    return Sums(goods, fees, sum(answered) if answered else None)


def revised_content(
    *, before: Mapping[str, Any], revision: int, lines: Sequence[RevisedLine], sums: Sums, change: Mapping[str, Any]
) -> Json:
    """The content of the next revision; `change` says which kind, by whom, when and why. Lines of which nothing is
    ordered any more are left out, and stand in the difference."""
    currency = str(before["currency"])

    def money(amount: int | None) -> str | None:
        return None if amount is None else format_minor(amount, currency)

    written = [_line(line, currency) for line in lines if line.ordered]
    content: Json = {
        **before,
        "revision": revision,
        "lines": written,
        "goods": money(sums.goods),
        "fees": money(sums.fees),
        "total": money(sums.goods + sums.fees),
        "coming": None
        if sums.coming is None
        else {
            "goods": money(sums.coming),
            "fees": money(sums.fees if sums.coming else 0),
            "total": money(sums.coming + (sums.fees if sums.coming else 0)),
        },
    }
    content["change"] = {**change, "lines": difference(before["lines"], written)}
    return content


def _line(line: RevisedLine, currency: str) -> Json:
    def money(amount: int) -> str:
        return format_minor(amount, currency)

    coming = line.coming_minor
    return {
        "name": line.name,
        "sku": line.sku,
        "gtin": line.gtin,
        "ordered": line.ordered,
        "case": line.case,
        "whole_cases": line.ordered // line.case,
        "split": bool(line.ordered % line.case),
        "split_fee": money(line.split_fee),
        "cost": money(line.cost),
        "amount": money(line.ordered * line.cost),
        "hub": line.hub,
        "confirmed": line.confirmed,
        "short_reason": line.short_reason,
        "ready_at": line.ready_at,
        "weight": weight_json(line),
        "coming": None if coming is None else money(coming),
        "substitutes": [
            {**one._asdict(), "cost": money(one.cost), "amount": money(one.units * one.cost)} for one in line.instead
        ],
    }


def weight_json(line: RevisedLine) -> Json | None:
    """What the confirmed units weigh and what of it is paid; None where that is not known, or plays no part."""
    if line.weighing is None or line.actual_milli is None or not line.confirmed:
        return None
    return {
        "unit": line.weighing.unit,
        "nominal": milli_text(int(line.weighing.nominal_milli(line.confirmed))),
        "actual": milli_text(line.actual_milli),
        "billed": milli_text(line.weighing.billed_milli(line.confirmed, line.actual_milli)),
    }
