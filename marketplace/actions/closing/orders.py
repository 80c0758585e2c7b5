"""Issuing the purchase orders of a closing: numbers without gaps, lines, frozen contents, dispatches, events."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from marketplace.actions.closing.answer import IssuedOrder
from marketplace.actions.closing.contents import content_lines, order_head
from marketplace.actions.closing.numbers import next_numbers
from marketplace.actions.closing.rows import write_rows
from marketplace.events import emit
from marketplace.models import (
    ClearingRun,
    Dispatch,
    OrderingWindow,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderRevision,
    WindowSupply,
)
from marketplace.queries.closing import TermsOfWindow
from marketplace.rules.after_close import AfterClose, dispatch_due_at, held_for
from marketplace.rules.clearing.outcome import MerchantOutcome, WindowResult
from marketplace.rules.order_content import content_hash, order_content

_LINE_COLUMNS = (
    *("order_id", "offer_id", "name", "sku", "gtin", "ordered", "case", "whole_cases", "split", "split_fee_minor"),
    *("hub_units", "cost_minor", "short_reason"),
)
_REVISION_COLUMNS = ("order_id", "number", "content", "content_hash", "reason", "created_at")


class _Issue(NamedTuple):
    """One order on its way into the database."""

    order: PurchaseOrder
    outcome: MerchantOutcome
    supply: WindowSupply


def issue_orders(
    *, window: OrderingWindow, run: ClearingRun, terms: TermsOfWindow, result: WindowResult, now: datetime
) -> list[IssuedOrder]:
    """One purchase order per merchant of whom something is ordered, in the order of merchants. `now` is the instant
    at which the window was found due; it decides only whether the close is too late to send."""
    outcomes = sorted(result.purchase_orders, key=lambda outcome: int(outcome.merchant))
    numbers = next_numbers([int(outcome.merchant) for outcome in outcomes])
    issues = []
    for outcome in outcomes:
        supply = terms.supplies[int(outcome.merchant)]
        order = _order(window, run, supply, outcome, numbers[int(outcome.merchant)], now)
        issues.append(_Issue(order, outcome, supply))
    PurchaseOrder.objects.bulk_create(issue.order for issue in issues)
    write_rows(PurchaseOrderLine, _LINE_COLUMNS, _lines(issues, terms, result))
    write_rows(PurchaseOrderRevision, _REVISION_COLUMNS, _revisions(window, issues, terms, result))
    _dispatch(window, issues)
    for issue in issues:
        emit(
            "purchase_order.issued",
            order_id=issue.order.pk,
            window_id=window.pk,
            merchant_id=issue.order.merchant_id,
            revision=issue.order.revision,
        )
    return [_answer(issue) for issue in issues]


def _order(
    window: OrderingWindow,
    run: ClearingRun,
    supply: WindowSupply,
    outcome: MerchantOutcome,
    number: int,
    now: datetime,
) -> PurchaseOrder:
    held = held_for(
        policy=AfterClose(window.after_close),
        goods=outcome.value,
        send_above=window.send_above_minor,
        orders_due_at=supply.orders_due_at,
        now=now,
    )
    return PurchaseOrder(
        merchant=supply.supply.merchant,
        supply=supply.supply,
        window=window,
        run=run,
        number=number,
        currency=window.round.hub.currency,
        goods_minor=outcome.value,
        fees_minor=outcome.total - outcome.value,
        total_minor=outcome.total,
        issued_at=window.closes_at,
        held_for="" if held is None else held.value,
    )


def _lines(issues: Sequence[_Issue], terms: TermsOfWindow, result: WindowResult) -> Iterator[tuple[object, ...]]:
    cases = {offer.id: offer.case for offer in terms.clearing.offers}
    for issue in issues:
        for line in issue.outcome.lines:
            product = terms.products[int(line.offer)]
            yield (
                *(issue.order.pk, line.offer, *product, line.quantity, cases[line.offer], line.whole_cases),
                *(line.split, line.split_fee, result.outcomes[line.offer].hub, line.cost, ""),
            )


def _revisions(
    window: OrderingWindow, issues: Sequence[_Issue], terms: TermsOfWindow, result: WindowResult
) -> Iterator[tuple[object, ...]]:
    """Revision 1 of every order."""
    cases = {offer.id: offer.case for offer in terms.clearing.offers}
    for issue in issues:
        head = order_head(
            order=issue.order,
            window=window,
            due_at=issue.supply.orders_due_at + timedelta(hours=issue.supply.supply.lead_hours),
            small_order_fee=issue.outcome.small_order_fee,
        )
        lines = content_lines(issue.outcome, terms.products, cases, result.outcomes)
        content = order_content(head=head, lines=lines)
        yield issue.order.pk, issue.order.revision, content, content_hash(content), "", window.closes_at


def _dispatch(window: OrderingWindow, issues: Sequence[_Issue]) -> None:
    """A waiting dispatch for every order that nothing holds."""
    sent = {issue.order.pk: issue.order.merchant.email for issue in issues if not issue.order.held_for}
    revisions = PurchaseOrderRevision.objects.filter(order__in=sent).order_by("pk").values_list("pk", "order_id")
    due_at = dispatch_due_at(closes_at=window.closes_at, grace_minutes=window.grace_minutes)
    Dispatch.objects.bulk_create(
        Dispatch(
            revision_id=revision_id,
            channel=Dispatch.Channel.EMAIL if sent[order_id] else Dispatch.Channel.PHONE,
            address=sent[order_id],
            due_at=due_at,
        )
        for revision_id, order_id in revisions
    )


def _answer(issue: _Issue) -> IssuedOrder:
    order = issue.order
    return IssuedOrder(
        order_id=order.pk,
        number=str(order),
        merchant_id=order.merchant_id,
        merchant=order.merchant.name,
        lines=len(issue.outcome.lines),
        goods_minor=order.goods_minor,
        fees_minor=order.fees_minor,
        total_minor=order.total_minor,
        held_for=order.held_for,
    )
