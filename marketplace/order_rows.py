"""A purchase order's lines as a page shows them: what was ordered and came, and the fields of an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from marketplace.models import Product, PurchaseOrder, PurchaseOrderLine
from marketplace.order_forms import Typed, text_of
from marketplace.order_words import unit_words
from marketplace.queries.orders.holdings import households_taking
from marketplace.queries.orders.lines import lines_of, revised_lines, weighing_of
from marketplace.rules.orders.content import RevisedLine
from marketplace.rules.orders.weights import milli_text


@dataclass(frozen=True, slots=True)
class Choice:
    """A product that some households take instead, with the units that those have reserved."""

    product_id: int
    name: str
    units: int
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A line with its amounts and, where it is answered now, what stands in its fields and what is wrong there."""

    line: PurchaseOrderLine
    told: RevisedLine
    amount_minor: int
    weight_unit: str
    nominal: str
    actual: str
    typed: str
    typed_reason: str
    typed_weight: str
    typed_units: str
    choices: tuple[Choice, ...]
    problem: str
    weight_problem: str
    instead_problem: str

    @property
    def cases(self) -> int:
        return self.line.whole_cases

    @property
    def is_marked(self) -> bool:
        return bool(self.problem or self.weight_problem or self.instead_problem)


def line_rows(
    order: PurchaseOrder, *, typed: Typed | None = None, problems: Mapping[str, str] | None = None, choices: bool
) -> list[LineRow]:
    """The rows of everything that is ordered, in the order of lines. Three queries; `choices` reads what households
    take instead: two more."""
    lines = [line for line in lines_of(order) if line.ordered]
    told = {line.pk: revised for line, revised in zip(lines, revised_lines(lines), strict=True)}
    offered = _choices(order, lines) if choices else {}
    return [_row(line, told[line.pk], typed or {}, problems or {}, offered.get(line.pk, [])) for line in lines]


def _choices(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> dict[int, list[tuple[Product, int]]]:
    """By line, what the merchant may send instead; the most wanted first."""
    taking = households_taking(order.window_id, [line.offer_id for line in lines])
    named = {product_id for products in taking.values() for product_id in products}
    if not named:
        return {}
    own = Product.objects.filter(merchant=order.merchant_id, is_active=True).in_bulk(named)
    found: dict[int, list[tuple[Product, int]]] = {}
    for line in lines:
        there = [(own[pk], units) for pk, units in taking.get(line.offer_id, {}).items() if pk in own]
        found[line.pk] = sorted(there, key=lambda one: (-one[1], one[0].name))
    return found


def _row(
    line: PurchaseOrderLine,
    told: RevisedLine,
    typed: Typed,
    problems: Mapping[str, str],
    offered: Sequence[tuple[Product, int]],
) -> LineRow:
    weighing, place = weighing_of(line.offer), f"lines.{line.pk}"
    kept = next(iter(line.substitutes.all()), None)
    chosen = text_of(typed, f"instead-{line.pk}") if typed else str(kept.product_id if kept else "")
    units = line.ordered if line.confirmed is None else line.confirmed
    actual = "" if line.actual_milli is None else milli_text(line.actual_milli)

    def value(name: str, otherwise: object) -> str:
        return text_of(typed, f"{name}-{line.pk}") if typed else str(otherwise)

    return LineRow(
        line=line,
        told=told,
        amount_minor=line.ordered * line.cost_minor,
        weight_unit="" if weighing is None else unit_words(weighing.unit),
        nominal="" if weighing is None else milli_text(int(weighing.nominal_milli(line.ordered))),
        actual=actual,
        typed=value("confirmed", units),
        typed_reason=value("reason", line.short_reason),
        typed_weight=value("weight", actual),
        typed_units=value("instead_units", kept.offered if kept else ""),
        choices=tuple(Choice(one.pk, one.name, taken, str(one.pk) == chosen) for one, taken in offered),
        problem=problems.get(place, ""),
        weight_problem=problems.get(f"{place}.weight", ""),
        instead_problem=problems.get(f"{place}.instead", ""),
    )


def ready_text(rows: Sequence[LineRow], typed: Typed | None, zone: str) -> str:
    """What stands in the field "ready": as it was typed, else the latest of the lines, on the hub's wall."""
    if typed:
        return text_of(typed, "ready_at")
    known: list[datetime] = [row.line.ready_at for row in rows if row.line.ready_at is not None]
    return f"{max(known).astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" if known else ""


def problems_of(found: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The problems of an InvalidInput by their places."""
    return {str(one["place"]): str(one["problem"]) for one in found}
