"""Capped offers and the room at a handover."""

import pytest

from marketplace.errors import HandoverFull
from marketplace.models import Reservation
from tests.factories import make_handover, make_household
from tests.marketplace.reserving_ground import Shop, everything, line_of, taken, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_of_a_capped_offer_what_fits_is_kept(shop: Shop) -> None:
    offer = shop.offer(cap=10)
    shop.reserve(want(offer, 7), by=make_household("Bea").members.get())
    line = line_of(shop.reserve(want(offer, 5, 2)), offer)
    assert (line.asked_firm, line.firm, line.flexible, line.status, line.reason) == (5, 3, 2, "reduced", "stock_short")
    assert taken(offer.capacity) == 10


def test_a_sold_out_offer_is_refused_beside_others(shop: Shop) -> None:
    gone, bread = shop.offer("Eggs", cap=0), shop.offer("Bread")
    answer = shop.reserve(want(gone, 2), want(bread, 1))
    line = line_of(answer, gone)
    assert (line.firm, line.status, line.reason) == (0, "refused", "stock_short")
    assert shop.lines() == {bread.pk: 1}


def test_all_or_nothing_takes_nothing_when_all_does_not_fit(shop: Shop) -> None:
    offer = shop.offer(cap=4)
    answer = shop.reserve(want(offer, 5, whole_only=True))
    line = line_of(answer, offer)
    assert (line.firm, line.status, line.reason, taken(offer.capacity)) == (0, "refused", "whole_only_short", 0)
    assert (answer.state, shop.lines()) == ("cancelled", {})
    assert line_of(shop.reserve(want(offer, 4, whole_only=True)), offer).firm == 4


def test_a_rise_that_does_not_fit_keeps_what_is_held(shop: Shop) -> None:
    offer = shop.offer(cap=4)
    shop.reserve(want(offer, 3))
    line = line_of(shop.reserve(want(offer, 9)), offer)
    assert (line.firm, line.status, line.reason) == (4, "reduced", "stock_short")
    line = line_of(shop.reserve(want(offer, 9)), offer)
    assert (line.firm, line.status, line.reason) == (4, "refused", "stock_short")
    assert taken(offer.capacity) == 4


def test_less_gives_back_what_is_not_needed(shop: Shop) -> None:
    offer, other = shop.offer(cap=4), shop.offer("Kale", cap=4)
    shop.reserve(want(offer, 4), want(other, 2))
    shop.reserve(want(offer, 1), want(other, 4))
    assert (taken(offer.capacity), taken(other.capacity)) == (1, 4)
    shop.change(want(offer, 0))
    assert taken(offer.capacity) == 0


def test_a_full_handover_refuses_and_changes_nothing(shop: Shop) -> None:
    place, offer = make_handover(shop.round, capacity=1), shop.offer(cap=9)
    shop.reserve(want(offer, 1), handover_id=place.pk, by=make_household("Bea").members.get())
    before = everything()
    with pytest.raises(HandoverFull) as refused:
        shop.reserve(want(offer, 2), handover_id=place.pk)
    assert refused.value.facts == {"handover_id": place.pk, "capacity": 1}
    assert everything() == before
    shop.reserve(want(offer, 2), handover_id=shop.handover.pk)
    before = everything()
    with pytest.raises(HandoverFull):
        shop.change(want(offer, 3), handover_id=place.pk)
    assert everything() == before


def test_a_reservation_takes_one_place_whatever_it_changes(shop: Shop) -> None:
    place, offer = make_handover(shop.round, capacity=5), shop.offer()
    for units in (1, 2, 3):
        shop.reserve(want(offer, units), handover_id=place.pk)
    assert taken(place.capacity) == 1
    shop.cancel()
    shop.cancel()
    assert taken(place.capacity) == 0


def test_a_reservation_that_got_nothing_holds_no_place(shop: Shop) -> None:
    place, gone = make_handover(shop.round, capacity=5), shop.offer("Eggs", cap=0)
    bread = shop.offer("Bread")
    answer = shop.reserve(want(gone, 2), handover_id=place.pk)
    assert (answer.state, Reservation.objects.get().state, taken(place.capacity)) == ("cancelled", "cancelled", 0)
    shop.reserve(want(bread, 2))
    assert taken(place.capacity) == 1
    # Everything out, and what was wanted instead is gone: the place is given back.
    assert shop.change(want(gone, 1), replace=True).state == "cancelled"
    assert taken(place.capacity) == 0
