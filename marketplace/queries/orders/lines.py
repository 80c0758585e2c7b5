"""The lines of a purchase order with what its answer, its revisions and its invoice need of their offers."""

from collections.abc import Collection, Iterable
from datetime import datetime

from marketplace.models import Offer, OfferOutcome, OrderLineSubstitute, PriceStep, Product, PurchaseOrder
from marketplace.models import PurchaseOrderLine as Line
from marketplace.rules.goods import UnitCode
from marketplace.rules.order_content import instant
from marketplace.rules.orders.content import RevisedInstead, RevisedLine
from marketplace.rules.orders.weights import Weighing

# The unit that people weigh in, and how many of the price unit it holds.
_LARGE = {
    UnitCode.GRAM: (UnitCode.KILOGRAM, 1000),
    UnitCode.KILOGRAM: (UnitCode.KILOGRAM, 1),
    UnitCode.MILLILITRE: (UnitCode.LITRE, 1000),
    UnitCode.LITRE: (UnitCode.LITRE, 1),
}


def lines_of(order: PurchaseOrder) -> list[Line]:
    """The lines with offer, product, rate of tax and what comes instead. Two queries, up to four where it does."""
    lines = order.lines.select_related("offer__product__tax_class", "offer__product__deposit_type")
    instead = ("substitutes__product__tax_class", "substitutes__product__deposit_type")
    return list(lines.prefetch_related(*instead).order_by("pk"))


def weighing_of(offer: Offer) -> Weighing | None:
    """How an offer (with its product at hand) is weighed, in kilograms or litres; None where it is paid by the
    piece."""
    if not offer.product.catch_weight or offer.price_unit == UnitCode.PIECE:
        return None
    unit, parts = _LARGE[UnitCode(offer.price_unit)]
    return Weighing(
        unit.value, offer.price_units_numerator, offer.price_units_denominator * parts, offer.weight_margin_percent
    )


def revised_lines(lines: Iterable[Line]) -> list[RevisedLine]:
    """The lines (as `lines_of` loads them) as a revision tells them."""
    return [_revised(line) for line in lines]


def _revised(line: Line) -> RevisedLine:
    return RevisedLine(
        name=line.name,
        sku=line.sku,
        gtin=line.gtin,
        ordered=line.ordered,
        case=line.case,
        split_fee=line.split_fee_minor,
        cost=line.cost_minor,
        hub=line.hub_units,
        confirmed=line.confirmed,
        short_reason=line.short_reason,
        ready_at=_instant(line.ready_at),
        weighing=weighing_of(line.offer),
        actual_milli=line.actual_milli,
        instead=tuple(
            RevisedInstead(one.name, one.sku, one.gtin, one.units, one.cost_minor)
            for one in sorted(line.substitutes.all(), key=_by_key)
            if one.units
        ),
    )


def _by_key(substitute: OrderLineSubstitute) -> int:
    return substitute.pk


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)


def order_line_of(order_id: int, offer_id: int) -> int:
    """The key of an order's line of an offer. One query."""
    return Line.objects.values_list("pk", flat=True).get(order=order_id, offer=offer_id)


def own_prices(window_round_id: int, product_ids: Collection[int]) -> dict[int, int]:
    """What a unit of these products costs the households of a round: as its offer was ordered, else at most. Two
    queries; a product that is not offered there is left out."""
    if not product_ids:
        return {}
    steps = PriceStep.objects.filter(offer__product__in=product_ids, offer__window__round=window_round_id)
    columns = ("offer__product_id", "unit_price_minor")
    prices = dict(steps.order_by("-from_quantity").values_list(*columns))
    reached = OfferOutcome.objects.filter(
        offer__product__in=product_ids, offer__window__round=window_round_id, run__voided_at__isnull=True, reached=True
    )
    return prices | dict(reached.order_by("run__number").values_list(*columns))


def merchants_products(order: PurchaseOrder, product_ids: Collection[int]) -> dict[int, Product]:
    """Of these products those that the order's merchant makes. One query."""
    found = Product.objects.filter(merchant=order.merchant_id, pk__in=product_ids, is_active=True)
    return {product.pk: product for product in found}
