"""A merchant's minimum order value while its window is open: by the clearing's figures, however many merchants."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.models import OfferDemand
from marketplace.queries.demand import demand_groups, stored
from marketplace.queries.minimums import MerchantMinimum, minimums_of
from marketplace.views.minimum_words import minimum_view
from tests.factories import NOON, make_merchant, make_offer, make_product, make_supply
from tests.marketplace.reserving_ground import Shop, want

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    made = Shop()
    made.supply.minimum_order_value_minor = 10_000
    made.supply.save()
    return made


def of(shop: Shop) -> MerchantMinimum:
    return minimums_of({(shop.window.pk, shop.merchant.pk)})[shop.window.pk, shop.merchant.pk]


def sentence(shop: Shop) -> str:
    return minimum_view(of(shop), shop.window, NOON, "Europe/Lisbon", "EUR").sentence


def test_it_counts_what_would_be_ordered_at_cost(shop: Shop) -> None:
    cases, single = shop.offer(case=12, ladder=((12, 200, 240), (24, 150, 210))), shop.offer("Honey")
    shop.others_reserve(cases, 17, 10)  # 24 in two cases at the second step's cost, three wait
    shop.others_reserve(single, 4)
    found = of(shop)
    assert found.value_minor == 24 * 150 + 4 * 195
    assert (found.missing_minor, found.minimum_minor) == (10_000 - 4_380, 10_000)


def test_below_it_one_reads_what_is_to_go_and_when_one_will_know(shop: Shop) -> None:
    shop.others_reserve(shop.offer(), 10)
    assert sentence(shop) == (
        "€80.50 to go or this order is not placed. You will know today 18:00; nothing is charged then."
    )


def test_extra_units_that_people_allowed_may_cover_it(shop: Shop) -> None:
    offer = shop.offer(ladder=((1, 900, 1200),))
    shop.reserve(want(offer, 10, 2, flexible_for="order"))
    shop.project(offer)
    assert of(shop).spare_minor == 1_800
    assert "Extra units that people allowed may cover it." in sentence(shop)


def test_with_a_fee_for_small_orders_it_is_ordered_all_the_same(shop: Shop) -> None:
    shop.supply.small_order_fee_minor = 500
    shop.supply.save()
    shop.others_reserve(shop.offer(), 10)
    assert sentence(shop) == (
        "€80.50 below the merchant's smallest order. It is ordered all the same; the hub pays for that."
    )


def test_reached_is_said_and_the_bar_is_full(shop: Shop) -> None:
    shop.others_reserve(shop.offer(ladder=((1, 5_000, 6_000),)), 2)
    assert sentence(shop) == "The merchant's smallest order is reached."
    assert of(shop).share == 1


def test_goods_from_stock_do_not_count(shop: Shop) -> None:
    offer = shop.offer(cap=9)
    offer.from_stock = True
    offer.save()
    shop.others_reserve(offer, 9)
    assert of(shop).value_minor == 0


def test_a_merchant_without_a_minimum_is_left_out_and_costs_one_query(shop: Shop) -> None:
    other = make_merchant()
    with CaptureQueriesContext(connection) as captured:
        assert minimums_of({(shop.window.pk, other.pk)}) == {}
    assert len(captured) == 1


@pytest.mark.slow
def test_four_queries_for_one_merchant_as_for_twenty(shop: Shop) -> None:
    def add() -> tuple[int, int]:
        merchant = make_merchant()
        make_supply(merchant, shop.hub, minimum=5_000).windows.add(
            shop.window, through_defaults={"orders_due_at": shop.window.closes_at}
        )
        offer = make_offer(shop.window, make_product(merchant))
        groups = stored(demand_groups([offer.pk]).get(offer.pk, []))
        OfferDemand.objects.create(offer=offer, window=shop.window, groups=groups, refreshed_at=NOON)
        return shop.window.pk, merchant.pk

    parts = {add() for _n in range(20)}
    for some in ([next(iter(parts))], parts):
        with CaptureQueriesContext(connection) as captured:
            assert len(minimums_of(set(some))) == len(some)
        assert len(captured) == 4
