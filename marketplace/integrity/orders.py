"""Purchase orders after their issue: revisions, what comes instead, invoices and the books, against each other."""

from collections.abc import Iterator

from django.db.models import F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from marketplace.models import (
    LedgerEntry,
    MerchantInvoice,
    OrderLineSubstitute,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderRevision,
    SubstituteAllocation,
)
from marketplace.queries.ladders import first_price
from marketplace.rules.ledger.entries import LineMemo, TransactionKind
from marketplace.rules.money import format_minor
from marketplace.rules.order_content import content_hash
from marketplace.rules.orders.matching import InvoiceState
from marketplace.rules.states import OrderState
from marketplace.rules.substitutes import at_most_for

_ANSWERED = [OrderState.CONFIRMED.value, OrderState.PARTLY_CONFIRMED.value, OrderState.DECLINED.value]


def check_revisions_count_without_gaps() -> Iterator[str]:
    """An order's revision is the number of its newest one; each after the first says how it came about."""
    orders = PurchaseOrder.objects.annotate(newest=Max("revisions__number"))
    for pk, revision, newest in orders.filter(~Q(revision=F("newest"))).values_list("pk", "revision", "newest"):
        yield f"order {pk} is at revision {revision}, its newest is {newest}"
    for row in PurchaseOrderRevision.objects.filter(number__gt=1, change__isnull=True).order_by("pk"):
        yield f"revision {row.number} of order {row.order_id} does not say what changed"


def check_revisions_are_what_they_were() -> Iterator[str]:
    """The hash of a revision is that of its content."""
    for row in PurchaseOrderRevision.objects.order_by("pk").iterator(chunk_size=200):
        if row.content_hash != content_hash(row.content):
            yield f"revision {row.number} of order {row.order_id} is not what its hash says"


def check_newest_revisions_tell_the_lines() -> Iterator[str]:
    """What the newest revision orders, confirms and adds up to is what the lines say."""
    newest = PurchaseOrderRevision.objects.filter(order=OuterRef("pk")).order_by("-number")
    orders = PurchaseOrder.objects.filter(revision__gt=1).annotate(content=Subquery(newest.values("content")[:1]))
    for order in orders.order_by("pk").iterator(chunk_size=200):
        content = order.content
        lines = order.lines.filter(ordered__gt=0).values_list("sku", "ordered", "confirmed")
        told = [(line["sku"], line["ordered"], line["confirmed"]) for line in content["lines"]]
        if sorted(told, key=str) != sorted(lines, key=str):
            yield f"revision {order.revision} of order {order.pk} tells other lines than the order has"
        if content["total"] != format_minor(order.total_minor, order.currency):
            yield f"revision {order.revision} of order {order.pk} tells {content['total']}"


def check_revised_orders_add_up() -> Iterator[str]:
    """The goods of a revised order are its lines, at cost."""
    orders = PurchaseOrder.objects.filter(revision__gt=1).annotate(
        goods=Coalesce(Sum(F("lines__ordered") * F("lines__cost_minor")), 0)
    )
    for pk, goods, lines in orders.filter(~Q(goods_minor=F("goods"))).values_list("pk", "goods_minor", "goods"):
        yield f"order {pk} tells goods of {goods}, its lines are {lines}"


def check_answered_orders_are_answered_line_by_line() -> Iterator[str]:
    """Each line of an answered order has its answer, of one that waits for it none."""
    lines = PurchaseOrderLine.objects.filter(ordered__gt=0)
    for line in lines.filter(order__state__in=_ANSWERED, confirmed__isnull=True):
        yield f"line {line.pk} of order {line.order_id} has no answer"
    waiting = [OrderState.ISSUED.value, OrderState.ACKNOWLEDGED.value]
    for line in lines.filter(order__state__in=waiting, confirmed__isnull=False):
        yield f"line {line.pk} of order {line.order_id} has an answer, the order has none"


def check_substitutes_are_as_many_as_households_take() -> Iterator[str]:
    """The taken units of a substitute are those that households get, none dearer than they allowed."""
    rows = (
        SubstituteAllocation.objects.filter(run__voided_at__isnull=True)
        .select_related("line")
        .annotate(first=first_price("line__offer"))
        .order_by("run__number", "run_id")
    )
    newest = {(row.line_id, row.product_id): row for row in rows}
    given: dict[tuple[int, int], int] = {}
    for row in newest.values():
        key = row.order_line_id, row.product_id
        given[key] = given.get(key, 0) + row.quantity
        at_most = at_most_for(row.line.max_unit_price_minor, row.first)
        if row.quantity and row.unit_price_minor > at_most:
            yield f"line {row.line_id} pays {row.unit_price_minor} for a substitute, at most {at_most}"
        if row.quantity and row.product_id not in row.line.substitutes:
            yield f"line {row.line_id} gets product {row.product_id} instead, which it did not name"
    for substitute in OrderLineSubstitute.objects.exclude(line__order__state=OrderState.VOIDED.value):
        units = given.pop((substitute.line_id, substitute.product_id), 0)
        if units != substitute.units:
            yield f"{substitute.units} units of substitute {substitute.pk} are ordered, {units} are given out"
    for (line_id, product_id), units in given.items():
        if units:
            yield f"{units} units of product {product_id} come instead of line {line_id}, none is ordered"


def check_matched_invoices_are_what_is_owed() -> Iterator[str]:
    """What the books hold for a matched order's merchant, without packages, is what was accepted of its invoice."""
    kinds = [TransactionKind.PURCHASE.value, TransactionKind.INVOICE.value]
    for invoice in MerchantInvoice.objects.filter(state=InvoiceState.MATCHED.value).select_related("order"):
        rows = LedgerEntry.objects.filter(transaction__order=invoice.order_id, transaction__kind__in=kinds)
        rows = rows.exclude(memo=LineMemo.DEPOSIT.value)
        merchant = invoice.order.merchant_id
        reached = rows.filter(destination__merchant=merchant).aggregate(sum=Sum("amount_minor"))["sum"] or 0
        left = rows.filter(source__merchant=merchant).aggregate(sum=Sum("amount_minor"))["sum"] or 0
        if reached - left != invoice.payable_minor:
            yield f"invoice {invoice.pk} was accepted with {invoice.payable_minor}, {reached - left} is owed"


CHECKS = (
    check_revisions_count_without_gaps,
    check_revisions_are_what_they_were,
    check_newest_revisions_tell_the_lines,
    check_revised_orders_add_up,
    check_answered_orders_are_answered_line_by_line,
    check_substitutes_are_as_many_as_households_take,
    check_matched_invoices_are_what_is_owed,
)
