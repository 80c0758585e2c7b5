"""The filling stretch: in the last stretch changes may only help."""

import pytest

from marketplace.models import Offer
from tests.marketplace.reserving_ground import Shop, line_of, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def offer(shop: Shop) -> Offer:
    """Cases of 12 from 6 on; cheaper from 36 on."""
    return shop.offer(case=12, ladder=((6, 195, 240), (36, 170, 210)))


def test_before_the_stretch_a_line_rises_and_falls_freely(shop: Shop, offer: Offer) -> None:
    shop.others_reserve(offer, 10)
    shop.reserve(want(offer, 2))
    assert line_of(shop.reserve(want(offer, 30)), offer).firm == 30
    assert line_of(shop.reserve(want(offer, 1)), offer).firm == 1


def test_a_line_rises_by_at_most_what_the_case_or_the_next_step_misses(shop: Shop, offer: Offer) -> None:
    shop.others_reserve(offer, 10)
    shop.to_filling()
    # 2 would fill the case, 26 reach the next price.
    line = line_of(shop.reserve(want(offer, 40)), offer)
    assert (line.firm, line.status, line.reason) == (26, "reduced", "filling_limit")


def test_all_or_nothing_does_not_rise_in_part(shop: Shop, offer: Offer) -> None:
    shop.others_reserve(offer, 10)
    shop.to_filling()
    line = line_of(shop.reserve(want(offer, 40, whole_only=True)), offer)
    assert (line.firm, line.status, line.reason) == (0, "refused", "whole_only_short")


def test_a_reduction_that_would_lose_the_order_is_offered_and_the_line_stays(shop: Shop, offer: Offer) -> None:
    shop.others_reserve(offer, 10)
    shop.reserve(want(offer, 2))
    shop.to_filling()
    line = line_of(shop.reserve(want(offer, 1)), offer)
    assert (line.asked_firm, line.firm, line.offered_back) == (1, 2, 1)
    assert (line.status, line.reason) == ("kept", "offered_back")
    assert shop.lines() == {offer.pk: 2}


def test_a_reduction_that_leaves_others_waiting_is_offered(shop: Shop, offer: Offer) -> None:
    shop.others_reserve(offer, 12, 10)
    shop.reserve(want(offer, 2))
    shop.to_filling()
    line = line_of(shop.change(want(offer, 0)), offer)
    assert (line.asked_firm, line.firm, line.offered_back) == (0, 2, 2)
    assert (line.status, line.reason) == ("kept", "offered_back")


def test_a_reduction_of_what_only_waits_is_free(shop: Shop, offer: Offer) -> None:
    shop.others_reserve(offer, 12)
    shop.reserve(want(offer, 5))
    shop.to_filling()
    assert line_of(shop.reserve(want(offer, 1)), offer).firm == 1


def test_cancelling_keeps_only_what_others_need(shop: Shop, offer: Offer) -> None:
    loose = shop.offer("Kale")
    shop.others_reserve(offer, 10)
    shop.reserve(want(offer, 2), want(loose, 3))
    shop.to_filling()
    answer = shop.cancel()
    assert (answer.state, shop.lines()) == ("placed", {offer.pk: 2})
    assert (line_of(answer, offer).reason, line_of(answer, offer).offered_back) == ("offered_back", 2)


def test_the_stretch_judges_by_the_lines_and_not_by_what_pages_are_told(shop: Shop, offer: Offer) -> None:
    shop.others_reserve(offer, 10)
    offer.demand.groups = []
    offer.demand.save()
    shop.to_filling()
    assert line_of(shop.reserve(want(offer, 40)), offer).firm == 26


def test_lowering_a_limit_that_breaks_a_step_is_refused(shop: Shop, offer: Offer) -> None:
    shop.others_reserve(offer, 10)
    shop.reserve(want(offer, 2))
    shop.to_filling()
    line = line_of(shop.reserve(want(offer, 2, max_unit_price_minor=200)), offer)
    assert (line.firm, line.status, line.reason) == (2, "refused", "breaks_step")


def test_single_units_have_no_case_to_fill_and_may_rise(shop: Shop) -> None:
    loose = shop.offer("Kale", case=1)
    shop.others_reserve(loose, 10)
    shop.to_filling()
    assert line_of(shop.reserve(want(loose, 5)), loose).firm == 5
