"""Many households and devices reserving at once: nothing is oversold, lost, doubled or deadlocked."""

import random
from collections import Counter
from collections.abc import Callable
from threading import Barrier, Event

import pytest
from django.db import OperationalError, transaction
from django.db.models import F, Sum

from marketplace.actions.reserve import ReservationAnswer
from marketplace.models import Capacity, Reservation, ReservationLine, ReservationVersion, User
from tests.factories import make_handover
from tests.marketplace.reserving_ground import taken
from tests.races.reserving_threads import Market, at_once, counter_held, in_background, waits_for_a_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def held() -> int:
    return int(ReservationLine.objects.aggregate(units=Sum("firm", default=0))["units"])


def test_control_summing_the_lines_and_then_writing_oversells() -> None:
    market = Market()
    offer, people = market.offer(), market.people(8)
    all_have_looked = Barrier(8)

    def naive(person: User) -> None:
        household = person.households.get()
        with transaction.atomic():
            free = 3 - held()
            all_have_looked.wait(10)
            if free > 0:
                reservation = Reservation.objects.create(
                    round=market.round, household=household, handover=market.handover,
                    created_at=market.window.opens_at, changed_at=market.window.opens_at,
                )  # fmt: skip
                ReservationLine.objects.create(
                    reservation=reservation, offer=offer, window=market.window, firm=1, placed_at=market.window.opens_at
                )

    assert at_once([lambda person=person: naive(person) for person in people]) == [None] * 8  # type: ignore[misc]
    assert held() == 8  # of 3


def test_32_households_on_one_capped_offer_get_exactly_what_there_is() -> None:
    market = Market()
    offer = market.offer(cap=20)
    answers = at_once([market.reserving(person, (offer, 1)) for person in market.people(32)])
    assert Counter(type(answer) for answer in answers) == {ReservationAnswer: 32}
    assert Counter(answer.lines[0].firm for answer in answers) == {1: 20, 0: 12}  # type: ignore[union-attr]
    assert (held(), taken(offer.capacity)) == (20, 20)


def test_the_last_units_are_shared_out_to_the_last_one() -> None:
    market = Market()
    offer = market.offer(cap=50)
    answers = at_once([market.reserving(person, (offer, 3)) for person in market.people(20)])
    assert Counter(answer.lines[0].firm for answer in answers) == {3: 16, 2: 1, 0: 3}  # type: ignore[union-attr]
    assert held() == 50


def test_what_fitted_until_the_lock_was_had_is_cut_back_to_what_is_left() -> None:
    market = Market()
    offer, [ana] = market.offer(cap=5), market.people(1)
    others_hold, commit = Event(), Event()

    def others_take_four() -> None:
        with transaction.atomic():
            Capacity.objects.filter(limit=5).update(taken=4)
            others_hold.set()
            commit.wait(10)

    with in_background(others_take_four):
        assert others_hold.wait(10)
        with in_background(market.reserving(ana, (offer, 3), (market.offer(cap=9), 2))) as answer:
            waits_for_a_lock()
            commit.set()
            told = answer()
    assert isinstance(told, ReservationAnswer)
    assert [(line.asked_firm, line.firm, line.reason) for line in told.lines] == [(3, 1, "stock_short"), (2, 2, "")]
    assert (held(), taken(offer.capacity)) == (3, 5)


def test_who_comes_when_all_is_taken_is_refused_without_waiting_for_the_counter() -> None:
    market = Market()
    offer, [ana] = market.offer(cap=5), market.people(1)
    Capacity.objects.update(taken=5)
    with counter_held(offer.capacity), in_background(market.reserving(ana, (offer, 3))) as answer:
        told = answer()
    assert isinstance(told, ReservationAnswer)
    assert (told.lines[0].firm, told.lines[0].reason) == (0, "stock_short")


def test_the_last_place_at_a_handover_is_given_once() -> None:
    market = Market()
    market.round.handovers.all().delete()
    place = make_handover(market.round, capacity=3)
    offer = market.offer()
    answers = at_once([market.reserving(person, (offer, 1)) for person in market.people(12)])
    told = Counter(type(answer).__name__ for answer in answers)
    assert told == {"ReservationAnswer": 3, "HandoverFull": 9}
    assert (taken(place.capacity), Reservation.objects.count(), held()) == (3, 3, 3)


def test_control_counters_taken_one_by_one_in_the_order_of_the_basket_deadlock() -> None:
    market = Market()
    first, second = market.offer(cap=9).capacity, market.offer(cap=9).capacity
    both_hold_one = Barrier(2)

    def naive(*capacities: Capacity | None) -> None:
        with transaction.atomic():
            for index, capacity in enumerate(capacities):
                Capacity.objects.filter(pk=capacity.pk).update(taken=F("taken") + 1)  # type: ignore[union-attr]
                if not index:
                    both_hold_one.wait(10)

    outcomes = at_once([lambda: naive(first, second), lambda: naive(second, first)])
    assert sum(isinstance(outcome, OperationalError) and "deadlock" in str(outcome) for outcome in outcomes) == 1


def test_baskets_of_capped_offers_in_any_order_never_deadlock_and_none_is_lost() -> None:
    market = Market()
    offers = [market.offer(cap=60) for _ in range(4)]
    chance = random.Random(7)

    def shopper(person: User) -> Callable[[], list[ReservationAnswer]]:
        baskets = [chance.sample(offers, 3) for _ in range(5)]
        acts = [market.reserving(person, *((offer, chance.randint(0, 6)) for offer in basket)) for basket in baskets]
        return lambda: [act() for act in acts]

    outcomes = at_once([shopper(person) for person in market.people(16)])
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    for offer in offers:
        units = offer.lines.aggregate(units=Sum("firm", default=0))["units"]
        assert taken(offer.capacity) == units <= 60
    # What each was told last is what is stored.
    for outcome in outcomes:
        last = outcome[-1]  # type: ignore[index]
        stored = dict(ReservationLine.objects.filter(reservation=last.reservation_id).values_list("offer_id", "firm"))
        assert stored == {line.offer_id: line.firm for line in last.lines if line.firm}
    assert ReservationVersion.objects.count() == 16 * 5


def test_the_same_request_from_eight_threads_makes_one_version_and_one_answer() -> None:
    market = Market()
    offer, [ana] = market.offer(cap=9), market.people(1)
    answers = at_once([market.reserving(ana, (offer, 2), key="the same tap") for _ in range(8)])
    assert isinstance(answers[0], ReservationAnswer)
    assert answers == [answers[0]] * 8
    assert (ReservationVersion.objects.count(), held(), taken(offer.capacity)) == (1, 2, 2)


def test_eight_devices_of_one_household_merge_line_by_line() -> None:
    market = Market()
    offers, [ana] = [market.offer() for _ in range(8)], market.people(1)
    answers = at_once([market.reserving(ana, (offer, 1)) for offer in offers])
    assert sorted(answer.version for answer in answers) == [1, 2, 3, 4, 5, 6, 7, 8]  # type: ignore[union-attr]
    assert ReservationLine.objects.count() == 8


def test_in_the_filling_stretch_a_crowd_fills_the_case_and_no_more() -> None:
    market = Market()
    market.window.fills_at = market.window.opens_at
    market.window.save()
    offer = market.offer(case=12)
    people = market.people(10)
    answers = at_once([market.reserving(person, (offer, 5)) for person in people])
    assert Counter(type(answer) for answer in answers) == {ReservationAnswer: 10}
    assert held() == 12
