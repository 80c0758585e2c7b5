"""What a merchant's invoice is held against: what came of each line of its order, and what that should cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from marketplace.access import purchase_order_for
from marketplace.errors import NotFound
from marketplace.models import MerchantInvoice, MerchantInvoiceLine, PurchaseOrder, PurchaseOrderLine, User
from marketplace.queries.orders.lines import lines_of, weighing_of
from marketplace.rules.orders.matching import Bearer, Billed, Came, InvoiceState, Match, match
from marketplace.rules.roles import Permission


class BillableKey(NamedTuple):
    """A line, or the product that came instead of it."""

    line_id: int
    product_id: int | None = None

    @property
    def text(self) -> str:
        """As forms and tables name it: "12" or "12-34"."""
        return str(self.line_id) if self.product_id is None else f"{self.line_id}-{self.product_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Billable:
    """Something of an order that may be billed, with what came of it. `tax_rate` in 1/100 %."""

    key: BillableKey
    line: PurchaseOrderLine
    name: str
    sku: str
    gtin: str
    ordered: int
    came: Came
    tax_rate: int

    @property
    def expected(self) -> int:
        return self.came.expected(self.came.units)


@dataclass(frozen=True, slots=True)
class Matched:
    """A billed line beside what came of it; `bearer` is the decided one, or the usual one."""

    billable: Billable
    row: MerchantInvoiceLine
    found: Match

    @property
    def bearer(self) -> Bearer | None:
        return Bearer(self.row.bearer) if self.row.bearer else self.found.usual


def billables_of(order: PurchaseOrder) -> list[Billable]:
    """Everything that came or was ordered, then what came instead, line by line. Three queries."""
    found: list[Billable] = []
    for line in lines_of(order):
        product = line.offer.product
        if line.ordered or line.coming:
            found.append(
                Billable(
                    key=BillableKey(line.pk),
                    line=line,
                    name=line.name,
                    sku=line.sku,
                    gtin=line.gtin,
                    ordered=line.ordered,
                    came=_came(line),
                    tax_rate=product.tax_class.rate_basis_points,
                )
            )
        for one in sorted(line.substitutes.all(), key=lambda one: one.pk):
            units = one.units if one.received is None else one.received
            found.append(
                Billable(
                    key=BillableKey(line.pk, one.product_id),
                    line=line,
                    name=one.name,
                    sku=one.sku,
                    gtin=one.gtin,
                    ordered=0,
                    came=Came(units, one.cost_minor),
                    tax_rate=one.product.tax_class.rate_basis_points,
                )
            )
    return found


def _came(line: PurchaseOrderLine) -> Came:
    """What came of a line; of these units the hub's own are those that no household holds."""
    hub = max(0, line.coming - (line.ordered - line.hub_units))
    return Came(line.coming, line.cost_minor, hub, weighing_of(line.offer), line.actual_milli, line.confirmed or 0)


def invoice_of(order: PurchaseOrder) -> MerchantInvoice | None:
    """The order's invoice that counts. One query."""
    invoices = order.invoices.exclude(state=InvoiceState.WITHDRAWN.value)
    return invoices.select_related("entered_by", "matched_by").first()


def matched_lines(invoice: MerchantInvoice, billables: Iterable[Billable]) -> list[Matched]:
    """The invoice's lines beside what came, in the order of the order's lines. One query."""
    rows = {BillableKey(row.line_id, row.product_id): row for row in invoice.lines.all()}
    return [
        Matched(one, rows[one.key], match(one.came, Billed(rows[one.key].quantity, rows[one.key].amount_minor)))
        for one in billables
        if one.key in rows
    ]


def order_to_bill(user: User, order_id: int) -> PurchaseOrder:
    """An order whose money the user looks after. Raises NotFound, NotAllowed. Up to two queries."""
    return purchase_order_for(user, order_id, Permission.MATCH_INVOICES)


def invoice_to_match(user: User, invoice_id: int) -> MerchantInvoice:
    """An invoice of an order whose money the user looks after. Raises NotFound, NotAllowed. Up to three queries."""
    invoice = MerchantInvoice.objects.filter(pk=invoice_id).first()
    if invoice is None:
        raise NotFound(kind="merchant_invoice", id=invoice_id)
    invoice.order = order_to_bill(user, invoice.order_id)
    return invoice
