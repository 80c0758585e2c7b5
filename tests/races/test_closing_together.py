"""Many closers at once, closers that share merchants, and a closer beside the sender: one order per merchant."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from threading import Barrier

import pytest
from django.db.models import Sum
from django.utils import timezone

from marketplace import audit, clock
from marketplace.actions.close_due_windows import close_due_windows
from marketplace.actions.close_window import close_window
from marketplace.actions.closing.answer import ClosedWindow
from marketplace.actions.reopen_window import reopen_window
from marketplace.actions.reserve import ReservationAnswer
from marketplace.errors import OrderNotOpen, WindowClosed
from marketplace.models import (
    Allocation,
    ClearingRun,
    Dispatch,
    OfferOutcome,
    OrderingWindow,
    OutboxEvent,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    ReservationLine,
    StateChange,
    WindowSupply,
)
from marketplace.rules.states import WindowState
from tests.factories import (
    make_household,
    make_hub_staff,
    make_merchant,
    make_offer,
    make_product,
    make_round,
    make_supply,
    make_window,
)
from tests.races.reserving_threads import Market, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

CLOSERS = 50


@pytest.fixture
def due() -> Market:
    """A window past its deadline, with two merchants and one offer that is short."""
    market = Market()
    offers = [market.offer(case=3)]
    other = make_merchant("Horta")
    supply = make_supply(other, market.hub)
    WindowSupply.objects.create(window=market.window, supply=supply, orders_due_at=clock.now() + timedelta(hours=3))
    offers.append(make_offer(market.window, make_product(other)))
    for person in market.people(4):
        market.reserving(person, *((offer, 1) for offer in offers[1:]))()
    for person in market.people(2):
        market.reserving(person, (offers[0], 2))()
    make_due(market.window)
    return market


def make_due(window: OrderingWindow) -> None:
    """Let the deadline pass."""
    past = clock.now() - timedelta(seconds=1)
    OrderingWindow.objects.filter(pk=window.pk).update(fills_at=past, closes_at=past)


def test_control_closers_without_lock_and_compare_and_set_close_many_times() -> None:
    market = Market()
    looked = Barrier(10)

    def close() -> None:
        window = OrderingWindow.objects.get(pk=market.window.pk)
        looked.wait(20)
        if window.state == WindowState.OPEN:
            OrderingWindow.objects.filter(pk=window.pk).update(state=WindowState.CLOSED)
            audit.record(
                kind="window", object_id=window.pk, from_state="open", to_state="closed", at=clock.now(), by=None
            )

    assert at_once([close] * 10) == [None] * 10
    assert StateChange.objects.filter(kind="window", object_id=market.window.pk).count() == 10


def test_fifty_closers_at_once_give_one_purchase_order_per_merchant(due: Market) -> None:
    answers = at_once([lambda: close_window(window_id=due.window.pk)] * CLOSERS)

    assert Counter(type(answer) for answer in answers) == {ClosedWindow: 1, type(None): CLOSERS - 1}
    assert list(PurchaseOrder.objects.order_by("merchant").values_list("number", "state")) == [(1, "issued")] * 2
    assert (ClearingRun.objects.count(), OfferOutcome.objects.count(), Allocation.objects.count()) == (1, 2, 1)
    assert Dispatch.objects.count() == 2
    topics = Counter(
        OutboxEvent.objects.filter(topic__in=("window.closed", "purchase_order.issued")).values_list("topic")
    )
    assert topics == {("window.closed",): 1, ("purchase_order.issued",): 2}
    assert StateChange.objects.filter(kind="window").count() == 1


def test_windows_that_share_merchants_close_at_once_without_gaps_or_deadlocks() -> None:
    market = Market()
    merchants = [market.merchant, *(make_merchant(f"M{n}") for n in range(4))]
    supplies = [make_supply(merchant, market.hub) for merchant in merchants[1:]]
    windows = [window_with(market, n, merchants, supplies) for n in range(6)]

    closers: list[Callable[[], ClosedWindow | None]] = []
    for window in windows:
        closers += [lambda pk=window.pk: close_window(window_id=pk)] * 3  # type: ignore[misc]
    answers = at_once(closers)

    assert Counter(type(answer) for answer in answers) == {ClosedWindow: 6, type(None): 12}
    for merchant in merchants:
        numbers = PurchaseOrder.objects.filter(merchant=merchant).order_by("number").values_list("number", flat=True)
        assert list(numbers) == [1, 2, 3, 4, 5, 6]


def window_with(market: Market, number: int, merchants: list, supplies: list) -> OrderingWindow:
    """Another due window of the same merchants, each with one offer and one line."""
    now = clock.now()
    window = make_window(
        make_round(market.hub, name=f"Round {number}"),
        [market.window.window_supplies.get().supply, *supplies],
        opens_at=now - timedelta(hours=3),
        closes_at=now - timedelta(seconds=1),
        filling=timedelta(0),
    )
    reservation = Reservation.objects.create(
        household=make_household(), round=window.round, handover=market.handover, created_at=now, changed_at=now
    )
    # Every other window lists its merchants the other way round.
    for merchant in merchants if number % 2 else merchants[::-1]:
        offer = make_offer(window, make_product(merchant))
        ReservationLine.objects.create(reservation=reservation, offer=offer, window=window, firm=1, placed_at=now)
    return window


def test_what_is_accepted_while_the_window_closes_is_ordered_and_nothing_else() -> None:
    market = Market(closes_in=timedelta(seconds=1.5))
    offers = [market.offer(), market.offer(cap=25)]
    crowd = [market.reserving(person, (offers[0], 2), (offers[1], 1)) for person in market.people(60)]
    answers: list[object] = []

    def knock() -> None:
        while crowd and clock.now() < market.window.closes_at + timedelta(seconds=0.3):
            try:
                act = crowd.pop()
                answers.append(act())
            except (WindowClosed, IndexError) as late:
                answers.append(late)
            time.sleep(0.2)

    def close() -> None:
        while close_window(window_id=market.window.pk) is None:
            time.sleep(0.005)

    assert at_once([*[knock] * 6, close]) == [None] * 7
    accepted = [answer for answer in answers if isinstance(answer, ReservationAnswer)]
    assert accepted
    for offer in offers:
        taken = sum(line.firm for answer in accepted for line in answer.lines if line.offer_id == offer.pk)
        lines = ReservationLine.objects.filter(offer=offer).aggregate(units=Sum("firm", default=0))["units"]
        ordered = PurchaseOrderLine.objects.filter(offer=offer).aggregate(units=Sum("ordered", default=0))["units"]
        assert taken == lines == ordered


def test_a_sender_and_a_coordinator_who_reopens_never_both_win(due: Market) -> None:
    close_window(window_id=due.window.pk)
    coordinator = make_hub_staff(due.hub)
    dispatches = Dispatch.objects.order_by("pk").values_list("pk", flat=True)

    def send() -> int:
        return sum(Dispatch.objects.filter(pk=pk, state="waiting").update(state="sending") for pk in dispatches)

    def reopen() -> str:
        closes_at = clock.now() + timedelta(hours=1)
        return reopen_window(window_id=due.window.pk, closes_at=closes_at, reason="Bread", by=coordinator).state

    sent, state = at_once([send, reopen])

    if isinstance(state, OrderNotOpen):
        assert sent == 2
        assert set(PurchaseOrder.objects.values_list("state", flat=True)) == {"issued"}
    else:
        assert (sent, state) == (0, "open")
        assert set(PurchaseOrder.objects.values_list("state", flat=True)) == {"voided"}


@pytest.mark.parametrize("years_off", [-1, 1])
def test_a_worker_whose_own_clock_is_wrong_closes_by_the_databases(
    due: Market, monkeypatch: pytest.MonkeyPatch, years_off: int
) -> None:
    not_due = Market(closes_in=timedelta(minutes=1))
    off = timedelta(days=365 * years_off)
    seconds = time.time

    class WrongClock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "WrongClock":
            return cls.fromtimestamp(seconds(), tz) + off

    monkeypatch.setattr(clock, "datetime", WrongClock)
    monkeypatch.setattr(timezone, "now", lambda: WrongClock.now(UTC))
    monkeypatch.setattr(time, "time", lambda: seconds() + off.total_seconds())

    assert [closed.window_id for closed in close_due_windows()] == [due.window.pk]
    assert close_window(window_id=not_due.window.pk) is None
    run = ClearingRun.objects.get()
    assert timedelta(0) <= run.computed_at - run.closes_at < timedelta(minutes=1)
