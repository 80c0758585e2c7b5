"""Offers that change while households reserve and windows close: nobody lands under terms that it did not see."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.offers.agree_to_change import agree_to_change
from marketplace.actions.offers.change_offer import change_offer
from marketplace.actions.reserve import ReservationAnswer, reserve
from marketplace.errors import PriceChanged, WindowClosed
from marketplace.models import (
    Capacity,
    Offer,
    OfferChange,
    OrderingWindow,
    PriceStep,
    PurchaseOrderLine,
    ReservationLine,
    User,
)
from marketplace.queries.offer_changes import terms_now
from marketplace.rules.clearing.terms import PriceStep as Step
from marketplace.rules.wanted import WantedLine
from tests.factories import make_hub_staff
from tests.marketplace.reserving_ground import taken
from tests.races.reserving_threads import Market, at_once, counter_held, in_background, waits_for_a_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

DEARER = 300


def reserving(market: Market, by: User, offer: Offer, firm: int, seen: int | None) -> Callable[[], ReservationAnswer]:
    line = WantedLine(offer_id=offer.pk, firm=firm, seen_version=seen)
    return lambda: reserve(round_id=market.round.pk, lines=[line], request_key=f"seen-{seen}-{by.pk}", by=by)


def changing(
    offer: Offer, by: User, *, cap: int | None = None, price: int | None = None
) -> Callable[[], OfferChange | None]:
    def act() -> OfferChange | None:
        terms = terms_now(Offer.objects.select_related("capacity").get(pk=offer.pk))
        if price is not None:
            terms = replace(terms, ladder=(Step(1, 195, price),))
        terms = terms if cap is None else replace(terms, cap=cap)
        return change_offer(offer_id=offer.pk, terms=terms, reason="Frost", by=by)

    return act


def test_control_a_change_without_the_window_lock_lands_a_reserver_under_terms_it_did_not_see() -> None:
    market = Market()
    offer, [ana] = market.offer(cap=9), market.people(1)
    with counter_held(offer.capacity) as release, in_background(reserving(market, ana, offer, 3, 1)) as answer:
        waits_for_a_lock()
        # What change_offer does, without its locks: new terms for those who come later, and nobody to be asked.
        with transaction.atomic():
            lines = ReservationLine.objects.filter(offer=offer).count()
            PriceStep.objects.filter(offer=offer).update(unit_price_minor=DEARER)
            Offer.objects.filter(pk=offer.pk).update(version=2, agreement_version=1 if not lines else 2)
        release()
        assert isinstance(answer(), ReservationAnswer)  # accepted for 2.40 …
    assert (lines, PriceStep.objects.get().unit_price_minor) == (0, DEARER)  # … and nobody asks it about 3.00
    assert ReservationLine.objects.get().agreed_version == 1


def test_a_change_waits_for_every_reservation_that_began_before_it_and_asks_it() -> None:
    market = Market()
    offer, [ana], carla = market.offer(cap=9), market.people(1), make_hub_staff(market.hub)
    with counter_held(offer.capacity) as release, in_background(reserving(market, ana, offer, 3, 1)) as answer:
        waits_for_a_lock(1)
        with in_background(changing(offer, carla, price=DEARER)) as changed:
            waits_for_a_lock(2)
            release()
            assert isinstance(answer(), ReservationAnswer)
            assert isinstance(changed(), OfferChange)
    offer.refresh_from_db()
    assert (ReservationLine.objects.get().agreed_version, offer.agreement_version) == (1, 2)


def test_a_reservation_that_waited_for_a_change_does_not_land_under_terms_it_did_not_see() -> None:
    market = Market()
    offer, [ana, bea], carla = market.offer(cap=9), market.people(2), make_hub_staff(market.hub)
    done, go_on = Event(), Event()

    def change() -> None:
        with transaction.atomic():
            changing(offer, carla, price=DEARER)()
            done.set()
            go_on.wait(20)

    with in_background(change):
        assert done.wait(20)
        with (
            in_background(reserving(market, ana, offer, 3, 1)) as old,
            in_background(reserving(market, bea, offer, 2, 2)) as new,
        ):
            waits_for_a_lock(2)
            go_on.set()
            assert isinstance(old(), PriceChanged)
            assert isinstance(new(), ReservationAnswer)
    assert list(ReservationLine.objects.values_list("firm", "agreed_version")) == [(2, 2)]
    assert taken(offer.capacity) == 2


def test_a_crowd_beside_a_change_is_either_before_it_and_asked_or_refused() -> None:
    market = Market()
    offer, people, carla = market.offer(cap=40), market.people(16), make_hub_staff(market.hub)
    acts: list[Callable[[], object]] = [reserving(market, person, offer, 2, 1) for person in people]
    results = at_once([*acts, changing(offer, carla, price=DEARER)])
    accepted = sum(isinstance(result, ReservationAnswer) for result in results)
    refused = sum(isinstance(result, PriceChanged) for result in results)
    assert (accepted + refused, isinstance(results[-1], OfferChange)) == (16, True)
    assert list(ReservationLine.objects.values_list("agreed_version", flat=True)) == [1] * accepted
    assert taken(offer.capacity) == 2 * accepted


def test_a_cap_that_is_lowered_beside_a_crowd_is_never_passed() -> None:
    market = Market()
    offer, people, carla = market.offer(cap=40), market.people(16), make_hub_staff(market.hub)
    acts: list[Callable[[], object]] = [reserving(market, person, offer, 2, None) for person in people]
    results = at_once([*acts[:8], changing(offer, carla, cap=10), *acts[8:]])
    assert not [result for result in results if isinstance(result, Exception)]
    kept = sum(ReservationLine.objects.values_list("firm", flat=True))
    assert (kept, Capacity.objects.get(offer=offer).limit, taken(offer.capacity)) == (10, 10, 10)


def test_an_agreement_that_came_before_the_close_is_ordered_and_a_later_one_is_refused() -> None:
    market = Market()
    offer, people, carla = market.offer(), market.people(12), make_hub_staff(market.hub)
    for person in people:
        reserving(market, person, offer, 2, 1)()
    assert isinstance(changing(offer, carla, price=DEARER)(), OfferChange)
    market.window.closes_at = clock.now() + timedelta(seconds=3)
    market.window.fills_at = market.window.closes_at
    market.window.save()

    def agreeing(by: User, at: float) -> Callable[[], object]:
        def act() -> object:
            while clock.now() < market.window.closes_at + timedelta(seconds=at):
                time.sleep(0.005)
            return agree_to_change(round_id=market.round.pk, offer_id=offer.pk, version=2, by=by)

        return act

    def close() -> object:
        while (closed := close_window(window_id=market.window.pk)) is None:
            time.sleep(0.01)
        return closed

    # Three in good time, the others around the deadline.
    acts = [agreeing(person, -3 if number < 3 else (number - 7) * 0.02) for number, person in enumerate(people)]
    results = at_once([*acts, close])
    accepted = sum(isinstance(result, ReservationAnswer) for result in results)
    assert accepted + sum(isinstance(result, WindowClosed) for result in results) == 12
    assert accepted
    assert PurchaseOrderLine.objects.get().ordered == 2 * accepted
    assert OrderingWindow.objects.get().state == "closed"
