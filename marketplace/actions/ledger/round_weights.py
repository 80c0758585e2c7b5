"""Weighed goods: everybody's piece is rounded once, and what all of it together comes to is rounded once. The hub's
rounding account takes the difference."""

from django.db import transaction
from django.db.models import F, Max, Q, Sum

from marketplace import clock
from marketplace.actions.ledger.post import Refs, post
from marketplace.models import (
    LedgerTransaction,
    OrderingWindow,
    PurchaseOrderLine,
    SettlementLine,
    User,
)
from marketplace.queries.orders.lines import weighing_of
from marketplace.queries.settlements import standing_settlements
from marketplace.queries.settling import market_of
from marketplace.rules.ledger.entries import Entry, TransactionKind
from marketplace.rules.ledger.settling import weighed_price, weight_share
from marketplace.rules.ledger.splitting import SellsAs, rounding_entries
from marketplace.rules.states import OrderState


@transaction.atomic
def round_weights(*, window_id: int, by: User | None) -> LedgerTransaction | None:
    """The booking of the differences of a settled window, once; None where there are none. Joins the caller's
    transaction."""
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    lines = PurchaseOrderLine.objects.filter(order__window=window, actual_milli__isnull=False)
    lines = lines.exclude(order__state=OrderState.VOIDED.value)
    entries: list[Entry] = []
    for line in lines.select_related("order__supply", "offer__product__tax_class").order_by("pk"):
        entries += _entries(line, window)
    if not entries:
        return None
    return post(
        hub_id=window.round.hub_id,
        kind=TransactionKind.WEIGHT_ROUNDING,
        key=f"weights:{window_id}",
        entries=entries,
        at=clock.now(),
        refs=Refs(round_id=window.round_id, window_id=window_id),
        by=by,
    )


def _entries(line: PurchaseOrderLine, window: OrderingWindow) -> list[Entry]:
    weighing, market = weighing_of(line.offer), market_of(window.round.hub)
    if weighing is None or line.actual_milli is None:
        return []
    paid = SettlementLine.objects.filter(
        line__offer=line.offer, product=line.offer.product, settlement__in=standing_settlements()
    )
    # Tax that is added on top is rounded by itself and is no difference of weights.
    amount = F("amount_minor") if market.prices_include_tax else F("amount_minor") - F("tax_minor")
    own = Q(household=F("settlement__reservation__household"))
    found = paid.aggregate(collected=Sum(amount), price=Max("unit_price_minor"), units=Sum("units", filter=own))
    if not found["units"]:
        return []
    milli = weight_share(found["units"], line.confirmed or line.coming, line.actual_milli)
    exact = weighed_price(unit_price=found["price"], units=found["units"], weighing=weighing, milli=milli)
    return rounding_entries(
        collected=found["collected"],
        exact=exact,
        sells_as=SellsAs(line.order.supply.sells_as),
        merchant_id=line.order.merchant_id,
    )
