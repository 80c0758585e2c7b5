"""What a household holds, at today's prices and after the close; the same number of queries for 1 line and for 20."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.models import ClearingRun, Offer, Reservation
from marketplace.queries.reservations import LineOutcome, OwnLine, basket, outcome_lines, own_lines
from tests.factories import make_household
from tests.marketplace.reserving_ground import Shop, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def close(shop: Shop) -> None:
    shop.at = shop.window.closes_at + timedelta(seconds=1)
    with clock.frozen(shop.at):
        assert close_window(window_id=shop.window.pk) is not None


def test_own_lines_are_by_offer_and_only_ones_own(shop: Shop) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 9), by=make_household("Bea").members.get())
    shop.reserve(want(offer, 3, 1, flexible_for="order", max_unit_price_minor=230, whole_only=True))
    with CaptureQueriesContext(connection) as asked:
        assert own_lines(shop.household.pk, shop.round.pk) == {offer.pk: OwnLine(3, 1, "order", 230, True)}
    assert len(asked) == 1


def test_the_basket_is_told_at_todays_prices(shop: Shop) -> None:
    kale, tomatoes = shop.offer("Kale", ladder=((1, 195, 240), (10, 170, 210))), shop.offer("Tomatoes", case=6)
    shop.others_reserve(kale, 8)
    shop.reserve(want(kale, 3), want(tomatoes, 2, 1, max_unit_price_minor=200))
    shop.project(kale)
    with clock.frozen(shop.at):
        found = basket(shop.household.pk, shop.round.pk)
    assert found is not None
    assert (found.version, found.state, found.handover_id, found.currency) == (1, "placed", shop.handover.pk, "EUR")
    told = [(line.product_name, line.firm, line.price_now_minor, line.price_at_most_minor) for line in found.lines]
    assert told == [("Kale", 3, 210, 240), ("Tomatoes", 2, 240, 200)]
    assert (found.now_minor, found.at_most_minor) == (3 * 210 + 2 * 200, 3 * 240 + 3 * 200)
    assert not any(line.locked for line in found.lines)
    with clock.frozen(shop.window.closes_at):
        later = basket(shop.household.pk, shop.round.pk)
    assert later is not None
    assert all(line.locked for line in later.lines)


def test_without_lines_there_is_no_basket(shop: Shop) -> None:
    assert basket(shop.household.pk, shop.round.pk) is None


@pytest.mark.parametrize("lines", [1, pytest.param(20, marks=pytest.mark.slow)])
def test_the_number_of_queries_does_not_depend_on_the_number_of_lines(shop: Shop, lines: int) -> None:
    shop.reserve(*(want(shop.offer(f"Product {number}"), 1) for number in range(lines)))
    with CaptureQueriesContext(connection) as asked, clock.frozen(shop.at):
        basket(shop.household.pk, shop.round.pk)
    assert len(asked) == 4
    close(shop)
    reservation = Reservation.objects.get()
    with CaptureQueriesContext(connection) as asked:
        assert len(outcome_lines(reservation)) == lines
    assert len(asked) == 4


def told(
    offer: Offer, asked: int, quantity: int, extra: int, price: int | None, charged: int, reason: str, *, reached: bool
) -> LineOutcome:
    return LineOutcome(
        offer_id=offer.pk,
        product_name=offer.product.name,
        asked=asked,
        quantity=quantity,
        extra=extra,
        unit_price_minor=price,
        charged_minor=charged,
        reason=reason,
        reached=reached,
    )


def test_after_the_close_each_line_says_what_it_got_and_why(shop: Shop) -> None:
    full, short, unreached = shop.offer("A full", case=2), shop.offer("B open", case=4), shop.offer("C few", case=4)
    dear, extra = shop.offer("D dear", ladder=((1, 195, 240), (99, 100, 110))), shop.offer("E extra", case=5)
    shop.others_reserve(short, 3)
    shop.others_reserve(dear, 1)
    shop.reserve(
        want(full, 2), want(short, 2), want(unreached, 1), want(dear, 1, max_unit_price_minor=200), want(extra, 3, 2)
    )
    assert outcome_lines(Reservation.objects.get(household=shop.household)) == []
    close(shop)
    outcomes = outcome_lines(Reservation.objects.get(household=shop.household))

    assert outcomes == [
        told(full, 2, 2, 0, 240, 480, "in_full", reached=True),
        told(short, 2, 1, 0, 240, 240, "waiting_case_open", reached=True),
        told(unreached, 1, 0, 0, None, 0, "no_full_case", reached=False),
        told(dear, 1, 0, 0, 240, 0, "limit_below_price", reached=True),
        told(extra, 3, 5, 2, 240, 1200, "extra_for_case", reached=True),
    ]
    ClearingRun.objects.update(voided_at=shop.at)
    assert outcome_lines(Reservation.objects.get(household=shop.household)) == []
