"""Collecting offers: what was not reached moves to the next round's offer of the product, at no higher price."""

from datetime import date, timedelta
from typing import Any

import pytest

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.collecting.announce_rests import announce_rests
from marketplace.actions.collecting.keep_rests import keep_rests, withdraw_rests
from marketplace.actions.collecting.place_rest import place_rest
from marketplace.actions.open_window import open_window
from marketplace.errors import InvalidLines
from marketplace.models import (
    ClearingRun,
    CollectedRest,
    Notice,
    Offer,
    OrderingWindow,
    OutboxEvent,
    ReservationLine,
    ReservationVersion,
    Via,
)
from marketplace.rules.states import WindowState
from tests.factories import NOON, make_handover, make_household, make_offer, make_round, make_window
from tests.marketplace.reserving_ground import Shop, everything, want

pytestmark = pytest.mark.django_db

UNTIL = date(2026, 12, 20)
SACK = ((10, 900, 1000), (20, 800, 900))


class Ground(Shop):
    """A shop with a next round, a week later, at the same place; its window opens an hour after this one closes."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.next_round = make_round(self.hub, "Next Thursday", date(2026, 12, 3))
        handover = make_handover(self.next_round)
        handover.pickup_point = self.handover.pickup_point
        handover.save()
        self.next = make_window(
            self.next_round,
            [self.supply],
            opens_at=self.window.closes_at + timedelta(hours=1),
            closes_at=self.window.closes_at + timedelta(days=6),
            state=WindowState.SCHEDULED,
        )

    def again(self, offer: Offer, ladder: Any = SACK, **terms: Any) -> Offer:
        """The product in the next round."""
        return make_offer(self.next, offer.product, ladder=ladder, **terms)

    def closes(self) -> int:
        self.at = self.window.closes_at
        with clock.frozen(self.at):
            assert close_window(window_id=self.window.pk) is not None
            return keep_rests(window_id=self.window.pk, run_id=ClearingRun.objects.latest("pk").pk)

    def opens(self) -> list[int]:
        """Open the next window and place what is announced; the units placed, one number per rest."""
        self.at = self.next.opens_at
        with clock.frozen(self.at):
            assert open_window(window_id=self.next.pk)
            announce_rests(window_id=self.next.pk)
            return self.places()

    def places(self) -> list[int]:
        with clock.frozen(self.at):
            due = OutboxEvent.objects.filter(topic="collected.due").order_by("pk")
            return [place_rest(**event.payload) for event in due]

    def told(self) -> list[str]:
        return [f"{n.facts['what']} {n.facts['units']}" for n in Notice.objects.filter(kind="standing").order_by("pk")]


@pytest.fixture
def shop() -> Ground:
    return Ground()


def rest() -> tuple[int, int, str]:
    return CollectedRest.objects.values_list("units", "at_most_minor", "state").get()


def test_what_was_not_reached_moves_to_the_next_round_at_no_higher_price(shop: Ground) -> None:
    offer = shop.offer("Flour", ladder=SACK)
    shop.reserve(want(offer, 4, collect_until=UNTIL))
    again = shop.again(offer)
    assert (shop.closes(), rest()) == (1, (4, 1000, "waiting"))
    assert shop.opens() == [4]
    assert (rest(), CollectedRest.objects.get().moved_to) == ((0, 1000, "moved"), again)
    line = ReservationLine.objects.get(offer=again)
    assert (line.firm, line.max_unit_price_minor, line.collect_until) == (4, 1000, UNTIL)
    version = ReservationVersion.objects.get(reservation=line.reservation)
    assert (version.via, version.by, line.reservation.handover.pickup_point) == (
        Via.COLLECTED, shop.ana, shop.handover.pickup_point,
    )  # fmt: skip
    assert shop.told() == ["placed 4"]
    assert shop.places() == [0]
    assert (shop.told(), ReservationLine.objects.get(offer=again).firm) == (["placed 4"], 4)


def test_only_those_who_agreed_collect_and_only_what_is_missing(shop: Ground) -> None:
    offer = shop.offer("Flour", cap=10, shortage_rule="first_come")
    shop.reserve(want(offer, 7, collect_until=UNTIL), by=make_household("Bea").members.get())
    shop.later(minutes=1)
    shop.reserve(want(offer, 3), by=make_household("Cem").members.get())
    assert (shop.closes(), CollectedRest.objects.count()) == (0, 0)


def test_the_units_that_a_case_left_out_are_collected(shop: Ground) -> None:
    offer = shop.offer("Flour", case=6, ladder=((6, 195, 240),))
    shop.reserve(want(offer, 5), by=make_household("Bea").members.get())
    shop.later(minutes=1)
    shop.reserve(want(offer, 3, max_unit_price_minor=230, collect_until=UNTIL))
    shop.change(want(offer, 3, collect_until=UNTIL))
    assert (shop.closes(), rest()) == (1, (2, 240, "waiting"))


def test_the_own_limit_is_the_most_that_it_may_cost(shop: Ground) -> None:
    offer = shop.offer("Flour", ladder=SACK)
    shop.reserve(want(offer, 4, max_unit_price_minor=950, collect_until=UNTIL))
    shop.again(offer)
    shop.closes()
    assert rest() == (4, 950, "waiting")
    shop.opens()
    assert ReservationLine.objects.get(offer__window=shop.next).max_unit_price_minor == 950


def test_a_dearer_offer_is_left_and_the_rest_waits_on(shop: Ground) -> None:
    offer = shop.offer("Flour", ladder=SACK)
    shop.reserve(want(offer, 4, collect_until=UNTIL))
    shop.again(offer, ladder=((10, 990, 1100),))
    shop.closes()
    assert (shop.opens(), rest()) == ([0], (4, 1000, "waiting"))
    assert not ReservationLine.objects.filter(offer__window=shop.next).exists()


def test_a_rest_goes_on_top_of_a_line_that_is_there_already(shop: Ground) -> None:
    offer = shop.offer("Flour", ladder=SACK)
    shop.reserve(want(offer, 4, collect_until=UNTIL))
    again = shop.again(offer)
    shop.closes()
    shop.next.state = WindowState.OPEN.value
    OrderingWindow.objects.filter(pk=shop.next.pk).update(state=WindowState.OPEN.value)
    shop.at = shop.next.opens_at
    shop.reserve(want(again, 2, 1, flexible_for="price"), round_id=shop.next_round.pk)
    with clock.frozen(shop.at):
        announce_rests(window_id=shop.next.pk)
    assert shop.places() == [4]
    line = ReservationLine.objects.get(offer=again)
    assert (line.firm, line.flexible, line.max_unit_price_minor) == (6, 1, None)


def test_what_does_not_fit_waits_on(shop: Ground) -> None:
    offer = shop.offer("Flour", ladder=SACK)
    shop.reserve(want(offer, 4, collect_until=UNTIL))
    shop.again(offer, cap=3)
    shop.closes()
    assert (shop.opens(), rest(), shop.told()) == ([3], (1, 1000, "waiting"), ["placed 3"])


def test_a_refusal_leaves_it_waiting_and_is_told(shop: Ground) -> None:
    offer = shop.offer("Flour", ladder=SACK)
    shop.reserve(want(offer, 4, collect_until=UNTIL))
    shop.again(offer)
    shop.closes()
    shop.hub.join_policy = "approval"
    shop.hub.save()
    assert (shop.opens(), rest(), shop.told()) == ([0], (4, 1000, "waiting"), ["not_placed 4"])
    assert Notice.objects.get(kind="standing").facts["reason"] == "membership-needed"


def test_after_its_last_day_it_ends_and_is_told(shop: Ground) -> None:
    offer = shop.offer("Flour", ladder=SACK)
    shop.reserve(want(offer, 4, collect_until=date(2026, 11, 22)))
    shop.again(offer)
    OrderingWindow.objects.filter(pk=shop.next.pk).update(opens_at=NOON + timedelta(days=2))
    shop.next.refresh_from_db()
    shop.closes()
    assert (shop.opens(), rest(), shop.told()) == ([], (4, 1000, "expired"), ["expired 4"])


def test_a_window_that_is_open_already_takes_it_at_once(shop: Ground) -> None:
    offer = shop.offer("Flour", ladder=SACK)
    shop.reserve(want(offer, 4, collect_until=UNTIL))
    again = shop.again(offer)
    OrderingWindow.objects.filter(pk=shop.next.pk).update(state=WindowState.OPEN.value, opens_at=NOON)
    shop.closes()
    assert (shop.places(), ReservationLine.objects.get(offer=again).firm) == ([4], 4)


def test_a_close_that_is_undone_takes_its_rests_back_and_the_next_one_decides_anew(shop: Ground) -> None:
    offer = shop.offer("Flour", ladder=SACK)
    shop.reserve(want(offer, 4, collect_until=UNTIL))
    shop.closes()
    assert keep_rests(window_id=shop.window.pk, run_id=ClearingRun.objects.get().pk) == 1
    with clock.frozen(shop.at):
        withdraw_rests(window_id=shop.window.pk)
    assert rest() == (4, 1000, "withdrawn")
    ClearingRun.objects.update(voided_at=shop.at)
    assert keep_rests(window_id=shop.window.pk, run_id=ClearingRun.objects.get().pk) == 0
    OrderingWindow.objects.filter(pk=shop.window.pk).update(state=WindowState.OPEN.value)
    assert (shop.closes(), rest()) == (1, (4, 1000, "waiting"))


@pytest.mark.parametrize(
    ("until", "code"), [(date(2026, 11, 21), "collecting_past"), (date(2027, 2, 23), "collecting_too_long")]
)
def test_the_last_day_lies_within_three_months(shop: Ground, until: date, code: str) -> None:
    offer = shop.offer()
    before = everything()
    with pytest.raises(InvalidLines) as refused:
        shop.reserve(want(offer, 4, collect_until=until))
    assert [(p["place"], p["code"]) for p in refused.value.facts["problems"]] == [("lines[0].collect_until", code)]
    assert everything() == before
