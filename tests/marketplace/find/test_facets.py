"""Beside every filter stands how many offers it would leave, counted as the list itself is."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.models import Category, Offer, Product
from tests.factories import NOON
from tests.marketplace.pages_ground import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    cache.clear()
    with clock.frozen(NOON):
        yield
    cache.clear()


@pytest.fixture
def shop() -> Shop:
    """Six offers that differ in everything that is filtered by."""
    found = Shop()
    bread = Category.objects.create(slug="bread", name="Bread")
    safe = {"nuts": "none", "milk": "none"}
    say(found.offer("Loaf"), category=bread, shelf_life_days=2, allergens={"nuts": "none"}, diets={"vegan": "suitable"})
    say(found.offer("Bun"), category=bread, shelf_life_days=2, allergens={"nuts": "traces", "milk": "none"})
    say(found.offer("Leek"), shelf_life_days=4, allergens=safe, diets={"vegan": "suitable", "organic": "suitable"})
    say(found.offer("Beans"), shelf_life_days=900, allergens=safe, diets={"vegan": "suitable"})
    say(found.offer("Curd"), storage_class="chilled", shelf_life_days=20, allergens={"nuts": "none"})
    found.offer("Unknown")
    return found


def say(offer: Offer, **fields: object) -> None:
    Product.objects.filter(pk=offer.product_id).update(**fields)


def how_many(shop: Shop, query: str) -> int:
    page = Client().get(f"{shop.address}?{query}")
    return sum(len(window.cards) for window in page.context["windows"])


@pytest.mark.parametrize("asked", ["", "diet=vegan", "without=nuts", "category=bread", "fresh=1&without=milk"])
def test_each_count_is_what_its_filter_shows(shop: Shop, asked: str) -> None:
    choosing = Client().get(f"{shop.address}?{asked}").context["choosing"]
    told = {f"without={box.value}": box.many for box in choosing.without if box.value in ("nuts", "milk", "soya")}
    told |= {f"diet={box.value}": box.many for box in choosing.diets if box.value in ("vegan", "organic", "halal")}
    told |= {f"storage={one.value}": one.many for one in choosing.storage}
    told["fresh=1"] = choosing.fresh.many
    assert told == {more: how_many(shop, f"{asked}&{more}") for more in told}


def test_the_shelves_count_within_the_filters_that_are_on(shop: Shop) -> None:
    chips = Client().get(f"{shop.address}?diet=vegan&category=bread").context["choosing"].chips
    assert [chip.many for chip in chips if chip.on or chip.name == "All"] == [3, 1]


def test_what_words_find_is_not_counted_beside_the_filters(shop: Shop) -> None:
    choosing = Client().get(f"{shop.address}?q=loaf").context["choosing"]
    assert {box.many for box in (*choosing.without, *choosing.diets, choosing.fresh)} == {None}
    assert {chip.many for chip in choosing.chips} <= {None}


def test_counting_asks_the_database_once_a_minute(shop: Shop) -> None:
    client = Client()
    with CaptureQueriesContext(connection) as first:
        client.get(shop.address)
    with CaptureQueriesContext(connection) as second:
        client.get(f"{shop.address}?diet=vegan&fresh=1")
    assert len(first) <= 8
    assert len(second) == len(first) - 2, "the shelves and the counts are known"
