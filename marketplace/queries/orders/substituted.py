"""What lines get of other products, which came instead of missing units: one reading for pages, lists and notices."""

from collections.abc import Collection
from typing import NamedTuple

from marketplace.models import ReservationLine, SubstituteAllocation


class Substituted(NamedTuple):
    """Units of a product that came instead, at `charged_minor` in all; deposits stand apart."""

    product_id: int
    name: str
    units: int
    unit_price_minor: int
    charged_minor: int
    deposit_minor: int


def substituted_by_line(lines: Collection[ReservationLine]) -> dict[int, tuple[Substituted, ...]]:
    """By line, the newest row of each product that counts. One query; none where no line names a substitute."""
    naming = [line.pk for line in lines if line.substitutes]
    if not naming:
        return {}
    rows = SubstituteAllocation.objects.filter(line__in=naming, run__voided_at__isnull=True)
    rows = rows.select_related("product__deposit_type").order_by("run__number", "run_id", "pk")
    newest = {(row.line_id, row.product_id): row for row in rows}
    found: dict[int, list[Substituted]] = {}
    for row in newest.values():
        if row.quantity:
            deposit = row.product.deposit_type
            found.setdefault(row.line_id, []).append(
                Substituted(
                    row.product_id,
                    row.product.name,
                    row.quantity,
                    row.unit_price_minor,
                    row.charged_minor,
                    row.quantity * deposit.amount_minor if deposit else 0,
                )
            )
    return {line_id: tuple(of) for line_id, of in found.items()}
