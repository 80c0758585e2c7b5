"""Two devices of a household, and taps that come twice: merged or told, never lost, never counted twice."""

import pytest

from marketplace import clock
from marketplace.actions.baskets.set_line import LineChange, LineSet, set_line
from marketplace.errors import RequestKeyReused
from marketplace.models import Offer, ReservationLine, ReservationVersion
from marketplace.views.told import told_of
from tests.marketplace.reserving_ground import Shop, line_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def tap(shop: Shop, offer: Offer, firm: int, seen: int | None, key: str, **wishes: object) -> LineSet:
    with clock.frozen(shop.at):
        change = LineChange(offer_id=offer.pk, firm=firm, seen=seen, wishes=wishes)
        return set_line(round_id=shop.round.pk, change=change, request_key=key, by=shop.ana)


def test_one_more_on_each_of_two_phones_makes_two_more(shop: Shop) -> None:
    offer = shop.offer()
    tap(shop, offer, 2, 0, "a")
    tap(shop, offer, 3, 2, "phone")
    merged = tap(shop, offer, 3, 2, "laptop")
    assert shop.lines() == {offer.pk: 4}
    assert merged.met == 3
    assert told_of(line_of(merged.answer, offer), merged.met, "EUR").text == (
        "Your household had made it 3 meanwhile; this counts on top of that. 4 reserved and sure, at most €2.40 each."
    )


def test_the_same_tap_again_counts_once_whatever_happened_in_between(shop: Shop) -> None:
    offer = shop.offer()
    tap(shop, offer, 2, 0, "a")
    first = tap(shop, offer, 3, 2, "phone")
    tap(shop, offer, 5, 3, "laptop")
    again = tap(shop, offer, 3, 2, "phone")
    assert again == first
    assert shop.lines() == {offer.pk: 5}
    assert ReservationVersion.objects.count() == 3


def test_the_first_tap_of_a_basket_may_come_twice(shop: Shop) -> None:
    offer = shop.offer()
    assert tap(shop, offer, 1, 0, "a") == tap(shop, offer, 1, 0, "a")
    assert shop.lines() == {offer.pk: 1}


def test_another_tap_under_a_used_key_is_refused_and_changes_nothing(shop: Shop) -> None:
    offer = shop.offer()
    tap(shop, offer, 1, 0, "a")
    with pytest.raises(RequestKeyReused):
        tap(shop, offer, 7, 0, "a")
    assert shop.lines() == {offer.pk: 1}


def test_a_tap_keeps_the_range_that_another_device_set_meanwhile(shop: Shop) -> None:
    offer = shop.offer()
    tap(shop, offer, 2, 0, "a")
    tap(shop, offer, 2, None, "laptop", flexible=3, flexible_for="order", max_unit_price_minor=220)
    tap(shop, offer, 3, 2, "phone")
    line = ReservationLine.objects.get()
    assert (line.firm, line.flexible, line.flexible_for, line.max_unit_price_minor) == (3, 3, "order", 220)


def test_a_minus_below_what_others_left_takes_the_line_out(shop: Shop) -> None:
    offer = shop.offer()
    tap(shop, offer, 3, 0, "a")
    tap(shop, offer, 1, 3, "laptop")
    tap(shop, offer, 0, 3, "phone")
    assert shop.lines() == {}


def test_a_basket_that_was_given_back_begins_anew(shop: Shop) -> None:
    offer = shop.offer()
    tap(shop, offer, 3, 0, "a")
    shop.cancel()
    tap(shop, offer, 1, 0, "b")
    assert shop.lines() == {offer.pk: 1}


def test_the_sheet_sets_the_number_as_it_stands(shop: Shop) -> None:
    offer = shop.offer()
    tap(shop, offer, 3, 0, "a")
    assert tap(shop, offer, 5, None, "sheet").met is None
    assert shop.lines() == {offer.pk: 5}
