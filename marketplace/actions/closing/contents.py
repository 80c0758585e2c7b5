"""From an order and its outcome to the values of its frozen content (rules/order_content.py)."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from marketplace.models import Hub, Merchant, OrderingWindow, PurchaseOrder
from marketplace.queries.closing import ProductFacts
from marketplace.rules.clearing.outcome import MerchantOutcome, OfferOutcome
from marketplace.rules.clearing.terms import Id
from marketplace.rules.order_content import ContentLine, OrderHead, instant


def order_head(
    *, order: PurchaseOrder, window: OrderingWindow, due_at: datetime, small_order_fee: int | None
) -> OrderHead:
    """The head of an order whose merchant, and whose window's round and hub, are at hand. `due_at`: at the dock."""
    return OrderHead(
        number=str(order),
        revision=order.revision,
        merchant=_merchant(order.merchant),
        hub=_hub(window.round.hub),
        window={"name": window.name, "round": window.round.name, "closes_at": instant(window.closes_at)},
        handover_on=window.round.handover_on,
        due_at=due_at,
        currency=order.currency,
        small_order_fee=small_order_fee,
    )


def content_lines(
    merchant: MerchantOutcome,
    products: Mapping[int, ProductFacts],
    cases: Mapping[Id, int],
    outcomes: Mapping[Id, OfferOutcome],
) -> Iterator[ContentLine]:
    """The lines of an order, in the order of offers."""
    for line in merchant.lines:
        product = products[int(line.offer)]
        yield ContentLine(
            name=product.name,
            sku=product.sku,
            gtin=product.gtin,
            ordered=line.quantity,
            case=cases[line.offer],
            whole_cases=line.whole_cases,
            split=line.split,
            split_fee=line.split_fee,
            cost=line.cost,
            amount=line.amount,
            hub=outcomes[line.offer].hub,
        )


def _merchant(merchant: Merchant) -> dict[str, str]:
    return {
        "name": merchant.name,
        "slug": merchant.slug,
        "email": merchant.email,
        "language": merchant.language,
        "gln": merchant.gln,
        "place": merchant.place,
    }


def _hub(hub: Hub) -> dict[str, str]:
    return {
        "name": hub.name,
        "slug": hub.slug,
        "address": hub.address,
        "email": hub.email,
        "gln": hub.gln,
        "time_zone": hub.time_zone,
    }
