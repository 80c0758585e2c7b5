"""Reserving: what is stored, what is answered, and the same answer for the same request."""

from datetime import timedelta
from typing import Any

import pytest

from marketplace.errors import InvalidInput, InvalidLines, NotFound, RequestKeyReused
from marketplace.models import GroupMember, Reservation, ReservationLine, ReservationVersion
from tests.factories import NOON, make_handover, make_household, make_hub, make_round, make_user, make_window
from tests.marketplace.reserving_ground import Shop, everything, line_of, taken, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_reservation_stores_its_lines_and_its_version(shop: Shop) -> None:
    tomatoes, bread = shop.offer("Tomatoes"), shop.offer("Bread")
    answer = shop.reserve(
        want(tomatoes, 3, 2, flexible_for="price", max_unit_price_minor=240),
        want(bread, 1, whole_only=True),
        key="first",
    )
    reservation = Reservation.objects.get()
    assert (answer.reservation_id, answer.version, answer.state) == (reservation.pk, 1, "placed")
    assert (answer.handover_id, answer.currency) == (shop.handover.pk, "EUR")
    assert (answer.now_minor, answer.at_most_minor) == (4 * 240, 6 * 240)
    assert answer.closes_at == shop.window.closes_at
    assert list(
        ReservationLine.objects.order_by("offer_id").values_list(
            "offer_id", "window_id", "firm", "flexible", "flexible_for", "max_unit_price_minor", "whole_only",
            "placed_at", "raised",
        )
    ) == [
        (tomatoes.pk, shop.window.pk, 3, 2, "price", 240, False, NOON, []),
        (bread.pk, shop.window.pk, 1, 0, "case", None, True, NOON, []),
    ]  # fmt: skip
    version = ReservationVersion.objects.get()
    assert (version.number, version.state, version.request_key, version.by) == (1, "placed", "first", shop.ana)
    assert (version.placed_at, version.changed_offers) == (NOON, [tomatoes.pk, bread.pk])
    assert [line["firm"] for line in version.lines] == [3, 1]
    assert (reservation.created_at, reservation.changed_at) == (NOON, NOON)


def test_the_same_request_again_gets_the_same_answer_and_makes_no_version(shop: Shop) -> None:
    offer = shop.offer(cap=10)
    first = shop.reserve(want(offer, 3), key="tap")
    shop.later(minutes=5)
    before = everything()
    assert shop.reserve(want(offer, 3), key="tap") == first
    assert everything() == before
    assert taken(offer.capacity) == 3


def test_the_same_request_after_the_close_still_gets_its_answer(shop: Shop) -> None:
    offer = shop.offer()
    first = shop.reserve(want(offer, 3), key="tap")
    shop.at = shop.window.closes_at + timedelta(hours=1)
    assert shop.reserve(want(offer, 3), key="tap") == first


def test_a_request_key_with_another_body_is_refused_and_changes_nothing(shop: Shop) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3), key="tap")
    before = everything()
    with pytest.raises(RequestKeyReused) as refused:
        shop.reserve(want(offer, 4), key="tap")
    assert refused.value.facts == {"request_key": "tap"}
    with pytest.raises(RequestKeyReused):
        shop.cancel(key="tap")
    assert everything() == before


def test_two_households_may_use_the_same_request_key(shop: Shop) -> None:
    offer = shop.offer()
    other = make_user("Bea")
    make_household("Bea", other)
    assert shop.reserve(want(offer, 3), key="tap").version == 1
    assert shop.reserve(want(offer, 5), key="tap", by=other).lines[0].firm == 5


def test_a_second_tap_merges_into_the_one_reservation_of_the_round(shop: Shop) -> None:
    tomatoes, bread = shop.offer("Tomatoes"), shop.offer("Bread")
    shop.reserve(want(tomatoes, 3))
    answer = shop.reserve(want(bread, 2))
    assert (answer.version, Reservation.objects.count()) == (2, 1)
    assert {line.offer_id: line.firm for line in answer.lines} == {tomatoes.pk: 3, bread.pk: 2}
    assert ReservationVersion.objects.get(number=2).changed_offers == [bread.pk]


@pytest.mark.parametrize(
    ("wish", "place", "code"),
    [
        ({"firm": -1}, "lines[0].firm", "negative"),
        ({"firm": 100_001}, "lines[0].firm", "too_many_units"),
        ({"firm": 1, "flexible": 101}, "lines[0].flexible", "too_much_extra"),
        ({"firm": True}, "lines[0].firm", "no_integer"),
        ({"firm": 1, "flexible": -1}, "lines[0].flexible", "negative"),
        ({"firm": 0, "flexible": 1}, "lines[0].flexible", "flexible_without_firm"),
        ({"firm": 1, "flexible_for": "fun"}, "lines[0].flexible_for", "unknown_use"),
        ({"firm": 1, "max_unit_price_minor": 0}, "lines[0].max_unit_price_minor", "limit_out_of_range"),
        ({"firm": 1, "max_unit_price_minor": 10**13}, "lines[0].max_unit_price_minor", "limit_out_of_range"),
    ],
)
def test_a_line_that_cannot_be_read_names_its_place(shop: Shop, wish: dict, place: str, code: str) -> None:
    offer = shop.offer()
    before = everything()
    with pytest.raises(InvalidLines) as refused:
        shop.reserve(want(offer, **wish))
    problems = refused.value.facts["problems"]
    assert [(problem["place"], problem["code"]) for problem in problems] == [(place, code)]
    assert problems[0]["problem"].endswith(".")
    assert everything() == before


def test_all_problems_are_told_at_once(shop: Shop) -> None:
    offer = shop.offer()
    with pytest.raises(InvalidLines) as refused:
        shop.reserve(want(offer, -1), want(offer, 2, -3))
    assert [(p["place"], p["code"]) for p in refused.value.facts["problems"]] == [
        ("lines[0].firm", "negative"),
        ("lines[1].flexible", "negative"),
        ("lines[1].offer_id", "twice"),
    ]


def test_offers_that_the_round_has_not_are_named(shop: Shop) -> None:
    here, elsewhere = shop.offer(), Shop().offer()
    before = everything()
    with pytest.raises(InvalidLines) as refused:
        shop.reserve(want(here, 1), want(elsewhere, 1))
    assert [(p["place"], p["code"]) for p in refused.value.facts["problems"]] == [
        ("lines[1].offer_id", "no_such_offer")
    ]
    assert everything() == before


def test_no_lines_are_no_reservation(shop: Shop) -> None:
    with pytest.raises(InvalidLines):
        shop.reserve()
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("key", [" ", "k" * 81])
def test_a_request_needs_a_usable_key(shop: Shop, key: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        shop.reserve(want(shop.offer(), 1), key=key)
    assert refused.value.facts["problems"][0]["place"] == "request_key"


def test_a_foreign_household_round_group_or_handover_is_not_found(shop: Shop) -> None:
    offer = shop.offer()
    stranger, elsewhere = make_household("Bea"), Shop()
    foreign_group = elsewhere.hub.groups.create(name="Elsewhere", host=elsewhere.ana, invitation="e")
    GroupMember.objects.create(group=foreign_group, household=shop.household)
    own_hub_group = shop.hub.groups.create(name="Not ours", host=elsewhere.ana, invitation="n")
    before = everything()
    foreign_things: tuple[dict[str, Any], ...] = (
        {"household_id": stranger.pk},
        {"round_id": 10**9},
        {"group_id": foreign_group.pk},
        {"group_id": own_hub_group.pk},
        {"handover_id": elsewhere.handover.pk},
    )
    for foreign in foreign_things:
        with pytest.raises(NotFound):
            shop.reserve(want(offer, 1), **foreign)
    with pytest.raises(NotFound):
        shop.reserve(want(offer, 1), by=make_user("Nobody's"))
    assert everything() == before


def test_a_person_of_two_households_reserves_as_the_one_named(shop: Shop) -> None:
    offer = shop.offer()
    second = make_household("Ana's parents", shop.ana)
    shop.reserve(want(offer, 2), household_id=second.pk)
    shop.reserve(want(offer, 1))
    assert (shop.lines(second), shop.lines()) == ({offer.pk: 2}, {offer.pk: 1})


def test_without_a_named_handover_the_groups_place_is_taken(shop: Shop) -> None:
    offer, second = shop.offer(), make_handover(shop.round)
    group = shop.hub.groups.create(name="Nine o'clock", host=shop.ana, invitation="g", pickup_point=second.pickup_point)
    GroupMember.objects.create(group=group, household=shop.household)
    answer = shop.reserve(want(offer, 1), group_id=group.pk)
    assert answer.handover_id == second.pk
    assert Reservation.objects.get().group == group
    # Later requests keep both.
    assert shop.reserve(want(offer, 2)).handover_id == second.pk
    assert Reservation.objects.get().group == group
    before = everything()
    with pytest.raises(InvalidInput):
        shop.change(handover_id=shop.handover.pk)
    assert everything() == before


def test_without_a_choice_the_place_used_last_is_taken_and_else_it_must_be_named(shop: Shop) -> None:
    offer, second = shop.offer(), make_handover(shop.round)
    before = everything()
    with pytest.raises(InvalidInput) as refused:
        shop.reserve(want(offer, 1))
    assert refused.value.facts["problems"][0]["place"] == "handover"
    assert everything() == before
    assert shop.reserve(want(offer, 1), handover_id=second.pk).handover_id == second.pk
    next_week = make_round(shop.hub, name="Next week")
    make_handover(next_week)
    again = make_handover(next_week)
    again.pickup_point = second.pickup_point
    again.save()
    offer_then = shop.offer("Kale", window=make_window(next_week))
    assert shop.reserve(want(offer_then, 1), round_id=next_week.pk).handover_id == again.pk


def test_the_answer_says_what_waits_and_for_how_many(shop: Shop) -> None:
    offer = shop.offer(case=12, ladder=((6, 195, 240), (36, 170, 210)))
    shop.others_reserve(offer, 4)
    line = line_of(shop.reserve(want(offer, 3)), offer)
    assert (line.status, line.reason, line.waits_for) == ("waiting", "", 5)
    assert (line.unit_price_now_minor, line.unit_price_at_most_minor) == (240, 240)
    shop.project(offer)
    line = line_of(shop.reserve(want(offer, 8)), offer)
    assert (line.status, line.waits_for) == ("sure", 0)
    shop.project(offer)
    answer = shop.reserve(want(offer, 32, 2))
    line = line_of(answer, offer)
    assert (line.status, line.unit_price_now_minor) == ("sure", 210)
    assert (answer.now_minor, answer.at_most_minor) == (32 * 210, 34 * 240)


def test_a_limit_below_the_price_waits_for_it(shop: Shop) -> None:
    offer = shop.offer(ladder=((1, 195, 240), (36, 170, 210)))
    shop.others_reserve(offer, 4)
    answer = shop.reserve(want(offer, 3, max_unit_price_minor=215))
    line = line_of(answer, offer)
    assert (line.status, line.reason, line.unit_price_at_most_minor) == ("waiting", "limit_below_price", 215)
    assert answer.at_most_minor == 3 * 215


def test_a_stored_answer_reads_back_as_it_was(shop: Shop) -> None:
    hub = make_hub(currency="JPY")
    shop.hub.currency = hub.currency
    shop.hub.save()
    answer = shop.reserve(want(shop.offer(cap=2), 5, 1), key="k")
    assert shop.reserve(want(shop.window.offers.get(), 5, 1), key="k") == answer
    told = answer.as_json()
    assert (told["currency"], told["lines"][0]["reason"], told["closes_at"]) == (
        "JPY", "stock_short", "2026-11-22T18:00:00+00:00",
    )  # fmt: skip
