"""What merchants are owed for purchase orders: by what came, and by what the books hold of it."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from marketplace.models import LedgerEntry, Product, PurchaseOrder, PurchaseOrderLine
from marketplace.queries.orders.lines import lines_of, weighing_of
from marketplace.rules.ledger.accounts import AccountKind, AccountRef, merchant, vat_paid
from marketplace.rules.ledger.entries import Entry, LineMemo, TransactionKind
from marketplace.rules.ledger.splitting import Bought, SellsAs, half_up, purchase_entries, taxed
from marketplace.rules.orders.weights import amount_of


def booked_purchase(order: PurchaseOrder) -> list[Entry]:
    """What the books hold of an order's delivery, without what its invoice changed. One query."""
    rows = LedgerEntry.objects.filter(transaction__order=order, transaction__kind=TransactionKind.PURCHASE.value)
    return [as_entry(row) for row in rows.select_related("source", "destination").order_by("pk")]


def as_entry(row: LedgerEntry) -> Entry:
    """A stored entry (with its accounts at hand) as the rules know it."""
    return Entry(row.source.ref, row.destination.ref, row.amount_minor, row.memo, row.facts, row.line_id)


def wanted_purchase(order: PurchaseOrder, booked: Iterable[Entry]) -> list[Entry]:
    """What the hub owes for what came of an order (with its supply at hand), on the terms that it was booked on before.
    A query for the lines and one more for those that something came instead of."""
    terms = {entry.facts["product_id"]: _Terms.told(entry.facts) for entry in booked if "product_id" in entry.facts}
    lines = lines_of(order)
    entries = [entry for line in lines for entry in _line_entries(order, line, terms)]
    # What is left of the fees is the order's own: that of a small order.
    rest = order.fees_minor - sum(line.split_fee_minor for line in lines)
    if rest > 0:
        rate = max((line.offer.product.tax_class.rate_basis_points for line in lines), default=0)
        entries += _small_order(order, rest, rate)
    return entries


class _Terms(NamedTuple):
    """What a product is bought on; kept in the facts of its entries."""

    tax_rate: int
    sells_as: str
    deposit_type_id: int | None
    deposit_each: int

    @classmethod
    def now(cls, product: Product, sells_as: str) -> "_Terms":
        deposit = product.deposit_type
        each = deposit.amount_minor if deposit else 0
        return cls(product.tax_class.rate_basis_points, sells_as, deposit.pk if deposit else None, each)

    @classmethod
    def told(cls, facts: Mapping[str, Any]) -> "_Terms":
        return cls(*(facts[name] for name in cls._fields))


def _small_order(order: PurchaseOrder, fee: int, rate: int) -> Iterator[Entry]:
    owed, facts = merchant(order.merchant_id), {"fee": "small_order"}
    yield Entry(AccountRef(AccountKind.PURCHASE_FEES), owed, fee, LineMemo.PURCHASE_FEE.value, facts)
    if tax := taxed(fee, rate, includes_tax=False).tax:
        yield Entry(vat_paid(rate), owed, tax, LineMemo.TAX.value, facts)


def _line_entries(order: PurchaseOrder, line: PurchaseOrderLine, terms: Mapping[int, _Terms]) -> Iterator[Entry]:
    came = line.coming
    # The hub goes without first: the households' units are those that were not ordered for it.
    kept = min(came, max(0, came - (line.ordered - line.hub_units)))
    milli = line.actual_milli
    if milli is not None and line.confirmed and line.confirmed != came:
        milli = half_up(Fraction(milli * came, line.confirmed))
    cost = amount_of(cost=line.cost_minor, units=came, weighing=weighing_of(line.offer), actual_milli=milli)
    yield from _bought(order, line.offer.product, line.name, came, cost, terms, kept=kept, fee=line.split_fee_minor)
    for instead in sorted(line.substitutes.all(), key=lambda one: one.product_id):
        units = instead.units if instead.received is None else instead.received
        if units:
            cost = units * instead.cost_minor
            yield from _bought(order, instead.product, instead.name, units, cost, terms)


def _bought(
    order: PurchaseOrder,
    product: Product,
    name: str,
    units: int,
    cost: int,
    terms: Mapping[int, _Terms],
    *,
    kept: int = 0,
    fee: int = 0,
) -> Iterator[Entry]:
    on = terms.get(product.pk) or _Terms.now(product, order.supply.sells_as)
    return purchase_entries(
        Bought(
            merchant_id=order.merchant_id,
            sells_as=SellsAs(on.sells_as),
            tax_rate=on.tax_rate,
            units=units,
            kept=kept,
            cost=cost,
            stock_cost=half_up(Fraction(cost * kept, units)) if units else 0,
            fee=fee,
            deposit_type_id=on.deposit_type_id,
            deposit_each=on.deposit_each,
            facts={"product_id": product.pk, "product": name, "units": units, **on._asdict()},
        )
    )
