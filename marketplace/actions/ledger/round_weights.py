"""Weighed goods: everybody's piece is rounded once, and what all of it together comes to is rounded once. The hub's
rounding account takes the difference."""

from django.db import transaction
from django.db.models import F

from marketplace import clock
from marketplace.actions.ledger.post import Refs, post
from marketplace.models import (
    LedgerEntry,
    LedgerTransaction,
    OrderingWindow,
    PurchaseOrderLine,
    SettlementLine,
    User,
)
from marketplace.queries.orders.lines import weighing_of
from marketplace.queries.purchases import as_entry
from marketplace.queries.settlements import standing_settlements
from marketplace.rules.ledger.difference import difference
from marketplace.rules.ledger.entries import Entry, TransactionKind
from marketplace.rules.ledger.settling import weighed_price, weight_share
from marketplace.rules.ledger.splitting import SellsAs, rounding_entries
from marketplace.rules.states import OrderState


@transaction.atomic
def round_weights(*, window_id: int, by: User | None) -> LedgerTransaction | None:
    """The booking that leads to the differences of a settled window; None where nothing moves. Joins the caller's
    transaction; again is harmless."""
    window = OrderingWindow.objects.select_related("round").get(pk=window_id)
    lines = PurchaseOrderLine.objects.filter(order__window=window, actual_milli__isnull=False)
    lines = lines.exclude(order__state=OrderState.VOIDED.value)
    wanted: list[Entry] = []
    for line in lines.select_related("order__supply", "offer__product__tax_class").order_by("pk"):
        wanted += _entries(line)
    earlier = LedgerTransaction.objects.filter(window=window, kind=TransactionKind.WEIGHT_ROUNDING.value)
    rows = LedgerEntry.objects.filter(transaction__in=earlier).select_related("source", "destination")
    entries = difference([as_entry(row) for row in rows.order_by("pk")], wanted)
    if not entries:
        return None
    return post(
        hub_id=window.round.hub_id,
        kind=TransactionKind.WEIGHT_ROUNDING,
        key=f"weights:{window_id}:{earlier.count() + 1}",
        entries=entries,
        at=clock.now(),
        refs=Refs(round_id=window.round_id, window_id=window_id),
        by=by,
    )


def _entries(line: PurchaseOrderLine) -> list[Entry]:
    weighing, weighed = weighing_of(line.offer), line.confirmed or line.coming
    if weighing is None or line.actual_milli is None or not weighed:
        return []
    own = SettlementLine.objects.filter(
        line__offer=line.offer,
        product=line.offer.product,
        household=F("settlement__reservation__household"),
        settlement__in=standing_settlements(),
    )
    sold = list(own.values_list("units", "unit_price_minor"))
    if not sold:
        return []
    actual, price = line.actual_milli, sold[0][1]

    def costs(units: int) -> int:
        milli = weight_share(units, weighed, actual)
        return weighed_price(unit_price=price, units=units, weighing=weighing, milli=milli)

    return rounding_entries(
        collected=sum(costs(units) for units, _price in sold),
        exact=costs(sum(units for units, _price in sold)),
        sells_as=SellsAs(line.order.supply.sells_as),
        merchant_id=line.order.merchant_id,
    )
