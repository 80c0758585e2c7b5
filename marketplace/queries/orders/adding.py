"""What may be added to an issued order, who of the households waits for it, and where a line may be moved to."""

from dataclasses import dataclass

from marketplace.models import Offer, PurchaseOrder, ReservationLine
from marketplace.queries.results import got_by_line
from marketplace.rules.states import OrderState, VersionState

# As many as one looks through on a page; a window's popular offers have more, who get what they have.
MOST_WAITING = 100


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A household's line that got less than it asked for."""

    line_id: int
    household: str
    asked: int
    got: int


def offers_to_add(order: PurchaseOrder) -> list[Offer]:
    """The offers of the order's window and merchant. One query."""
    offers = Offer.objects.filter(
        window=order.window_id, product__merchant=order.merchant_id, from_stock=False
    ).select_related("product")
    return list(offers.order_by("product__name", "pk"))


def waiting_lines(offer: Offer) -> list[WaitingLine]:
    """Households that reserved more of an offer than they get, those who asked first before the others. Four
    queries."""
    lines = list(
        ReservationLine.objects.filter(offer=offer, reservation__state=VersionState.PLACED.value)
        .select_related("offer", "reservation__household")
        .order_by("placed_at", "pk")
    )
    got = got_by_line(lines)
    short = [line for line in lines if line.pk in got and got[line.pk].quantity < line.firm]
    return [
        WaitingLine(line.pk, line.reservation.household.name, line.firm, got[line.pk].quantity)
        for line in short[:MOST_WAITING]
    ]


def orders_to_move_to(order: PurchaseOrder) -> list[PurchaseOrder]:
    """The merchant's other orders of the same round that may still be changed. One query."""
    states = (
        *(OrderState.ISSUED.value, OrderState.ACKNOWLEDGED.value, OrderState.CONFIRMED.value),
        *(OrderState.PARTLY_CONFIRMED.value, OrderState.DECLINED.value),
    )
    others = PurchaseOrder.objects.filter(
        merchant=order.merchant_id, window__round=order.window.round_id, state__in=states
    ).exclude(pk=order.pk)
    return list(others.select_related("merchant", "window").order_by("window__closes_at", "pk"))
