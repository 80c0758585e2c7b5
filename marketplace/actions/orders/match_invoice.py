"""Match an entered invoice: who bears each difference is decided, the books follow, the order is matched.

A lower billed price reaches the households in the same transaction, as a run of its own that lowers their charges.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.ledger.book_purchase import book_purchase
from marketplace.actions.ledger.credit_shortage import credit_shortage
from marketplace.actions.ledger.post import Refs, post
from marketplace.actions.ledger.settle_order import settle_order
from marketplace.actions.orders.holding import hold, move
from marketplace.actions.orders.lower_charges import lower_charges
from marketplace.errors import IllegalMove, InvalidInput
from marketplace.models import LedgerEntry, MerchantInvoice, MerchantInvoiceLine, PurchaseOrder, PurchaseOrderLine, User
from marketplace.queries.orders.invoices import Matched, billables_of, invoice_to_match, matched_lines
from marketplace.rules.ledger.accounts import AccountKind, AccountRef, merchant, vat_paid
from marketplace.rules.ledger.entries import Entry, LineMemo, TransactionKind
from marketplace.rules.orders.matching import Bearer, Billed, Borne, InvoiceState, borne, tax_of
from marketplace.rules.orders.weights import MILLI, half_up
from marketplace.rules.states import OrderState

_MARGIN = AccountRef(AccountKind.HUB_MARGIN)


@transaction.atomic
def match_invoice(*, invoice_id: int, bearers: Mapping[int, Bearer] | None = None, by: User) -> MerchantInvoice:
    """The matched invoice. `bearers` maps ids of its lines to who bears the difference; who is not named is the usual
    one (the merchant for what is too much).

    Raises NotFound for a foreign invoice, NotAllowed, IllegalMove where it was matched or replaced, InvalidInput for
    somebody who may not bear a difference.
    """
    found = invoice_to_match(by, invoice_id)
    order = hold(found.order)
    invoice = MerchantInvoice.objects.get(pk=found.pk)
    now = clock.now()
    lines = matched_lines(invoice, billables_of(order))
    decided = _decided(lines, bearers or {})
    amounts = [
        borne(one.billable.came, Billed(one.row.quantity, one.row.amount_minor), one.found, bearer)
        for one, bearer in zip(lines, decided, strict=True)
    ]
    _weigh_as_billed(lines, amounts)
    payable = _payable(order, invoice, lines, amounts)
    moved = MerchantInvoice.objects.filter(pk=invoice.pk, state=InvoiceState.ENTERED.value).update(
        state=InvoiceState.MATCHED.value, payable_minor=payable, matched_at=now, matched_by=by
    )
    if not moved:
        raise IllegalMove(
            kind="merchant_invoice", id=invoice.pk, from_state=invoice.state, to_state=InvoiceState.MATCHED.value
        )
    MerchantInvoiceLine.objects.bulk_update([one.row for one in lines], ["bearer", "expected_minor"])
    for run in lower_charges(order=order, falls=_falls(lines, amounts), at=now):
        credit_shortage(run_id=run.pk, by=by)
    settle_order(order_id=order.pk, by=by)
    book_purchase(order_id=order.pk, by=by)
    _book(order, invoice, matched_lines(invoice, billables_of(order)), amounts, payable, now, by)
    move(order, OrderState.MATCHED, at=now, by=by, reason=invoice.number)
    invoice.refresh_from_db()
    return invoice


def _decided(lines: Sequence[Matched], bearers: Mapping[int, Bearer]) -> list[Bearer | None]:
    """Who bears each difference; noted on the lines."""
    decided, problems = [], []
    for one in lines:
        bearer = bearers.get(one.row.pk, one.found.usual) if one.found.rest else None
        if bearer is not None and bearer not in one.found.may_bear:
            told = _("A difference like this is not put on them without their consent.")
            problems.append({"place": f"lines.{one.row.pk}", "problem": told})
        one.row.bearer = "" if bearer is None else bearer.value
        one.row.expected_minor = one.found.expected
        decided.append(bearer)
    if problems:
        raise InvalidInput(problems=problems)
    return decided


def _weigh_as_billed(lines: Sequence[Matched], amounts: Sequence[Borne]) -> None:
    """Weight within the margin that the households bear: what was billed is what it weighs."""
    for one, amount in zip(lines, amounts, strict=True):
        came, line = one.billable.came, one.billable.line
        if amount.charge and came.weighing is not None and came.cost and came.weighed_units:
            per_unit = Fraction(came.cost * came.weighing.denominator, came.weighing.numerator)
            all_weighed = Fraction(one.row.amount_minor * came.weighed_units, came.units)
            line.actual_milli = half_up(all_weighed / per_unit * MILLI)
            PurchaseOrderLine.objects.filter(pk=line.pk).update(actual_milli=line.actual_milli)


def _falls(lines: Sequence[Matched], amounts: Sequence[Borne]) -> dict[tuple[int, int | None], tuple[int, int]]:
    """Net amounts that reach the households, by offer and product that came instead (None: its own), with the rate."""
    return {
        (one.billable.line.offer_id, one.billable.key.product_id): (amount.credit, one.billable.tax_rate)
        for one, amount in zip(lines, amounts, strict=True)
        if amount.credit
    }


def _payable(order: PurchaseOrder, invoice: MerchantInvoice, lines: Sequence[Matched], amounts: Sequence[Borne]) -> int:
    """What the hub accepts, with tax: as printed where it accepts everything."""
    whole = all(amount.payable == one.row.amount_minor for one, amount in zip(lines, amounts, strict=True))
    if whole and invoice.fees_minor <= order.fees_minor:
        return invoice.total_minor
    by_rate: dict[int, int] = {}
    for one, amount in zip(lines, amounts, strict=True):
        by_rate[one.billable.tax_rate] = by_rate.get(one.billable.tax_rate, 0) + amount.payable
    fees = min(invoice.fees_minor, order.fees_minor)
    if fees:
        rate = max(by_rate, default=0)
        by_rate[rate] = by_rate.get(rate, 0) + fees
    return sum(by_rate.values()) + tax_of(by_rate)


def _book(
    order: PurchaseOrder,
    invoice: MerchantInvoice,
    lines: Sequence[Matched],
    amounts: Sequence[Borne],
    payable: int,
    at: datetime,
    by: User,
) -> None:
    """What the invoice changes of what is booked for the delivery: by line, then what rounding of tax leaves."""
    owed = merchant(order.merchant_id)
    fees = min(invoice.fees_minor, order.fees_minor) - order.fees_minor
    facts = {"invoice": invoice.number}
    entries: list[Entry] = []
    for one, amount in zip(lines, amounts, strict=True):
        changed = amount.payable - one.billable.expected
        entries += _moved(_MARGIN, owed, changed, LineMemo.COST, {**facts, "product": one.billable.name})
    # What nobody billed was not asked for.
    named = {one.billable.key for one in lines}
    for billable in billables_of(order):
        if billable.key not in named:
            entries += _moved(_MARGIN, owed, -billable.expected, LineMemo.COST, {**facts, "product": billable.name})
    entries += _moved(AccountRef(AccountKind.PURCHASE_FEES), owed, fees, LineMemo.PURCHASE_FEE, facts)
    booked = _owed_for(order) + sum(_reaching(entry, owed) for entry in entries)
    rate = max((one.billable.tax_rate for one in lines), default=0)
    entries += _moved(vat_paid(rate), owed, payable - booked, LineMemo.TAX, facts)
    if entries:
        post(
            hub_id=order.supply.hub_id,
            kind=TransactionKind.INVOICE,
            key=f"merchant-invoice:{invoice.pk}",
            entries=entries,
            at=at,
            refs=Refs(round_id=order.window.round_id, window_id=order.window_id, order_id=order.pk),
            reason=invoice.number,
            by=by,
        )


def _owed_for(order: PurchaseOrder) -> int:
    """What the books hold of the order's delivery for the merchant, without packages; one query."""
    rows = LedgerEntry.objects.filter(
        transaction__order=order, transaction__kind=TransactionKind.PURCHASE.value
    ).exclude(memo=LineMemo.DEPOSIT.value)
    reaching = rows.filter(destination__merchant=order.merchant_id).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    leaving = rows.filter(source__merchant=order.merchant_id).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return reaching - leaving


def _reaching(entry: Entry, account: AccountRef) -> int:
    return entry.amount_minor * ((entry.destination == account) - (entry.source == account))


def _moved(
    source: AccountRef, destination: AccountRef, amount: int, memo: LineMemo, facts: Mapping[str, str]
) -> list[Entry]:
    """An entry; the other way round for an amount below zero, none for zero."""
    if not amount:
        return []
    ends = (source, destination) if amount > 0 else (destination, source)
    return [Entry(*ends, abs(amount), memo.value, facts)]
