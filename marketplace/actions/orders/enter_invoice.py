"""Enter a merchant's invoice for an order that came, line by line or from a file. Another one replaces it until it is
matched."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.orders.holding import hold, move
from marketplace.errors import InvalidInput, OrderNotOpen
from marketplace.models import MerchantInvoice, MerchantInvoiceLine, PurchaseOrder, PurchaseOrderLine, Supply, User
from marketplace.queries.orders.invoices import Billable, BillableKey, billables_of, order_to_bill
from marketplace.rules.catalogue.csv_table import read_csv
from marketplace.rules.catalogue.table import Unreadable
from marketplace.rules.catalogue.xlsx_table import is_xlsx, read_xlsx
from marketplace.rules.orders.invoice_table import billed_rows
from marketplace.rules.orders.matching import Billed, InvoiceState, tax_of
from marketplace.rules.states import OrderState
from marketplace.words import broken_words

LONGEST_NUMBER = 60
_OPEN = (OrderState.RECEIVED, OrderState.PARTLY_RECEIVED, OrderState.BILLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceHead:
    """What stands above and below the lines of an invoice. `fees_minor`, net; `tax_minor`: all tax as it is printed,
    None: what the rates come to."""

    number: str
    dated_on: date
    fees_minor: int = 0
    tax_minor: int | None = None


@transaction.atomic
def enter_invoice(
    *, order_id: int, head: InvoiceHead, lines: Mapping[BillableKey, Billed], by: User
) -> MerchantInvoice:
    """The entered invoice; the order is billed. What no line names is not billed.

    Raises NotFound for a foreign order, NotAllowed, OrderNotOpen where nothing was received yet or all was matched, and
    InvalidInput naming each place: also where the merchant sells itself, so that the hub owes it nothing for goods.
    """
    order = hold(order_to_bill(by, order_id))
    if order.state not in _OPEN:
        raise OrderNotOpen(number=str(order), state=order.state)
    billables = {one.key: one for one in billables_of(order)}
    net_by_rate = _net_by_rate(billables, lines, head)
    tax = tax_of(net_by_rate) if head.tax_minor is None else head.tax_minor
    problems = [*_problems(order, head, billables, lines), *_tax_problems(tax, tax_of(net_by_rate), len(lines))]
    if problems:
        raise InvalidInput(problems=[{"place": place, "problem": problem} for place, problem in problems])
    MerchantInvoice.objects.filter(order=order, state=InvoiceState.ENTERED.value).update(
        state=InvoiceState.WITHDRAWN.value
    )
    invoice = _store(order, head, billables, lines, net=sum(net_by_rate.values()), tax=tax, by=by)
    if order.state != OrderState.BILLED:
        move(order, OrderState.BILLED, at=invoice.entered_at, by=by, reason=invoice.number)
    _note_billed(order, lines)
    return invoice


@transaction.atomic
def enter_invoice_file(*, order_id: int, head: InvoiceHead, content: bytes, by: User) -> MerchantInvoice:
    """The invoice from a CSV or XLSX file with the columns sku (or gtin), quantity, amount: all of it or nothing.
    Raises InvalidInput with row, column and reason, and what `enter_invoice` raises."""
    order = order_to_bill(by, order_id)
    billables = billables_of(order)
    keys = {name.casefold(): one.key.text for one in billables for name in (one.sku, one.gtin) if name}
    by_text = {one.key.text: one.key for one in billables}
    try:
        table = read_xlsx(content) if is_xlsx(content) else read_csv(content)
    except Unreadable as error:
        raise InvalidInput(problems=[{"place": "file", "problem": broken_words(error.broken)}]) from error
    rows, problems = billed_rows(table, keys=keys, currency=order.currency)
    if problems:
        raise InvalidInput(
            problems=[
                {
                    "place": "file",
                    "problem": _("Row %(row)s, %(column)s: %(problem)s")
                    % {"row": one.row or 1, "column": one.column or "–", "problem": broken_words(one.problem)},
                }
                for one in problems
            ]
        )
    lines = {by_text[row.key]: Billed(row.units, row.amount) for row in rows}
    return enter_invoice(order_id=order_id, head=head, lines=lines, by=by)


def _net_by_rate(
    billables: Mapping[BillableKey, Billable], lines: Mapping[BillableKey, Billed], head: InvoiceHead
) -> dict[int, int]:
    """Net amounts by rate of tax; fees are taxed at the highest rate of the order, as the books have them."""
    found: dict[int, int] = {}
    for key, billed in lines.items():
        if key in billables:
            rate = billables[key].tax_rate
            found[rate] = found.get(rate, 0) + billed.amount
    if head.fees_minor:
        rate = max((one.tax_rate for one in billables.values()), default=0)
        found[rate] = found.get(rate, 0) + head.fees_minor
    return found


def _problems(
    order: PurchaseOrder,
    head: InvoiceHead,
    billables: Mapping[BillableKey, Billable],
    lines: Mapping[BillableKey, Billed],
) -> list[tuple[str, str]]:
    problems = []
    if not 0 < len(head.number.strip()) <= LONGEST_NUMBER:
        problems.append(("number", _("Write the invoice's number, at most 60 characters.")))
    if head.dated_on > clock.now().date():
        problems.append(("dated_on", _("The invoice cannot be of a day ahead.")))
    if not lines:
        problems.append(("lines", _("An invoice has at least one line.")))
    problems += [(f"lines.{key.text}", _("This is not on the order.")) for key in lines if key not in billables]
    for key, billed in lines.items():
        if billed.units < 0 or billed.amount < 0:
            problems.append((f"lines.{key.text}", _("Units and amount are 0 or more.")))
    if order.supply.sells_as == Supply.SellsAs.AGENT:
        told = _("This merchant sells to the households itself: the hub owes it no invoice for goods.")
        problems.append(("number", told))
    return problems


def _tax_problems(tax: int, expected: int, lines: int) -> list[tuple[str, str]]:
    """Programs round tax by line or at the end: a minor unit per line may be between the two."""
    if abs(tax - expected) <= lines + 1:
        return []
    return [("tax", _("The tax of these lines comes to something else. Check the amounts, which are without tax."))]


def _store(
    order: PurchaseOrder,
    head: InvoiceHead,
    billables: Mapping[BillableKey, Billable],
    lines: Mapping[BillableKey, Billed],
    *,
    net: int,
    tax: int,
    by: User,
) -> MerchantInvoice:
    invoice = MerchantInvoice.objects.create(
        order=order,
        number=head.number.strip(),
        dated_on=head.dated_on,
        currency=order.currency,
        state=InvoiceState.ENTERED.value,
        fees_minor=head.fees_minor,
        net_minor=net,
        tax_minor=tax,
        total_minor=net + tax,
        entered_at=clock.now(),
        entered_by=by,
    )
    MerchantInvoiceLine.objects.bulk_create(
        MerchantInvoiceLine(
            invoice=invoice,
            line_id=key.line_id,
            product_id=key.product_id,
            quantity=billed.units,
            amount_minor=billed.amount,
            expected_minor=billables[key].expected,
            tax_basis_points=billables[key].tax_rate,
        )
        for key, billed in sorted(lines.items(), key=lambda one: (one[0].line_id, one[0].product_id or 0))
    )
    return invoice


def _note_billed(order: PurchaseOrder, lines: Mapping[BillableKey, Billed]) -> None:
    rows = list(order.lines.order_by("pk"))
    for row in rows:
        billed = lines.get(BillableKey(row.pk))
        row.billed = billed.units if billed else 0
    PurchaseOrderLine.objects.bulk_update(rows, ["billed"])
