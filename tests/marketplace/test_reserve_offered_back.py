"""Giving back in the filling stretch: what others need is offered to them and goes when somebody takes it over."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.api.reservation_json import answer_json, reservation_json
from marketplace.models import Capacity, Household, Offer, Reservation, ReservationLine, ReservationVersion, User
from marketplace.queries.demand import demand_groups
from marketplace.queries.reservations import basket, outcome_lines, own_lines
from marketplace.views.outcomes import offered_back_sentence
from tests.factories import make_handover, make_household, make_window
from tests.marketplace.reserving_ground import Shop, everything, line_of, taken, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def offer(shop: Shop) -> Offer:
    """Full cases of 12 at one price."""
    return shop.offer(case=12, ladder=((6, 195, 240),))


@pytest.fixture
def bea() -> Household:
    return make_household("Bea")


def person(household: Household) -> User:
    return household.members.order_by("pk")[0]


def given(household: Household) -> tuple[int, int]:
    """The household's only line: firm units, and how many of them are offered."""
    line = ReservationLine.objects.get(reservation__household=household)
    return line.firm, line.offered_back


def newest(household: Household) -> ReservationVersion:
    return ReservationVersion.objects.filter(household=household).order_by("-number")[0]


def a_full_case(shop: Shop, offer: Offer, own: int = 5) -> None:
    """Ana holds some of a full case, in the filling stretch."""
    shop.others_reserve(offer, 12 - own)
    shop.reserve(want(offer, own))
    shop.to_filling()
    shop.project(offer)


def test_what_others_need_is_offered_and_stays(shop: Shop, offer: Offer) -> None:
    a_full_case(shop, offer)
    line = line_of(shop.change(want(offer, 3)), offer)
    assert (line.asked_firm, line.firm, line.offered_back) == (3, 5, 2)
    assert (line.status, line.reason, line.waits_for) == ("kept", "offered_back", 0)
    assert given(shop.household) == (5, 2)
    [kept] = newest(shop.household).lines
    assert (kept["firm"], kept["offered_back"], kept["offered_back_at"]) == (5, 2, shop.at.isoformat())
    assert own_lines(shop.household.pk, shop.round.pk)[offer.pk].offered_back == 2
    held = basket(shop.household.pk, shop.round.pk)
    assert held is not None
    assert (held.lines[0].firm, held.lines[0].offered_back) == (5, 2)


def test_the_harmless_part_goes_at_once_and_only_the_rest_is_offered(shop: Shop) -> None:
    offer = shop.offer(case=12, cap=24, ladder=((6, 195, 240),))
    shop.others_reserve(offer, 9)
    Capacity.objects.update(taken=9)
    shop.reserve(want(offer, 5))
    shop.to_filling()
    line = line_of(shop.change(want(offer, 1)), offer)
    assert (line.firm, line.offered_back, line.reason) == (3, 2, "offered_back")
    assert (given(shop.household), taken(offer.capacity)) == ((3, 2), 12)


def test_leaving_altogether_offers_every_unit_and_drops_the_extra(shop: Shop, offer: Offer) -> None:
    shop.others_reserve(offer, 10)
    shop.reserve(want(offer, 2, 3))
    shop.to_filling()
    line = line_of(shop.change(want(offer, 0)), offer)
    assert (line.firm, line.flexible, line.offered_back) == (2, 0, 2)


def test_a_case_less_can_go_at_once_where_it_harms_nobody(shop: Shop, offer: Offer) -> None:
    shop.others_reserve(offer, 12)
    shop.reserve(want(offer, 14))
    shop.to_filling()
    # 26: two wait. 13 less leave 13, and 12 of them are sure as before: one waits instead of two.
    assert line_of(shop.change(want(offer, 1)), offer).firm == 1


def test_asking_for_as_much_again_withdraws_the_offer(shop: Shop, offer: Offer) -> None:
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    line = line_of(shop.change(want(offer, 5)), offer)
    assert (line.firm, line.offered_back, line.status, line.reason) == (5, 0, "sure", "")
    assert given(shop.household) == (5, 0)


def test_a_smaller_offer_keeps_its_place_and_a_larger_one_takes_a_new_one(shop: Shop, offer: Offer) -> None:
    a_full_case(shop, offer)
    first = shop.at
    shop.change(want(offer, 3))
    shop.later(minutes=1)
    shop.change(want(offer, 4))
    assert ReservationLine.objects.get(offered_back=1).offered_back_at == first
    shop.change(want(offer, 2))
    assert ReservationLine.objects.get(offered_back=3).offered_back_at == shop.at


def test_another_household_takes_over_and_the_case_stays_full(shop: Shop, offer: Offer, bea: Household) -> None:
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    shop.project(offer)
    shop.later(minutes=1)
    answer = shop.reserve(want(offer, 4), by=person(bea), key="bea takes")
    line = line_of(answer, offer)
    assert (line.asked_firm, line.firm, line.status, line.reason) == (4, 2, "reduced", "filling_limit")
    assert (given(shop.household), given(bea)) == ((3, 0), (2, 0))
    [group] = demand_groups([offer.pk])[offer.pk]
    assert (group.firm, group.lines) == (12, 3)
    before, after = ReservationVersion.objects.filter(household=shop.household).order_by("-number")[:2][::-1]
    assert (after.number, after.state, after.by_id, after.placed_at) == (3, "placed", before.by_id, shop.at)
    assert (after.answer, after.changed_offers) == ({"taken_over": {str(offer.pk): 2}}, [offer.pk])
    assert [(kept["firm"], kept["offered_back"]) for kept in after.lines] == [(3, 0)]
    assert after.request_key.startswith("taken-over:")
    assert len(after.request_key) == 75
    assert Reservation.objects.get(household=shop.household).version == 3


def test_who_takes_all_that_was_offered_is_sure(shop: Shop, offer: Offer, bea: Household) -> None:
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    shop.project(offer)
    line = line_of(shop.reserve(want(offer, 2), by=person(bea)), offer)
    assert (line.firm, line.status, line.reason, line.waits_for) == (2, "sure", "", 0)


def test_the_oldest_offer_goes_first(shop: Shop, offer: Offer, bea: Household) -> None:
    cem = make_household("Cem")
    shop.others_reserve(offer, 6)
    shop.reserve(want(offer, 3))
    shop.reserve(want(offer, 3), by=person(cem))
    shop.to_filling()
    shop.change(want(offer, 1), by=person(cem))
    shop.later(minutes=1)
    shop.change(want(offer, 1))
    shop.reserve(want(offer, 3), by=person(bea))
    assert (given(cem), given(shop.household), given(bea)) == ((1, 0), (2, 1), (3, 0))


def test_who_gave_everything_loses_the_line_and_with_the_last_line_the_place(shop: Shop, bea: Household) -> None:
    shop.round.handovers.all().delete()
    place = make_handover(shop.round, capacity=2)
    shop.handover = place
    offer = shop.offer(case=12, cap=12, ladder=((6, 195, 240),))
    cem = make_household("Cem")
    shop.reserve(want(offer, 10), by=person(cem))
    shop.reserve(want(offer, 2))
    shop.to_filling()
    shop.cancel()
    assert (taken(place.capacity), taken(offer.capacity)) == (2, 12)
    # The handover is full; Ana's place gets free in the same step.
    answer = shop.reserve(want(offer, 2), by=person(bea))
    assert line_of(answer, offer).firm == 2
    assert (shop.lines(), shop.lines(bea)) == ({}, {offer.pk: 2})
    assert (taken(place.capacity), taken(offer.capacity)) == (2, 12)
    assert Reservation.objects.get(household=shop.household).state == "cancelled"
    assert (newest(shop.household).state, newest(shop.household).lines) == ("cancelled", [])


def test_a_capped_offer_that_is_full_changes_hands_and_its_counter_stays(shop: Shop, bea: Household) -> None:
    offer = shop.offer(case=1, cap=36, ladder=((6, 195, 240), (36, 170, 210)))
    cem = make_household("Cem")
    shop.reserve(want(offer, 31), by=person(cem))
    shop.reserve(want(offer, 5))
    shop.to_filling()
    shop.change(want(offer, 2))
    line = line_of(shop.reserve(want(offer, 4), by=person(bea)), offer)
    assert (line.firm, line.reason) == (3, "stock_short")
    assert (given(shop.household), given(bea), taken(offer.capacity)) == ((2, 0), (3, 0), 36)


def test_a_rise_that_reaches_the_next_price_by_itself_frees_nobody(shop: Shop, bea: Household) -> None:
    offer = shop.offer(case=12, ladder=((6, 195, 240), (24, 170, 210)))
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    shop.project(offer)
    line = line_of(shop.reserve(want(offer, 12), by=person(bea)), offer)
    assert (line.firm, line.status, line.unit_price_now_minor) == (12, "sure", 210)
    assert given(shop.household) == (5, 2)


def test_a_rise_beyond_the_next_price_takes_over_what_is_left(shop: Shop, bea: Household) -> None:
    offer = shop.offer(case=12, ladder=((6, 195, 240), (24, 170, 210)))
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    line = line_of(shop.reserve(want(offer, 13), by=person(bea)), offer)
    assert (line.firm, given(shop.household)) == (13, (4, 1))


def test_where_less_is_free_than_the_lines_say_nothing_is_taken_over_in_part(shop: Shop, bea: Household) -> None:
    offer = shop.offer(case=12, cap=24, ladder=((6, 195, 240), (24, 170, 210)))
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    Capacity.objects.update(taken=24)
    line = line_of(shop.reserve(want(offer, 13), by=person(bea)), offer)
    assert (line.firm, line.status, line.reason) == (0, "refused", "stock_short")
    assert (given(shop.household), taken(offer.capacity)) == ((5, 2), 24)


def test_a_rise_that_reaches_nothing_takes_over_instead_of_waiting(shop: Shop, bea: Household) -> None:
    offer = shop.offer(case=12, ladder=((6, 195, 240), (24, 170, 210)))
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    shop.project(offer)
    line = line_of(shop.reserve(want(offer, 1), by=person(bea)), offer)
    assert (line.firm, line.status, given(shop.household)) == (1, "sure", (4, 1))


def test_who_would_not_pay_the_price_takes_nothing_over(shop: Shop, offer: Offer, bea: Household) -> None:
    dear = shop.offer("Pears", case=12, ladder=((6, 195, 240), (36, 170, 210)))
    shop.others_reserve(dear, 31)
    shop.reserve(want(dear, 5))
    shop.to_filling()
    shop.change(want(dear, 3))
    shop.reserve(want(dear, 2, max_unit_price_minor=200), by=person(bea))
    assert given(shop.household) == (5, 2)


def test_ones_own_offer_is_no_offer_to_oneself(shop: Shop, offer: Offer) -> None:
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    line = line_of(shop.change(want(offer, 6)), offer)
    assert (line.firm, line.offered_back, line.reason) == (5, 0, "filling_limit")
    assert given(shop.household) == (5, 0)


def test_all_or_nothing_takes_over_all_or_nothing(shop: Shop, offer: Offer, bea: Household) -> None:
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    line = line_of(shop.reserve(want(offer, 3, whole_only=True), by=person(bea)), offer)
    assert (line.firm, line.reason, given(shop.household)) == (0, "whole_only_short", (5, 2))
    assert line_of(shop.reserve(want(offer, 2, whole_only=True), by=person(bea)), offer).firm == 2
    assert given(shop.household) == (3, 0)


def test_the_units_that_came_last_go_first(shop: Shop, offer: Offer, bea: Household) -> None:
    shop.others_reserve(offer, 7)
    shop.reserve(want(offer, 2))
    shop.later(minutes=5)
    raised_at = shop.at.isoformat()
    shop.reserve(want(offer, 5))
    shop.to_filling()
    shop.change(want(offer, 3))
    shop.reserve(want(offer, 2), by=person(bea))
    line = ReservationLine.objects.get(reservation__household=shop.household)
    assert line.raised == [{"at": raised_at, "by": 1}]


def test_at_the_close_what_nobody_took_stays(shop: Shop, offer: Offer) -> None:
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    with clock.frozen(shop.window.closes_at + timedelta(minutes=1)):
        assert close_window(window_id=shop.window.pk) is not None
    [line] = outcome_lines(Reservation.objects.get(household=shop.household))
    assert (line.asked, line.quantity, line.offered_back, line.reason) == (5, 5, 2, "in_full")


def test_after_the_close_an_offered_line_is_told_as_it_stands(shop: Shop, offer: Offer) -> None:
    evening = make_window(shop.round, [shop.supply], closes_at=shop.window.closes_at + timedelta(hours=5))
    later = shop.offer("Kale", window=evening)
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    shop.at = shop.window.closes_at
    answer = shop.change(want(later, 1), want(offer, 5))
    line = line_of(answer, offer)
    assert (line.firm, line.offered_back, line.status, line.reason) == (5, 2, "kept", "")
    assert shop.lines() == {offer.pk: 5, later.pk: 1}


def test_a_second_try_with_the_same_key_takes_over_once(shop: Shop, offer: Offer, bea: Household) -> None:
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    first = shop.reserve(want(offer, 2), by=person(bea), key="one tap")
    stored = everything()
    assert shop.reserve(want(offer, 2), by=person(bea), key="one tap") == first
    assert everything() == stored


def test_taking_over_from_one_household_takes_a_steady_number_of_statements(
    shop: Shop, offer: Offer, bea: Household
) -> None:
    a_full_case(shop, offer)
    shop.change(want(offer, 3))
    taker = person(bea)
    with CaptureQueriesContext(connection) as captured:
        shop.reserve(want(offer, 2), by=taker)
    count = sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in captured)
    assert count == (15 if connection.vendor == "postgresql" else 24)


@pytest.mark.parametrize("offered", [(3, True), (1, False)])
def test_the_database_keeps_offers_within_the_line_and_dated(shop: Shop, offer: Offer, offered: Any) -> None:
    shop.reserve(want(offer, 2))
    units, dated = offered
    with pytest.raises(IntegrityError), transaction.atomic():
        ReservationLine.objects.update(offered_back=units, offered_back_at=shop.at if dated else None)


def test_pages_say_what_is_offered_and_after_the_close_that_it_stayed() -> None:
    assert offered_back_sentence(5, 0) == ""
    assert offered_back_sentence(5, 2) == (
        "2 of your 5 are offered to others; until somebody takes them they stay yours."
    )
    assert offered_back_sentence(5, 2, closed=True) == (
        "2 of your 5 were offered to others; nobody took them, so they stayed yours."
    )


def test_the_api_tells_what_is_offered(shop: Shop, offer: Offer) -> None:
    a_full_case(shop, offer)
    told = answer_json(shop.change(want(offer, 3)))["lines"]
    assert [(line["firm"], line["offered_back"], line["reason"]) for line in told] == [(5, 2, "offered_back")]
    kept = Reservation.objects.select_related("round__hub", "handover__pickup_point").get(household=shop.household)
    [line] = reservation_json(kept, basket(shop.household.pk, shop.round.pk), ())["lines"]
    assert (line["firm"], line["offered_back"]) == (5, 2)
