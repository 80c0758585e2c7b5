"""The ground of the orders' tests: a closed window with one order, and what its households get of it."""

from dataclasses import dataclass, field
from datetime import timedelta

from marketplace import clock
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.models import (
    Merchant,
    Offer,
    PurchaseOrder,
    PurchaseOrderLine,
    ReservationLine,
    SubstituteAllocation,
    User,
)
from marketplace.queries.results import got_by_line
from marketplace.rules.order_answers import Instead, LineAnswer
from tests.factories import make_hub_staff, make_merchant_member
from tests.marketplace.closing_ground import CLOSES_AT, Market

LATER = CLOSES_AT + timedelta(minutes=30)


@dataclass
class Ordered:
    """A market with one merchant; `close()` makes the order."""

    market: Market = field(default_factory=Market)
    merchant: Merchant = field(init=False)

    def __post_init__(self) -> None:
        self.merchant = self.market.merchant()
        self.marta = make_merchant_member(self.merchant)
        self.carla = make_hub_staff(self.market.hub)

    def close(self) -> PurchaseOrder:
        self.market.close()
        return self.order

    @property
    def order(self) -> PurchaseOrder:
        return self.market.order(self.merchant)

    def line(self, offer: Offer) -> PurchaseOrderLine:
        return PurchaseOrderLine.objects.get(order=self.order, offer=offer)

    def answer(
        self,
        *,
        by: User | None = None,
        short: dict[Offer, int] | None = None,
        instead: dict[Offer, tuple[Instead, ...]] | None = None,
        weights: dict[Offer, int] | None = None,
        expected_revision: int | None = None,
    ) -> PurchaseOrder:
        """All comes, except what `short` names."""
        answers = {}
        for line in self.order.lines.select_related("offer"):
            units = (short or {}).get(line.offer, line.ordered)
            answers[line.pk] = LineAnswer(
                units,
                "frost" if units < line.ordered else "",
                actual_milli=(weights or {}).get(line.offer),
                instead=(instead or {}).get(line.offer, ()),
            )
        with clock.frozen(LATER):
            return confirm_purchase_order(
                order_id=self.order.pk, answers=answers, expected_revision=expected_revision, by=by or self.marta
            )

    def got(self, *lines: ReservationLine) -> list[tuple[int, int, str]]:
        """(units, charge, reason) of each line, as everybody reads it."""
        found = got_by_line(ReservationLine.objects.select_related("offer").filter(pk__in=[line.pk for line in lines]))
        return [(found[line.pk].quantity, found[line.pk].charged_minor, found[line.pk].reason) for line in lines]

    def substituted(self, line: ReservationLine) -> dict[int, tuple[int, int]]:
        """{product: (units, charge)}: the newest row of each."""
        rows = SubstituteAllocation.objects.filter(line=line).order_by("run__number")
        return {row.product_id: (row.quantity, row.charged_minor) for row in rows}
