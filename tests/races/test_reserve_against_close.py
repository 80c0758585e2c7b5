"""Reserving while the window closes: no accepted line is missing from the order, no late one gets in."""

import time
from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction
from django.db.models import Sum

from marketplace import clock, locks
from marketplace.actions.close_window import close_window
from marketplace.actions.reserve import ReservationAnswer
from marketplace.errors import WindowClosed
from marketplace.models import OrderingWindow, PurchaseOrderLine, ReservationLine
from marketplace.rules.states import WindowState
from tests.marketplace.reserving_ground import taken
from tests.races.reserving_threads import Market, at_once, counter_held, in_background, waits_for_a_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def close_and_sum(window: OrderingWindow, *, lock: bool) -> int:
    """The least closer: compare-and-set, then sum. Without the lock it is the one that loses lines."""
    with transaction.atomic():
        if lock:
            locks.window_exclusive(window.pk)
        assert OrderingWindow.objects.filter(pk=window.pk, state=WindowState.OPEN).update(state=WindowState.CLOSED)
        return int(ReservationLine.objects.filter(window=window).aggregate(units=Sum("firm", default=0))["units"])


def test_control_a_closer_without_the_exclusive_lock_loses_an_accepted_line() -> None:
    market = Market()
    offer, [ana] = market.offer(cap=9), market.people(1)
    with (
        counter_held(offer.capacity) as release,
        in_background(market.reserving(ana, (offer, 3))) as answer,
    ):
        waits_for_a_lock()
        ordered = close_and_sum(market.window, lock=False)
        release()
        assert isinstance(answer(), ReservationAnswer)  # accepted …
    assert ordered == 0  # … and not ordered
    assert ReservationLine.objects.get().firm == 3


def test_the_closer_waits_for_every_reservation_that_began_before_it() -> None:
    market = Market()
    offer, [ana] = market.offer(cap=9), market.people(1)
    with counter_held(offer.capacity) as release, in_background(market.reserving(ana, (offer, 3))) as answer:
        waits_for_a_lock(1)
        with in_background(lambda: close_and_sum(market.window, lock=True)) as ordered:
            waits_for_a_lock(2)
            release()
            assert isinstance(answer(), ReservationAnswer)
            assert ordered() == 3


def test_a_reservation_that_waited_for_the_closer_is_late_and_changes_nothing() -> None:
    market = Market()
    offer, [ana] = market.offer(cap=9), market.people(1)
    closing, close_now = Event(), Event()

    def close() -> None:
        with transaction.atomic():
            locks.window_exclusive(market.window.pk)
            closing.set()
            close_now.wait(10)
            OrderingWindow.objects.filter(pk=market.window.pk).update(state=WindowState.CLOSED)

    with in_background(close):
        assert closing.wait(10)
        with in_background(market.reserving(ana, (offer, 3))) as answer:
            waits_for_a_lock()
            close_now.set()
            assert isinstance(answer(), WindowClosed)
    assert (ReservationLine.objects.count(), taken(offer.capacity)) == (0, 0)


def test_an_accepted_reservation_is_in_the_purchase_order_even_when_it_is_written_after_the_deadline() -> None:
    market = Market(closes_in=timedelta(seconds=2))
    offer, [ana] = market.offer(cap=9), market.people(1)
    with counter_held(offer.capacity) as release, in_background(market.reserving(ana, (offer, 3))) as answer:
        waits_for_a_lock(1)
        while clock.now() < market.window.closes_at:
            time.sleep(0.05)
        with in_background(lambda: close_window(window_id=market.window.pk)) as closed:
            waits_for_a_lock(2)
            release()
            assert isinstance(answer(), ReservationAnswer)
            assert closed() is not None
    assert PurchaseOrderLine.objects.get().ordered == 3


def test_a_crowd_at_the_deadline_is_ordered_exactly_as_far_as_it_was_accepted() -> None:
    market = Market(closes_in=timedelta(seconds=1))
    offer = market.offer()
    crowd = [market.reserving(person, (offer, 2)) for person in market.people(24)]
    waves: list[object] = []

    def knock() -> None:
        """Each reserves as soon as the one before got an answer, until well after the deadline."""
        while crowd and clock.now() < market.window.closes_at + timedelta(seconds=0.3):
            time.sleep(0.09)
            try:
                act = crowd.pop()
            except IndexError:
                return
            try:
                waves.append(act())
            except WindowClosed as late:
                waves.append(late)

    def close() -> None:
        while close_window(window_id=market.window.pk) is None:
            time.sleep(0.01)

    assert at_once([knock, knock, close]) == [None, None, None]
    accepted = sum(isinstance(outcome, ReservationAnswer) for outcome in waves)
    assert 0 < accepted < len(waves)
    assert PurchaseOrderLine.objects.get().ordered == 2 * accepted
