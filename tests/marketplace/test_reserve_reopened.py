"""Changing what a taken-back close had already shared out: the history stays, the next order is right."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.actions.cancel_reservation import cancel_reservation
from marketplace.actions.change_reservation import change_reservation
from marketplace.actions.reopen_window import reopen_window
from marketplace.actions.reserve import ReservationAnswer, reserve
from marketplace.models import (
    Allocation,
    ClearingRun,
    Offer,
    OfferOutcome,
    PurchaseOrder,
    PurchaseOrderLine,
    ReservationLine,
    ReservationVersion,
    StateChange,
    User,
)
from marketplace.rules.wanted import WantedLine
from tests.factories import NOON, make_household, make_hub_staff
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = pytest.mark.django_db
REOPENED_AT = CLOSES_AT + timedelta(minutes=5)
AGAIN_AT = CLOSES_AT + timedelta(hours=2)


class Reopened:
    """Ana wants 5 and Bea 3 of one offer in cases of 6; the close left two units out, and was taken back."""

    def __init__(self) -> None:
        self.market = Market()
        self.merchant = self.market.merchant()
        self.offer: Offer = self.market.offer(self.merchant, ((6, 100, 150),), case=6, cap=8)
        self.ana, self.bea = (make_household(name).members.get() for name in ("Ana", "Bea"))
        self.reserve(self.ana, 5, minutes=0)
        self.reserve(self.bea, 3, minutes=1)
        self.market.close()
        assert Allocation.objects.exists()
        self.voided = PurchaseOrder.objects.get()
        with clock.frozen(REOPENED_AT):
            reopen_window(
                window_id=self.market.window.pk,
                closes_at=AGAIN_AT,
                reason="The bread was missing",
                by=make_hub_staff(self.market.hub),
            )

    def reserve(self, by: User, firm: int, *, minutes: int) -> ReservationAnswer:
        with clock.frozen(NOON + timedelta(minutes=minutes)):
            return reserve(
                round_id=self.market.round.pk,
                lines=[WantedLine(offer_id=self.offer.pk, firm=firm)],
                request_key=f"{by.pk}-{minutes}",
                by=by,
            )

    def change(self, by: User, firm: int) -> ReservationAnswer:
        with clock.frozen(REOPENED_AT + timedelta(minutes=1)):
            return change_reservation(
                round_id=self.market.round.pk,
                lines=[WantedLine(offer_id=self.offer.pk, firm=firm)],
                request_key=f"changed-{by.pk}",
                by=by,
            )

    def cancel(self, by: User) -> ReservationAnswer:
        with clock.frozen(REOPENED_AT + timedelta(minutes=1)):
            return cancel_reservation(round_id=self.market.round.pk, request_key=f"cancelled-{by.pk}", by=by)

    def taken(self) -> int:
        assert self.offer.capacity is not None
        self.offer.capacity.refresh_from_db()
        return self.offer.capacity.taken


@pytest.mark.parametrize(
    ("act", "lines", "ordered"),
    [
        pytest.param(lambda shop: shop.cancel(shop.ana), {"Bea": 3}, None, id="cancelled"),
        pytest.param(lambda shop: shop.change(shop.bea, 0), {"Ana": 5}, None, id="taken out"),
        pytest.param(lambda shop: shop.change(shop.bea, 1), {"Ana": 5, "Bea": 1}, 6, id="reduced"),
    ],
)
def test_a_line_of_a_reopened_window_leaves_or_shrinks_and_the_next_order_is_right(
    act: Callable[[Reopened], ReservationAnswer], lines: dict[str, int], ordered: int | None
) -> None:
    shop = Reopened()
    act(shop)

    kept = ReservationLine.objects.values_list("reservation__household__name", "firm")
    assert dict(kept) == lines
    assert shop.taken() == sum(lines.values())

    closed = shop.market.close(AGAIN_AT)

    assert closed is not None
    assert closed.run_number == 2
    counted = PurchaseOrderLine.objects.exclude(order__state="voided")
    assert list(counted.values_list("ordered", flat=True)) == ([] if ordered is None else [ordered])


def test_what_was_decided_and_asked_before_stays_on_record() -> None:
    shop = Reopened()
    shop.cancel(shop.ana)
    shop.market.close(AGAIN_AT)

    assert list(ClearingRun.objects.order_by("number").values_list("number", "voided_at")) == [
        (1, REOPENED_AT),
        (2, None),
    ]
    assert OfferOutcome.objects.get(run__number=1).ordered == 6
    assert PurchaseOrder.objects.get(pk=shop.voided.pk).state == "voided"
    assert StateChange.objects.get(kind="window", to_state="open").reason == "The bread was missing"
    versions = ReservationVersion.objects.filter(by=shop.ana).order_by("number")
    assert [(version.state, [line["firm"] for line in version.lines]) for version in versions] == [
        ("placed", [5]),
        ("cancelled", []),
    ]
