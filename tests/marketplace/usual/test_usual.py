"""My usual: what a household takes most times, held against a round, and put into its basket by one tap."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.standing.fill_from_usual import fill_from_usual
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import Offer, Product, Reservation, ReservationLine
from marketplace.queries.usual import UsualState, usual_preview
from marketplace.rules.usual import Taken, usual
from tests.factories import NOON, make_handover, make_household, make_offer, make_product, make_round, make_window
from tests.marketplace.reserving_ground import Shop, want

pytestmark = pytest.mark.django_db
A_WEEK = timedelta(days=7)


class Habit(Shop):
    """A shop whose household has taken things in earlier rounds."""

    def past(self, weeks: int, products: dict[Product, int], price: int = 240) -> None:
        at = NOON - weeks * A_WEEK
        round_ = make_round(self.hub, handover_on=date(2026, 11, 26) - weeks * A_WEEK)
        handover = make_handover(round_)
        window = make_window(round_, [self.supply], opens_at=at - timedelta(hours=6), closes_at=at + timedelta(hours=6))
        lines = [want(make_offer(window, p, ladder=((1, 100, price),)), units) for p, units in products.items()]
        before, self.at = self.at, at
        self.reserve(*lines, round_id=round_.pk, handover_id=handover.pk)
        self.at = before


@pytest.fixture
def habit() -> Habit:
    return Habit()


def test_what_was_in_two_of_the_last_rounds_is_usual_in_the_newest_quantity() -> None:
    rounds = [{1: Taken(3), 2: Taken(1)}, {1: Taken(2)}, {2: Taken(5), 3: Taken(1)}]
    assert [(u.product_id, u.taken.firm, u.rounds) for u in usual(rounds)] == [(1, 3, 2), (2, 1, 2)]


def test_after_one_round_everything_of_it_is_usual_and_before_it_nothing() -> None:
    assert [u.product_id for u in usual([{7: Taken(1), 4: Taken(2)}])] == [4, 7]
    assert usual([]) == []


def test_a_habit_that_is_older_than_eight_rounds_is_forgotten() -> None:
    rounds = [{1: Taken(1)}] * 8 + [{2: Taken(1)}] * 5
    assert [u.product_id for u in usual(rounds)] == [1]


def test_the_preview_says_what_is_ready_dearer_held_and_gone(habit: Habit) -> None:
    tomatoes, bread, leeks, milk = (make_product(habit.merchant, n) for n in ("Tomatoes", "Bread", "Leeks", "Milk"))
    for weeks in (1, 2):
        habit.past(weeks, {tomatoes: 3, bread: 1, leeks: 2, milk: 4})
    make_offer(habit.window, tomatoes, ladder=((1, 100, 260),))
    held = make_offer(habit.window, bread)
    make_offer(habit.window, milk, cap=3)
    habit.reserve(want(held, 2))
    with clock.frozen(habit.at):
        found = {item.product.name: item for item in usual_preview(habit.ana, habit.round.pk).items}
    assert {name: item.state for name, item in found.items()} == {
        "Tomatoes": UsualState.READY,
        "Bread": UsualState.HELD,
        "Leeks": UsualState.GONE,
        "Milk": UsualState.SOLD_OUT,
    }
    assert found["Tomatoes"].taken.firm == 3


@pytest.mark.slow
def test_one_tap_adds_what_is_ready_and_leaves_the_basket_as_it_is(habit: Habit) -> None:
    tomatoes, bread = make_product(habit.merchant, "Tomatoes"), make_product(habit.merchant, "Bread")
    for weeks in (1, 2):
        habit.past(weeks, {tomatoes: 3, bread: 1})
    offered = make_offer(habit.window, tomatoes)
    held = make_offer(habit.window, bread)
    habit.reserve(want(held, 5))
    with clock.frozen(habit.at):
        fill_from_usual(round_id=habit.round.pk, request_key="one", by=habit.ana)
        again = fill_from_usual(round_id=habit.round.pk, request_key="two", by=habit.ana)
    assert again is None
    lines = ReservationLine.objects.filter(reservation__round=habit.round)
    assert dict(lines.values_list("offer_id", "firm")) == {offered.pk: 3, held.pk: 5}


def test_what_is_not_usual_cannot_be_added_so_and_nothing_changes(habit: Habit) -> None:
    habit.past(1, {make_product(habit.merchant, "Tomatoes"): 3})
    other = make_product(habit.merchant, "Caviar")
    make_offer(habit.window, other)
    with clock.frozen(habit.at), pytest.raises(InvalidInput):
        fill_from_usual(round_id=habit.round.pk, product_ids=[other.pk], request_key="one", by=habit.ana)
    assert not Reservation.objects.filter(round=habit.round).exists()


def test_another_households_habits_are_not_found(habit: Habit) -> None:
    habit.past(1, {make_product(habit.merchant, "Tomatoes"): 3})
    stranger = make_household("Bruno")
    with clock.frozen(habit.at):
        assert usual_preview(stranger.members.get(), habit.round.pk).items == ()
        with pytest.raises(NotFound):
            usual_preview(stranger.members.get(), habit.round.pk, habit.household.pk)


@pytest.mark.slow
def test_the_preview_takes_as_many_queries_for_one_product_as_for_twenty(habit: Habit) -> None:
    def queries() -> int:
        with clock.frozen(habit.at), CaptureQueriesContext(connection) as caught:
            assert usual_preview(habit.ana, habit.round.pk).ready
        return len(caught)

    def offered(name: str) -> Product:
        product = make_product(habit.merchant, name)
        make_offer(habit.window, product)
        return product

    habit.past(1, {offered("Tomatoes"): 1})
    one = queries()
    twenty = dict.fromkeys([offered(f"Kind {n}") for n in range(20)], 1)
    habit.past(2, twenty)
    habit.past(3, twenty)
    assert queries() == one <= 9


@pytest.mark.slow
def test_the_page_shows_it_and_its_form_fills_the_basket(habit: Habit, client: Client) -> None:
    tomatoes = make_product(habit.merchant, "Tomatoes")
    habit.past(1, {tomatoes: 3}, price=200)
    make_offer(habit.window, tomatoes, ladder=((1, 100, 260),))
    client.force_login(habit.ana)
    with clock.frozen(habit.at):
        page = client.get(f"/rounds/{habit.round.pk}/usual/").content.decode()
        assert "Tomatoes" in page
        answer = client.post(
            f"/rounds/{habit.round.pk}/usual/", {"product": tomatoes.pk, "request_key": "tap", "handover": ""}
        )
    assert answer.status_code == 302, answer.content.decode()
    line = ReservationLine.objects.get(reservation__round=habit.round)
    assert (line.offer.product, line.firm) == (tomatoes, 3)


def test_nothing_ticked_is_said_and_nothing_reserved(habit: Habit, client: Client) -> None:
    tomatoes = make_product(habit.merchant, "Tomatoes")
    habit.past(1, {tomatoes: 3})
    make_offer(habit.window, tomatoes)
    client.force_login(habit.ana)
    with clock.frozen(habit.at):
        answer = client.post(f"/rounds/{habit.round.pk}/usual/", {"request_key": "tap"})
    assert answer.status_code == 422
    assert "Tick at least one" in answer.content.decode()
    assert not Reservation.objects.filter(round=habit.round).exists()
    assert Offer.objects.filter(window=habit.window).exists()
