"""The ground of the closing's tests: one hub, one window, merchants, offers and lines, each shown in the test."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.closing.answer import ClosedWindow
from marketplace.models import (
    Allocation,
    Household,
    Hub,
    Merchant,
    Offer,
    OrderingWindow,
    PurchaseOrder,
    Reservation,
    ReservationLine,
    Round,
    WindowSupply,
)
from tests.factories import (
    NOON,
    make_handover,
    make_household,
    make_hub,
    make_merchant,
    make_offer,
    make_product,
    make_round,
    make_supply,
    make_window,
)

CLOSES_AT = NOON + timedelta(hours=6)


@dataclass
class Market:
    """One hub with one round and one open window that closes at CLOSES_AT."""

    hub: Hub = field(default_factory=make_hub)
    round: Round = field(init=False)
    window: OrderingWindow = field(init=False)
    placed: int = 0

    def __post_init__(self) -> None:
        self.round = make_round(self.hub)
        self.window = make_window(self.round, closes_at=CLOSES_AT)
        self.handover = make_handover(self.round)

    def merchant(self, name: str = "Quinta", *, email: str = "orders@example.org", **terms: int) -> Merchant:
        """A merchant whose orders are due an hour after the close."""
        merchant = make_merchant(name, email)
        supply = make_supply(merchant, self.hub, **terms)
        WindowSupply.objects.create(
            window=self.window, supply=supply, orders_due_at=self.window.closes_at + timedelta(hours=1)
        )
        return merchant

    def takes_over(self, earlier: "Market") -> None:
        """The merchants of an earlier market supply this window too."""
        for found in earlier.window.window_supplies.all():
            due_at = self.window.closes_at + timedelta(hours=1)
            WindowSupply.objects.create(window=self.window, supply=found.supply, orders_due_at=due_at)

    def offer(
        self, merchant: Merchant, ladder: Sequence[tuple[int, int, int]] = ((1, 100, 150),), **terms: object
    ) -> Offer:
        """An offer whose ladder is (from quantity, cost, unit price)."""
        return make_offer(self.window, make_product(merchant), ladder=ladder, **terms)  # type: ignore[arg-type]

    def line(self, offer: Offer, firm: int, *, household: Household | None = None, **wish: object) -> ReservationLine:
        """One household's line; each one placed a minute after the one before."""
        self.placed += 1
        at = NOON + timedelta(minutes=self.placed)
        reservation, _ = Reservation.objects.get_or_create(
            household=household or make_household(),
            round=self.round,
            defaults={"handover": self.handover, "created_at": at, "changed_at": at},
        )
        return ReservationLine.objects.create(
            reservation=reservation, offer=offer, window=self.window, firm=firm, **{"placed_at": at, **wish}
        )

    def close(self, at: datetime = CLOSES_AT) -> ClosedWindow | None:
        """Close at an instant of the one clock."""
        with clock.frozen(at):
            return close_window(window_id=self.window.pk)

    def order(self, merchant: Merchant) -> PurchaseOrder:
        """The merchant's order that counts."""
        return PurchaseOrder.objects.exclude(state="voided").get(window=self.window, merchant=merchant)

    def got(self, line: ReservationLine) -> tuple[int, int, int, str] | None:
        """(quantity, of these extra, charged, reason) of an exception; None for an ordinary line."""
        return (
            Allocation.objects.filter(line=line, run__voided_at=None)
            .values_list("quantity", "extra", "charged_minor", "reason")
            .first()
        )
