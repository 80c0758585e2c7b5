"""Search: typing errors forgiven, every word counts, what is hidden stays hidden."""

from collections.abc import Iterator

import pytest
from django.test import Client

from marketplace import clock
from marketplace.actions.search.rebuild_search import rebuild_search
from marketplace.actions.search.remember_product import remember_product
from marketplace.models import Product, SearchWord
from marketplace.queries.search import matching, read_words
from tests.factories import NOON
from tests.marketplace.pages_ground import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    for name in ("Vine tomatoes", "Chopped tomato soup", "Crème fraîche", "Rye bread"):
        remember_product(product=shop.offer(name).product)
    return shop


def shown(shop: Shop, query: str) -> list[str]:
    page = Client().get(f"{shop.address}?{query}")
    return [card.name for window in page.context["windows"] for card in window.cards]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("tomato", ["Chopped tomato soup", "Vine tomatoes"]),
        ("TOMATOES", ["Vine tomatoes"]),
        ("soup tom", ["Chopped tomato soup"]),
        ("creme", ["Crème fraîche"]),
        ("vine bread", []),
        ("'; drop", []),
        ("%", ["Chopped tomato soup", "Crème fraîche", "Rye bread", "Vine tomatoes"]),
    ],
)
def test_every_word_is_the_beginning_of_one_of_the_products(shop: Shop, typed: str, names: list[str]) -> None:
    words = read_words(typed).words
    found = matching(words) if words else Product.objects.all()
    assert sorted(product.name for product in found) == names


def test_a_mistyped_word_is_corrected_and_the_page_says_so(shop: Shop) -> None:
    page = Client().get(f"{shop.address}?q=tomatoe+suop")
    assert shown(shop, "q=tomatto") == ["Chopped tomato soup", "Vine tomatoes"]
    assert "Showing results for <strong>‘tomatoe soup’</strong>" in page.content.decode()
    assert page.context["choosing"].exactly == f"{shop.address}?q=tomatoe+suop&exactly=1"


def test_what_was_typed_can_be_searched_exactly(shop: Shop) -> None:
    page = Client().get(f"{shop.address}?q=tomatto&exactly=1")
    assert "Nothing found for ‘tomatto’" in page.content.decode()
    assert page.context["choosing"].corrected == ""


def test_the_merchants_name_and_the_shelf_find_their_products_too(shop: Shop) -> None:
    assert len(shown(shop, "q=quinta")) == 4
    assert len(shown(shop, "q=vegetables")) == 4


def test_remembering_twice_counts_a_word_once(shop: Shop) -> None:
    before = dict(SearchWord.objects.values_list("word", "uses"))
    assert before["tomatoes"] == 1
    assert before["vegetables"] == 4
    product = Product.objects.get(name="Rye bread")
    assert not remember_product(product=product)
    assert dict(SearchWord.objects.values_list("word", "uses")) == before


def test_a_renamed_product_is_found_by_its_new_name_alone(shop: Shop) -> None:
    product = Product.objects.get(name="Rye bread")
    Product.objects.filter(pk=product.pk).update(name="Country loaf")
    product.refresh_from_db()
    assert remember_product(product=product)
    assert shown(shop, "q=country") == ["Country loaf"]
    assert shown(shop, "q=bread&exactly=1") == []
    assert SearchWord.objects.get(word="bread").uses == 0


def test_rebuilding_gives_the_same_as_remembering_one_by_one(shop: Shop) -> None:
    before = sorted(SearchWord.objects.values_list("word", "uses", "length"))
    texts = sorted(Product.objects.values_list("pk", "search_text"))
    Product.objects.update(search_text="")
    SearchWord.objects.update(uses=77)
    SearchWord.objects.create(word="nothing", length=7, uses=3)
    assert rebuild_search() == (4, len(before))
    assert sorted(SearchWord.objects.values_list("word", "uses", "length")) == before
    assert sorted(Product.objects.values_list("pk", "search_text")) == texts
    assert rebuild_search() == (0, len(before))
