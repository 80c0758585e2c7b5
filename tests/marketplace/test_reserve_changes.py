"""Changing and cancelling: merging, replacing, versions, the time of each unit."""

import pytest

from marketplace.errors import IllegalMove, NotFound, ReservationChanged
from marketplace.models import HouseholdMember, Reservation, ReservationLine, ReservationVersion
from tests.factories import NOON, make_handover, make_user
from tests.marketplace.reserving_ground import Shop, everything, line_of, taken, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_units_that_are_added_have_their_own_time_and_the_latest_leave_first(shop: Shop) -> None:
    offer = shop.offer()

    def times() -> tuple:
        line = ReservationLine.objects.get()
        return line.firm, line.placed_at, [(part["at"], part["by"]) for part in line.raised]

    shop.reserve(want(offer, 3))
    shop.later(minutes=10)
    shop.reserve(want(offer, 5))
    shop.later(minutes=10)
    shop.reserve(want(offer, 6))
    first, second = "2026-11-22T12:10:00+00:00", "2026-11-22T12:20:00+00:00"
    assert times() == (6, NOON, [(first, 2), (second, 1)])
    shop.reserve(want(offer, 4))
    assert times() == (4, NOON, [(first, 1)])
    shop.reserve(want(offer, 2))
    assert times() == (2, NOON, [])
    shop.later(minutes=10)
    shop.reserve(want(offer, 3))
    assert times() == (3, NOON, [("2026-11-22T12:30:00+00:00", 1)])
    # What only says more about the same units leaves their times alone.
    shop.reserve(want(offer, 3, 2, max_unit_price_minor=230))
    assert times() == (3, NOON, [("2026-11-22T12:30:00+00:00", 1)])


def test_a_line_that_left_comes_back_with_a_new_time(shop: Shop) -> None:
    tomatoes, bread = shop.offer("Tomatoes"), shop.offer("Bread")
    shop.reserve(want(tomatoes, 3), want(bread, 1))
    answer = shop.change(want(tomatoes, 0))
    assert [line.offer_id for line in answer.lines] == [bread.pk]
    assert ReservationVersion.objects.get(number=2).changed_offers == [tomatoes.pk]
    shop.later(minutes=10)
    shop.change(want(tomatoes, 3))
    assert ReservationLine.objects.get(offer=tomatoes).placed_at == shop.at


def test_changing_merges_and_replacing_makes_the_whole_basket(shop: Shop) -> None:
    tomatoes, bread, kale = shop.offer("Tomatoes"), shop.offer("Bread"), shop.offer("Kale")
    shop.reserve(want(tomatoes, 3), want(bread, 1))
    shop.change(want(bread, 2))
    assert shop.lines() == {tomatoes.pk: 3, bread.pk: 2}
    shop.change(want(bread, 4), want(kale, 1), replace=True)
    assert shop.lines() == {bread.pk: 4, kale.pk: 1}


def test_two_devices_of_a_household_merge_line_by_line(shop: Shop) -> None:
    tomatoes, bread = shop.offer("Tomatoes"), shop.offer("Bread")
    partner = make_user("Bea")
    HouseholdMember.objects.create(household=shop.household, user=partner)
    shop.reserve(want(tomatoes, 3))
    shop.reserve(want(bread, 1), by=partner)
    assert shop.lines() == {tomatoes.pk: 3, bread.pk: 1}
    assert ReservationVersion.objects.get(number=2).by == partner


def test_an_outdated_version_is_told_so_and_changes_nothing(shop: Shop) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    shop.change(want(offer, 4), expected_version=1)
    before = everything()
    for act in (
        lambda: shop.change(want(offer, 5), expected_version=1),
        lambda: shop.change(replace=True, expected_version=3),
        lambda: shop.cancel(expected_version=1),
    ):
        with pytest.raises(ReservationChanged) as refused:
            act()
        assert refused.value.facts["actual"] == 2
    assert everything() == before


def test_there_must_be_a_reservation_to_change_or_cancel(shop: Shop) -> None:
    offer = shop.offer()
    for act in (lambda: shop.change(want(offer, 5)), shop.cancel):
        with pytest.raises(NotFound):
            act()
    assert not Reservation.objects.exists()


def test_cancelling_takes_the_lines_out_and_gives_everything_back(shop: Shop) -> None:
    shop.handover.capacity_id = None
    place = make_handover(shop.round, capacity=1)
    offer = shop.offer(cap=5)
    shop.reserve(want(offer, 3), handover_id=place.pk)
    assert (taken(offer.capacity), taken(place.capacity)) == (3, 1)
    answer = shop.cancel()
    assert (answer.state, answer.version, answer.lines, answer.closes_at) == ("cancelled", 2, (), None)
    assert (Reservation.objects.get().state, shop.lines()) == ("cancelled", {})
    assert (taken(offer.capacity), taken(place.capacity)) == (0, 0)
    # The version before keeps what was reserved.
    assert [line["firm"] for line in ReservationVersion.objects.get(number=1).lines] == [3]
    assert ReservationVersion.objects.get(number=2).state == "cancelled"


def test_cancelling_twice_does_no_harm(shop: Shop) -> None:
    shop.reserve(want(shop.offer(), 3))
    shop.cancel()
    assert shop.cancel().state == "cancelled"


def test_a_cancelled_reservation_is_placed_anew_by_reserving_and_not_by_changing(shop: Shop) -> None:
    offer = shop.offer(cap=5)
    shop.reserve(want(offer, 3))
    shop.cancel()
    before = everything()
    with pytest.raises(IllegalMove):
        shop.change(want(offer, 2))
    assert everything() == before
    shop.later(minutes=1)
    answer = shop.reserve(want(offer, 2))
    assert (answer.state, answer.version, taken(offer.capacity)) == ("placed", 3, 2)
    assert ReservationLine.objects.get().placed_at == shop.at


def test_taking_the_last_line_out_cancels(shop: Shop) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    assert shop.change(want(offer, 0)).state == "cancelled"


def test_moving_to_another_handover_needs_no_lines(shop: Shop) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    second = make_handover(shop.round, capacity=1)
    answer = shop.change(handover_id=second.pk)
    assert (answer.handover_id, taken(second.capacity)) == (second.pk, 1)
    assert line_of(answer, offer).firm == 3
    assert shop.change(handover_id=shop.handover.pk).handover_id == shop.handover.pk
    assert taken(second.capacity) == 0
