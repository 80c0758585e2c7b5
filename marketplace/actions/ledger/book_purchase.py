"""Book what a merchant delivered: what the hub owes for it, and what of it the hub keeps as stock."""

from collections.abc import Iterator
from fractions import Fraction

from django.db import transaction

from marketplace import clock
from marketplace.actions.ledger.post import Refs, post
from marketplace.errors import NotFound
from marketplace.models import LedgerEntry, LedgerTransaction, PurchaseOrder, PurchaseOrderLine, User
from marketplace.queries.orders.lines import lines_of, weighing_of
from marketplace.rules.ledger.accounts import AccountKind, AccountRef, merchant, vat_paid
from marketplace.rules.ledger.difference import difference
from marketplace.rules.ledger.entries import Entry, LineMemo, TransactionKind
from marketplace.rules.ledger.splitting import Bought, SellsAs, half_up, purchase_entries, taxed
from marketplace.rules.orders.weights import amount_of
from marketplace.rules.states import OrderState


@transaction.atomic
def book_purchase(*, order_id: int, by: User | None) -> LedgerTransaction | None:
    """The booking that leads from what the books hold for the order to what came by what is known now; None where
    nothing moves. Joins the caller's transaction; again is harmless. Raises NotFound.

    A voided order comes to nothing. A merchant's invoice books its own difference beside this one.
    """
    order = (
        PurchaseOrder.objects.select_for_update(of=("self",))
        .select_related("supply", "window")
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise NotFound(kind="purchase_order", id=order_id)
    rows = LedgerEntry.objects.filter(transaction__order=order, transaction__kind=TransactionKind.PURCHASE.value)
    booked = [
        Entry(row.source.ref, row.destination.ref, row.amount_minor, row.memo, row.facts, row.line_id)
        for row in rows.select_related("source", "destination").order_by("pk")
    ]
    wanted = [] if order.state == OrderState.VOIDED else list(_entries(order))
    entries = difference(booked, wanted)
    if not entries:
        return None
    number = LedgerTransaction.objects.filter(order=order, kind=TransactionKind.PURCHASE.value).count() + 1
    return post(
        hub_id=order.supply.hub_id,
        kind=TransactionKind.PURCHASE,
        key=f"purchase:{order.pk}:{number}",
        entries=entries,
        at=clock.now(),
        refs=Refs(round_id=order.window.round_id, window_id=order.window_id, order_id=order.pk),
        by=by,
    )


def _entries(order: PurchaseOrder) -> Iterator[Entry]:
    sells_as = SellsAs(order.supply.sells_as)
    lines = lines_of(order)
    for line in lines:
        yield from _line_entries(order, line, sells_as)
    # What is left of the fees is the order's own: that of a small order.
    rest = order.fees_minor - sum(line.split_fee_minor for line in lines)
    if rest > 0:
        rate = max((line.offer.product.tax_class.rate_basis_points for line in lines), default=0)
        owed, facts = merchant(order.merchant_id), {"fee": "small_order"}
        yield Entry(AccountRef(AccountKind.PURCHASE_FEES), owed, rest, LineMemo.PURCHASE_FEE.value, facts)
        tax = taxed(rest, rate, includes_tax=False).tax
        if tax:
            yield Entry(vat_paid(rate), owed, tax, LineMemo.TAX.value, facts)


def _line_entries(order: PurchaseOrder, line: PurchaseOrderLine, sells_as: SellsAs) -> Iterator[Entry]:
    product, came = line.offer.product, line.coming
    # The hub goes without first: the households' units are those that were not ordered for it.
    kept = min(came, max(0, came - (line.ordered - line.hub_units)))
    milli = line.actual_milli
    if milli is not None and line.confirmed and line.confirmed != came:
        milli = half_up(Fraction(milli * came, line.confirmed))
    cost = amount_of(cost=line.cost_minor, units=came, weighing=weighing_of(line.offer), actual_milli=milli)
    yield from purchase_entries(
        Bought(
            merchant_id=order.merchant_id,
            sells_as=sells_as,
            tax_rate=product.tax_class.rate_basis_points,
            units=came,
            kept=kept,
            cost=cost,
            stock_cost=half_up(Fraction(cost * kept, came)) if came else 0,
            fee=line.split_fee_minor,
            deposit_type_id=product.deposit_type_id,
            deposit_each=product.deposit_type.amount_minor if product.deposit_type else 0,
            facts={"product_id": product.pk, "product": line.name, "units": came},
        )
    )
    for instead in line.substitutes.select_related("product__tax_class", "product__deposit_type").order_by("pk"):
        other, units = instead.product, instead.units if instead.received is None else instead.received
        yield from purchase_entries(
            Bought(
                merchant_id=order.merchant_id,
                sells_as=sells_as,
                tax_rate=other.tax_class.rate_basis_points,
                units=units,
                kept=0,
                cost=units * instead.cost_minor,
                stock_cost=0,
                deposit_type_id=other.deposit_type_id,
                deposit_each=other.deposit_type.amount_minor if other.deposit_type else 0,
                facts={"product_id": other.pk, "product": instead.name, "units": units},
            )
        )
