"""After the close: what goes out, what waits and why; and taking a close back."""

from datetime import datetime, timedelta

import pytest

from marketplace import clock
from marketplace.actions.cancel_window import cancel_window
from marketplace.actions.reopen_window import reopen_window
from marketplace.actions.schedule_window import schedule_window
from marketplace.errors import IllegalMove, InvalidInput, NotFound, OrderNotOpen
from marketplace.models import (
    Allocation,
    ClearingRun,
    Dispatch,
    OfferOutcome,
    OrderingWindow,
    OutboxEvent,
    PriceStep,
    PurchaseOrder,
    StateChange,
    User,
    WindowSupply,
)
from marketplace.rules.states import WindowState
from tests.factories import make_hub_staff
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = pytest.mark.django_db
LATER = CLOSES_AT + timedelta(hours=2)


@pytest.fixture
def market() -> Market:
    """Two merchants, orders of 3.00 and of 1.00 at cost."""
    market = Market()
    for name, units in (("Large", 3), ("Small", 1)):
        market.line(market.offer(market.merchant(name)), units)
    return market


@pytest.fixture
def coordinator(market: Market) -> User:
    return make_hub_staff(market.hub)


def held(market: Market) -> list[str]:
    """Why each order is held, the large one first; empty for one that goes out."""
    orders = PurchaseOrder.objects.filter(window=market.window).exclude(state="voided").order_by("-total_minor")
    return list(orders.values_list("held_for", flat=True))


@pytest.mark.parametrize(
    ("policy", "reasons"),
    [
        ("send", ["", ""]),
        ("send_above_minimum", ["", "below_minimum"]),
        ("hold", ["coordinator", "coordinator"]),
        ("only_close", ["only_close", "only_close"]),
    ],
)
def test_the_policy_decides_what_goes_out(market: Market, policy: str, reasons: list[str]) -> None:
    market.window.after_close, market.window.send_above_minor, market.window.grace_minutes = policy, 300, 45
    market.window.save()

    market.close()

    assert held(market) == reasons
    due = list(Dispatch.objects.values_list("state", "due_at"))
    assert due == [("waiting", CLOSES_AT + timedelta(minutes=45))] * reasons.count("")


def test_a_close_after_the_merchants_cut_off_holds_that_merchants_order_alone(market: Market) -> None:
    first = WindowSupply.objects.filter(window=market.window).order_by("pk")[0]
    first.orders_due_at = CLOSES_AT + timedelta(minutes=5)
    first.save()

    market.close(CLOSES_AT + timedelta(minutes=6))

    assert held(market) == ["late_close", ""]
    assert Dispatch.objects.count() == 1


def test_reopening_voids_the_orders_and_the_next_close_gives_new_numbers(market: Market, coordinator: User) -> None:
    offer = market.offer(market.merchant("Short"), cap=1)
    market.line(offer, 2)
    market.close()
    first = list(PurchaseOrder.objects.order_by("pk"))

    with clock.frozen(CLOSES_AT + timedelta(minutes=5)):
        window = reopen_window(window_id=market.window.pk, closes_at=LATER, reason="Forgot the bread", by=coordinator)

    assert (window.state, window.closes_at, window.fills_at) == ("open", LATER, LATER - timedelta(hours=1))
    assert list(PurchaseOrder.objects.order_by("pk").values_list("state", "number")) == [("voided", 1)] * 3
    assert set(Dispatch.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert ClearingRun.objects.get().voided_at == CLOSES_AT + timedelta(minutes=5)
    assert not Allocation.objects.exists()
    assert OfferOutcome.objects.count() == 3
    assert OutboxEvent.objects.get(topic="window.reopened").payload["closes_at"] == LATER.isoformat()
    assert OutboxEvent.objects.filter(topic="purchase_order.voided").count() == 3
    change = StateChange.objects.get(kind="window", to_state="open")
    assert (change.from_state, change.by, change.reason) == ("closed", coordinator, "Forgot the bread")

    market.line(offer, 1)
    closed = market.close(LATER)

    assert closed is not None
    assert closed.run_number == 2
    assert [order.number[-6:] for order in closed.orders] == ["000002"] * 3
    assert {order.order_id for order in closed.orders}.isdisjoint(order.pk for order in first)


def refused(market: Market, by: User, error: type[Exception], closes_at: datetime = LATER, reason: str = "Why") -> None:
    before = snapshot(market)
    with clock.frozen(CLOSES_AT + timedelta(minutes=5)), pytest.raises(error):
        reopen_window(window_id=market.window.pk, closes_at=closes_at, reason=reason, by=by)
    assert snapshot(market) == before


def snapshot(market: Market) -> list[object]:
    return [
        *OrderingWindow.objects.filter(pk=market.window.pk).values_list("state", "closes_at"),
        *PurchaseOrder.objects.order_by("pk").values_list("state", "held_for"),
        *Dispatch.objects.order_by("pk").values_list("state"),
        *ClearingRun.objects.values_list("voided_at"),
        OutboxEvent.objects.count(),
    ]


@pytest.mark.parametrize("state", ["sending", "sent", "failed", "delivered", "exhausted"])
def test_once_a_dispatch_left_waiting_nothing_reopens(market: Market, coordinator: User, state: str) -> None:
    market.close()
    Dispatch.objects.filter(pk=Dispatch.objects.latest("pk").pk).update(state=state)

    refused(market, coordinator, OrderNotOpen)


def test_once_a_merchant_answered_nothing_reopens(market: Market, coordinator: User) -> None:
    market.close()
    PurchaseOrder.objects.filter(pk=PurchaseOrder.objects.latest("pk").pk).update(state="acknowledged")

    refused(market, coordinator, OrderNotOpen)


def test_reopening_needs_a_closed_window_a_reason_a_later_deadline_and_the_hubs_coordinator(
    market: Market, coordinator: User
) -> None:
    refused(market, coordinator, IllegalMove)
    market.close()

    refused(market, coordinator, InvalidInput, reason=" ")
    refused(market, coordinator, InvalidInput, closes_at=CLOSES_AT + timedelta(minutes=5))
    refused(market, make_hub_staff(Market().hub), NotFound)


@pytest.mark.parametrize("state", list(WindowState))
def test_a_window_is_cancelled_before_it_closes_and_never_after(
    market: Market, coordinator: User, state: WindowState
) -> None:
    OrderingWindow.objects.filter(pk=market.window.pk).update(state=state)
    before_closing = state in (WindowState.DRAFT, WindowState.SCHEDULED, WindowState.OPEN)

    if before_closing:
        cancel_window(window_id=market.window.pk, reason="Strike", by=coordinator)
        assert StateChange.objects.get(kind="window").reason == "Strike"
        assert OutboxEvent.objects.get().topic == "window.cancelled"
        assert market.close() is None
    else:
        with pytest.raises(IllegalMove):
            cancel_window(window_id=market.window.pk, reason="Strike", by=coordinator)
        assert not OutboxEvent.objects.exists()

    expected = WindowState.CANCELLED if before_closing else state
    assert OrderingWindow.objects.get(pk=market.window.pk).state == expected


def test_cancelling_needs_a_reason_and_the_hubs_coordinator(market: Market, coordinator: User) -> None:
    with pytest.raises(InvalidInput):
        cancel_window(window_id=market.window.pk, reason="", by=coordinator)
    with pytest.raises(NotFound):
        cancel_window(window_id=market.window.pk, reason="Strike", by=make_hub_staff(Market().hub))
    assert OrderingWindow.objects.get(pk=market.window.pk).state == "open"


def test_a_complete_draft_is_scheduled_once(market: Market, coordinator: User) -> None:
    OrderingWindow.objects.filter(pk=market.window.pk).update(state="draft")

    with clock.frozen(CLOSES_AT - timedelta(hours=1)):
        assert schedule_window(window_id=market.window.pk, by=coordinator).state == "scheduled"
        with pytest.raises(IllegalMove):
            schedule_window(window_id=market.window.pk, by=coordinator)

    assert StateChange.objects.get(kind="window").to_state == "scheduled"


def test_a_draft_with_nothing_in_it_or_past_its_deadline_stays_a_draft(coordinator: User, market: Market) -> None:
    empty = Market(hub=market.hub)
    OrderingWindow.objects.filter(pk=empty.window.pk).update(state="draft")

    with clock.frozen(CLOSES_AT), pytest.raises(InvalidInput) as refusal:
        schedule_window(window_id=empty.window.pk, by=coordinator)

    assert [problem["place"] for problem in refusal.value.facts["problems"]] == ["closes_at", "offers"]
    assert OrderingWindow.objects.get(pk=empty.window.pk).state == "draft"


def test_a_draft_with_a_bad_ladder_or_an_inactive_supply_stays_a_draft(coordinator: User, market: Market) -> None:
    OrderingWindow.objects.filter(pk=market.window.pk).update(state="draft")
    supply = WindowSupply.objects.filter(window=market.window).order_by("pk")[0].supply
    supply.is_active = False
    supply.save()
    offer = market.window.offers.order_by("pk")[0]
    PriceStep.objects.create(offer=offer, from_quantity=9, cost_minor=100, unit_price_minor=140)

    with clock.frozen(CLOSES_AT - timedelta(hours=1)), pytest.raises(InvalidInput) as refusal:
        schedule_window(window_id=market.window.pk, by=coordinator)

    places = [problem["place"] for problem in refusal.value.facts["problems"]]
    assert places == [f"merchant {supply.merchant_id}", f"offer {offer.pk}"]
