"""Deadlines of reserving: closed, not yet open, and rounds whose windows close at different times."""

from datetime import timedelta

import pytest

from marketplace.errors import InvalidLines, NotFound, WindowClosed, WindowNotOpen
from marketplace.models import Reservation
from marketplace.rules.states import WindowState
from tests.factories import NOON, make_merchant, make_offer, make_product, make_window
from tests.marketplace.reserving_ground import Shop, everything, line_of, taken, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_reservation_after_closing_time_is_refused_and_changes_nothing(shop: Shop) -> None:
    offer = shop.offer(cap=5)
    shop.reserve(want(offer, 2))
    upcoming = make_window(
        shop.round,
        name="Dry",
        state=WindowState.SCHEDULED,
        opens_at=NOON + timedelta(days=1),
        closes_at=NOON + timedelta(days=2),
    )
    # The window's own state still says open: the clock decides.
    shop.at = shop.window.closes_at
    before = everything()
    with pytest.raises(WindowClosed) as refused:
        shop.reserve(want(offer, 3))
    assert refused.value.facts == {
        "window_id": shop.window.pk, "closes_at": shop.window.closes_at, "next_opens_at": upcoming.opens_at,
        "time_zone": "Europe/Lisbon",
    }  # fmt: skip
    for act in (lambda: shop.change(want(offer, 1)), lambda: shop.change(replace=True), shop.cancel):
        with pytest.raises(WindowClosed):
            act()
    assert everything() == before


def test_the_last_microsecond_before_the_close_counts(shop: Shop) -> None:
    offer = shop.offer(ladder=((10, 195, 240),))
    shop.at = shop.window.closes_at - timedelta(microseconds=1)
    assert shop.reserve(want(offer, 1)).state == "placed"


@pytest.mark.parametrize("state", [WindowState.CLOSED, WindowState.RECEIVING, WindowState.SETTLED])
def test_a_window_that_was_closed_takes_nothing_whatever_its_deadline(shop: Shop, state: WindowState) -> None:
    offer = shop.offer()
    shop.window.state = state.value
    shop.window.save()
    with pytest.raises(WindowClosed) as refused:
        shop.reserve(want(offer, 3))
    assert refused.value.facts["next_opens_at"] is None
    assert not Reservation.objects.exists()


@pytest.mark.parametrize("state", [WindowState.SCHEDULED, WindowState.CANCELLED])
def test_a_window_that_is_not_open_takes_nothing(shop: Shop, state: WindowState) -> None:
    offer = shop.offer()
    shop.window.state = state.value
    shop.window.save()
    with pytest.raises(WindowNotOpen) as refused:
        shop.reserve(want(offer, 3))
    assert refused.value.facts == {
        "window_id": shop.window.pk, "state": state.value, "opens_at": shop.window.opens_at
    }  # fmt: skip
    assert not Reservation.objects.exists()


def test_a_draft_does_not_exist_yet(shop: Shop) -> None:
    offer = shop.offer()
    shop.window.state = WindowState.DRAFT.value
    shop.window.save()
    with pytest.raises(NotFound):
        shop.reserve(want(offer, 3))
    assert not Reservation.objects.exists()


def test_a_draft_window_of_an_announced_round_has_no_offers_yet(shop: Shop) -> None:
    draft = make_window(shop.window.round, state=WindowState.DRAFT, name="Larder")
    hidden = make_offer(draft, make_product(make_merchant()))
    with pytest.raises(InvalidLines) as refused:
        shop.reserve(want(shop.offer(), 1), want(hidden, 3))
    assert [told["place"] for told in refused.value.facts["problems"]] == ["lines[1].offer_id"]
    assert not Reservation.objects.exists()


def test_before_its_opening_time_even_an_open_window_takes_nothing(shop: Shop) -> None:
    offer = shop.offer()
    shop.at = shop.window.opens_at - timedelta(seconds=1)
    with pytest.raises(WindowNotOpen):
        shop.reserve(want(offer, 3))
    assert not Reservation.objects.exists()


def test_late_lines_are_refused_beside_lines_that_are_kept(shop: Shop) -> None:
    late_window = make_window(shop.round, name="Bread", closes_at=NOON + timedelta(hours=1))
    fresh, bread, rolls = shop.offer(), shop.offer("Bread", late_window), shop.offer("Rolls", late_window)
    shop.reserve(want(bread, 2), want(fresh, 1))
    shop.at = late_window.closes_at
    answer = shop.reserve(want(fresh, 4), want(bread, 5), want(rolls, 1))
    told = {line.offer_id: (line.asked_firm, line.firm, line.status, line.reason) for line in answer.lines}
    assert told == {
        fresh.pk: (4, 4, "sure", ""),
        bread.pk: (5, 2, "refused", "window_closed"),
        rolls.pk: (1, 0, "refused", "window_closed"),
    }
    assert shop.lines() == {fresh.pk: 4, bread.pk: 2}
    assert answer.closes_at == shop.window.closes_at


def test_a_whole_basket_leaves_the_lines_of_closed_windows_alone(shop: Shop) -> None:
    late_window = make_window(shop.round, name="Bread", closes_at=NOON + timedelta(hours=1))
    fresh, kale, bread = shop.offer(), shop.offer("Kale"), shop.offer("Bread", late_window)
    shop.reserve(want(bread, 2), want(fresh, 1))
    shop.at = late_window.closes_at
    answer = shop.change(want(kale, 3), replace=True)
    assert shop.lines() == {kale.pk: 3, bread.pk: 2}
    assert line_of(answer, bread).status == "kept"
    # A page that sends the closed lines along, unchanged, is not told off.
    answer = shop.change(want(kale, 1), want(bread, 2), replace=True)
    assert (line_of(answer, bread).status, line_of(answer, bread).reason) == ("kept", "")


def test_cancelling_keeps_what_is_ordered_already(shop: Shop) -> None:
    late_window = make_window(shop.round, name="Bread", closes_at=NOON + timedelta(hours=1))
    fresh, bread = shop.offer(cap=5), shop.offer("Bread", late_window, cap=5)
    shop.reserve(want(bread, 2), want(fresh, 1))
    shop.at = late_window.closes_at
    answer = shop.cancel()
    assert (answer.state, shop.lines()) == ("placed", {bread.pk: 2})
    assert (taken(fresh.capacity), taken(bread.capacity)) == (0, 2)
    before = everything()
    with pytest.raises(WindowClosed):
        shop.cancel()
    assert everything() == before
