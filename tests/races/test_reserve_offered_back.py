"""Giving back and taking over at the same time: units are conserved, nobody is overtaken, nothing deadlocks."""

import random
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from django.db.models import F, Sum

from marketplace import clock
from marketplace.actions.change_reservation import change_reservation
from marketplace.actions.close_window import close_window
from marketplace.actions.reserve import ReservationAnswer
from marketplace.errors import ReservationChanged, WindowClosed
from marketplace.models import (
    Handover,
    Offer,
    PurchaseOrderLine,
    Reservation,
    ReservationLine,
    ReservationVersion,
    User,
)
from marketplace.rules.wanted import WantedLine
from tests.factories import make_handover
from tests.marketplace.reserving_ground import taken
from tests.races.reserving_threads import Market, at_once, counter_held, in_background, waits_for_a_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

_keys = count(1)


@pytest.fixture
def market() -> Market:
    return Market()


def filling(market: Market) -> None:
    """From now on the window is in its filling stretch."""
    market.window.fills_at = market.window.opens_at
    market.window.save()


def changing(market: Market, by: User, *wishes: tuple[Offer, int]) -> Callable[[], ReservationAnswer]:
    lines = [WantedLine(offer_id=offer.pk, firm=units) for offer, units in wishes]
    key = f"change-{next(_keys)}"
    return lambda: change_reservation(round_id=market.round.pk, lines=lines, request_key=key, by=by)


def units(offer: Offer) -> int:
    return int(offer.lines.aggregate(units=Sum("firm", default=0))["units"])


def line(offer: Offer, by: User) -> tuple[int, int]:
    """Firm units and how many of them are offered; nothing without a line."""
    held = offer.lines.filter(reservation__household__members=by)
    return held.values_list("firm", "offered_back").first() or (0, 0)


def two_of_a_full_case(market: Market, ana: User, cem: User) -> Offer:
    """Ana holds 5 of 12 and offers 2 of them."""
    offer = market.offer(cap=12, case=12)
    market.reserving(cem, (offer, 7))()
    market.reserving(ana, (offer, 5))()
    filling(market)
    changing(market, ana, (offer, 3))()
    assert line(offer, ana) == (5, 2)
    return offer


def all_is_consistent(*offers: Offer) -> None:
    """Counters count the lines, newest versions are what is stored, offers are within the lines."""
    for offer in offers:
        if offer.capacity is not None:
            assert taken(offer.capacity) == units(offer)
    for reservation in Reservation.objects.all():
        stored = {held.offer_id: (held.firm, held.offered_back) for held in reservation.lines.all()}
        newest = reservation.versions.order_by("-number")[0]
        assert (newest.number, newest.state) == (reservation.version, reservation.state)
        assert {kept["offer_id"]: (kept["firm"], kept["offered_back"]) for kept in newest.lines} == stored
        assert reservation.state == ("placed" if stored else "cancelled")
    for handover in Handover.objects.filter(capacity__isnull=False):
        assert taken(handover.capacity) == handover.reservations.filter(state="placed").count()


def test_control_a_taker_that_does_not_hold_the_giver_makes_its_request_fail(market: Market) -> None:
    ana, cem = market.people(2)
    two_of_a_full_case(market, ana, cem)
    other = market.offer(cap=5)
    with counter_held(other.capacity) as release, in_background(changing(market, ana, (other, 1))) as answer:
        waits_for_a_lock()
        Reservation.objects.filter(household__members=ana).update(version=F("version") + 1)
        release()
        assert isinstance(answer(), ReservationChanged)


def test_a_taker_waits_for_a_giver_that_is_busy_elsewhere_and_both_succeed(market: Market) -> None:
    ana, bea, cem = market.people(3)
    offer, other = two_of_a_full_case(market, ana, cem), market.offer(cap=5)
    with counter_held(other.capacity) as release, in_background(changing(market, ana, (other, 1))) as answer:
        waits_for_a_lock(1)
        with in_background(market.reserving(bea, (offer, 2))) as takes:
            waits_for_a_lock(2)
            release()
            assert isinstance(answer(), ReservationAnswer)
            assert isinstance(takes(), ReservationAnswer)
    assert (line(offer, ana), line(offer, bea), line(other, ana)) == ((3, 0), (2, 0), (1, 0))
    all_is_consistent(offer, other)


def test_a_giver_that_withdraws_first_keeps_its_units(market: Market) -> None:
    ana, bea, cem = market.people(3)
    offer, other = two_of_a_full_case(market, ana, cem), market.offer(cap=5)
    withdraws = changing(market, ana, (offer, 5), (other, 1))
    with counter_held(other.capacity) as release, in_background(withdraws) as answer:
        waits_for_a_lock(1)
        with in_background(market.reserving(bea, (offer, 2))) as takes:
            waits_for_a_lock(2)
            release()
            assert isinstance(answer(), ReservationAnswer)
            told = takes()
    assert isinstance(told, ReservationAnswer)
    assert (told.lines[0].firm, told.lines[0].status) == (0, "refused")
    assert (line(offer, ana), line(offer, bea)) == ((5, 0), (0, 0))
    all_is_consistent(offer, other)


def test_a_giver_that_withdraws_too_late_is_told_what_is_left(market: Market) -> None:
    ana, bea, cem = market.people(3)
    offer, other = two_of_a_full_case(market, ana, cem), market.offer(cap=5)
    takes = market.reserving(bea, (offer, 2), (other, 1))
    with counter_held(other.capacity) as release, in_background(takes) as answer:
        waits_for_a_lock(1)
        with in_background(changing(market, ana, (offer, 5))) as withdraws:
            waits_for_a_lock(2)
            release()
            assert isinstance(answer(), ReservationAnswer)
            told = withdraws()
    assert isinstance(told, ReservationAnswer)
    assert [(kept.asked_firm, kept.firm, kept.offered_back) for kept in told.lines] == [(5, 3, 0)]
    assert (line(offer, ana), line(offer, bea)) == ((3, 0), (2, 0))
    all_is_consistent(offer, other)


def test_what_is_offered_once_is_taken_once(market: Market) -> None:
    ana, cem, *crowd = market.people(10)
    offer = two_of_a_full_case(market, ana, cem)
    answers = at_once([market.reserving(person, (offer, 1)) for person in crowd])
    assert sorted(answer.lines[0].firm for answer in answers) == [0] * 6 + [1] * 2  # type: ignore[union-attr]
    assert (line(offer, ana), units(offer)) == ((3, 0), 12)
    assert ReservationVersion.objects.filter(household__members=ana).count() == 4
    all_is_consistent(offer)


def test_two_households_that_take_from_each_other_do_not_deadlock(market: Market) -> None:
    ana, bea, cem = market.people(3)
    pears, plums = market.offer(case=12), market.offer(case=12)
    market.reserving(cem, (pears, 6), (plums, 6))()
    market.reserving(ana, (pears, 6))()
    market.reserving(bea, (plums, 6))()
    filling(market)
    changing(market, ana, (pears, 1))()
    changing(market, bea, (plums, 1))()
    for had in range(5):
        answers = at_once(
            [changing(market, ana, (plums, had + 1)), changing(market, bea, (pears, had + 1))],
        )
        assert [type(answer) for answer in answers] == [ReservationAnswer] * 2
        assert (line(plums, ana), line(pears, bea)) == ((had + 1, 0), (had + 1, 0))
    assert (line(pears, ana), line(plums, bea), units(pears), units(plums)) == ((1, 0), (1, 0), 12, 12)
    all_is_consistent()


def test_a_crowd_that_gives_and_takes_conserves_every_unit(market: Market) -> None:
    market.round.handovers.all().delete()
    make_handover(market.round, capacity=100)
    chance = random.Random(5)
    people = market.people(8)
    offers = [market.offer(case=12), market.offer(cap=24, case=12), market.offer(cap=36)]
    for person in people:
        market.reserving(person, *((offer, 3) for offer in offers))()
    filling(market)

    def shopper(person: User) -> Callable[[], list[ReservationAnswer]]:
        baskets = [chance.sample(offers, chance.randint(1, 3)) for _ in range(6)]
        acts = [market.reserving(person, *((offer, chance.randint(0, 6)) for offer in basket)) for basket in baskets]
        return lambda: [act() for act in acts]

    outcomes = at_once([shopper(person) for person in people])
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    all_is_consistent(*offers)
    # A full case is never broken, and no more is taken than fills the next one.
    assert [units(offer) % 12 for offer in offers[:2]] == [0, 0]
    assert units(offers[1]) == 24
    assert ReservationVersion.objects.filter(request_key__startswith="taken-over:").exists()


def test_closing_at_the_same_time_orders_what_the_lines_say() -> None:
    market = Market(closes_in=timedelta(seconds=2))
    ana, cem, *crowd = market.people(8)
    offer = two_of_a_full_case(market, ana, cem)

    def knock(person: User) -> Callable[[], bool]:
        def act() -> bool:
            while clock.now() < market.window.closes_at + timedelta(seconds=0.2):
                try:
                    market.reserving(person, (offer, 1))()
                    market.reserving(person, (offer, 0))()
                    changing(market, ana, (offer, 3))()
                except WindowClosed:
                    return True
            return False

        return act

    def close() -> bool:
        while close_window(window_id=market.window.pk) is None:
            pass
        return True

    outcomes = at_once([close, *(knock(person) for person in crowd[:3])])
    assert all(outcome is True for outcome in outcomes), outcomes
    assert PurchaseOrderLine.objects.get().ordered == units(offer) == 12
    assert ReservationLine.objects.filter(offered_back__gt=F("firm")).count() == 0
    all_is_consistent(offer)
