"""The round page as it was asked for: filters that keep people safe, orders, pages without gaps, few queries."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.refresh_demand import Watch, refresh_demand
from marketplace.actions.reserve import reserve
from marketplace.actions.search.rebuild_search import rebuild_search
from marketplace.models import Category, Household, Offer, OfferOutlook, Product
from marketplace.rules.wanted import WantedLine
from tests.factories import NOON, make_offer, make_product, make_window
from tests.marketplace.pages_ground import CLOSES_AT, Shop, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    return Shop()


def cards(page: object) -> list[str]:
    context = page.context  # type: ignore[attr-defined]
    grouped = [card for window in context["windows"] for card in window.cards]
    return [card.name for card in [*grouped, *context["mixed"]]]


def shown(shop: Shop, query: str = "", client: Client | None = None) -> list[str]:
    return cards((client or Client()).get(f"{shop.address}?{query}"))


def say(offer: Offer, **fields: object) -> None:
    Product.objects.filter(pk=offer.product_id).update(**fields)


def test_what_is_unknown_or_may_hold_traces_is_not_safe(shop: Shop) -> None:
    for name, state in (("Free", "none"), ("Traces", "traces"), ("Nutty", "contains"), ("Said unknown", "unknown")):
        say(shop.offer(name), allergens={"nuts": state})
    shop.offer("Not said")
    assert shown(shop, "without=nuts") == ["Free"]
    assert len(shown(shop)) == 5


def test_every_allergen_and_diet_that_was_asked_for_counts(shop: Shop) -> None:
    say(shop.offer("Both"), allergens={"nuts": "none", "milk": "none"}, diets={"vegan": "suitable"})
    say(shop.offer("One"), allergens={"nuts": "none"}, diets={"vegan": "suitable"})
    say(shop.offer("Unsuitable"), allergens={"nuts": "none", "milk": "none"}, diets={"vegan": "unsuitable"})
    assert shown(shop, "without=nuts&without=milk&diet=vegan") == ["Both"]


def test_storage_freshness_and_shelf_narrow_the_list(shop: Shop) -> None:
    bread = Category.objects.create(slug="bread", name="Bread")
    say(shop.offer("Cold"), storage_class="chilled")
    say(shop.offer("Long"), shelf_life_days=90)
    say(shop.offer("Loaf"), category=bread)
    assert shown(shop, "storage=chilled") == ["Cold"]
    assert shown(shop, "fresh=1") == ["Loaf", "Cold"]
    assert shown(shop, "category=bread") == ["Loaf"]


def test_a_households_own_diets_are_on_and_can_be_taken_off(shop: Shop) -> None:
    client, user = signed_in()
    Household.objects.filter(memberships__user=user).update(avoids=["nuts"], diets=["vegan"])
    say(shop.offer("Safe"), allergens={"nuts": "none"}, diets={"vegan": "suitable"})
    shop.offer("Unknown")
    page = client.get(shop.address)
    assert cards(page) == ["Safe"]
    assert [(chip.name, chip.small) for chip in page.context["choosing"].active] == [
        ("vegan", "yours"),
        ("without nuts", "yours"),
    ]
    vegan = client.get(page.context["choosing"].active[1].link)
    assert [chip.name for chip in vegan.context["choosing"].active] == ["vegan"]
    everything = client.get(vegan.context["choosing"].active[0].link)
    assert cards(everything) == ["Safe", "Unknown"]
    assert shown(shop) == ["Safe", "Unknown"], "a visitor has no presets"


def test_orders_by_name_by_unit_price_and_by_the_clock(shop: Shop) -> None:
    early = make_window(shop.round, closes_at=CLOSES_AT - timedelta(hours=2), name="Early")
    say(shop.offer("Cheap kilo", ladder=((1, 100, 300),)), content_amount=1000, content_unit="GRM")
    say(shop.offer("A dear kilo", ladder=((1, 100, 200),)), content_amount=500, content_unit="GRM")
    last = make_offer(early, make_product(shop.merchant, "Bottle"), ladder=((1, 10, 20),))
    say(last, content_amount=1, content_unit="LTR")
    assert shown(shop) == ["Bottle", "A dear kilo", "Cheap kilo"]
    assert shown(shop, "sort=unit") == ["Cheap kilo", "A dear kilo", "Bottle"]
    assert shown(shop, "sort=name") == ["A dear kilo", "Bottle", "Cheap kilo"]
    assert shown(shop, "sort=closing") == ["Bottle", "A dear kilo", "Cheap kilo"]


def reserved(shop: Shop, units: dict[str, tuple[int, int]]) -> None:
    """Offers by name with their case and how many units are reserved of them."""
    _client, user = signed_in("Bela")
    offers = {name: shop.offer(name, case=case, ladder=((case, 195, 240),)) for name, (case, _) in units.items()}
    lines = [WantedLine(offer_id=offers[name].pk, firm=firm) for name, (_, firm) in units.items() if firm]
    reserve(round_id=shop.round.pk, lines=lines, request_key="r", by=user)
    refresh_demand(watch=Watch())


def test_what_misses_the_fewest_units_comes_first(shop: Shop) -> None:
    reserved(shop, {"Nobody": (6, 0), "Three": (6, 3), "One": (6, 5), "Full": (6, 6), "Far": (40, 3)})
    assert shown(shop, "sort=nearly") == ["One", "Three", "Far", "Nobody", "Full"]
    assert shown(shop, "help=1") == ["One", "Three"]


def test_in_the_last_stretch_helping_leads_the_chips(shop: Shop) -> None:
    shop.offer()
    assert "Help complete" not in [chip.name for chip in Client().get(shop.address).context["choosing"].chips]
    with clock.frozen(CLOSES_AT - timedelta(minutes=30)):
        chips = Client().get(shop.address).context["choosing"].chips
    assert chips[0].name == "Help complete"
    assert chips[0].link == f"{shop.address}?help=1"


@pytest.mark.slow
@pytest.mark.parametrize("sort", ["shop", "unit", "name", "closing", "nearly"])
def test_pages_of_every_order_show_each_offer_once(shop: Shop, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.queries.shop.PAGE_OFFERS", 4)
    late = make_window(shop.round, closes_at=CLOSES_AT + timedelta(hours=2), name="Late")
    for n in range(5):
        shop.offer(f"P{n}", ladder=((1, 100, 240 - 10 * (n % 3)),))
        make_offer(late, make_product(shop.merchant, f"P{n}"))
    seen, address = [], f"{shop.address}?sort={sort}"
    whole = []
    while address:
        page = Client().get(address)
        context = page.context
        ids = [c.id for w in context["windows"] for c in w.cards] + [c.id for c in context["mixed"]]
        seen.append(len(ids))
        whole += ids
        address = context["choosing"].more
    assert seen == [4, 4, 2]
    assert len(set(whole)) == 10


@pytest.mark.parametrize("after", ["x", "W10", "%00", "WzEsMl0", "bnVsbA", "W251bGwsMV0"])
@pytest.mark.parametrize("sort", ["shop", "unit", "name", "nearly"])
def test_a_cursor_that_nobody_made_shows_the_first_page(shop: Shop, sort: str, after: str) -> None:
    shop.offer()
    assert shown(shop, f"sort={sort}&after={after}") == ["Tomatoes"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "query", ["", "q=tomatto&without=nuts&diet=vegan&own=0", "sort=unit&fresh=1", "sort=nearly&q=tomatto", "help=1"]
)
def test_the_round_page_takes_at_most_8_queries_whatever_is_asked(shop: Shop, query: str) -> None:
    client, user = signed_in()
    offer = shop.offer("Tomato", case=6, ladder=((6, 195, 240),))
    reserve(round_id=shop.round.pk, lines=[WantedLine(offer_id=offer.pk, firm=2)], request_key="k", by=user)
    rebuild_search()
    client.get(f"{shop.address}?{query}")
    for _n in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{shop.address}?{query}").status_code == 200
        counted = [q for q in captured.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(counted) <= 8
        shop.offers(20)


def test_nothing_found_says_what_to_do(shop: Shop) -> None:
    shop.offer()
    page = Client().get(f"{shop.address}?without=nuts&sort=name")
    text = page.content.decode()
    assert "Nothing fits these filters" in text
    assert page.context["choosing"].clear == f"{shop.address}?sort=name"


def test_a_card_says_when_it_is_picked_and_what_is_expected(shop: Shop) -> None:
    offer = shop.offer(ladder=((1, 195, 240), (36, 170, 210)), ready_at=NOON + timedelta(days=3, hours=18))
    Category.objects.update(motif="vegetables")
    OfferOutlook.objects.create(
        offer=offer, units_p10=20, units_p50=30, units_p90=44, expected_unit_price_minor=210, as_of=NOON
    )
    card = Client().get(shop.address).context["windows"][0].cards[0]
    assert card.ready == "will be picked Thursday 06:00 for you"
    assert card.outlook == "Likely to reach €2.10, with 20 to 44 reserved."
    with clock.frozen(NOON + timedelta(days=4)):
        assert Client().get(f"{shop.address}").context["windows"][0].cards[0].ready == "picked Thursday 06:00 for you"


def test_the_price_per_kilogram_stands_apart_from_the_deposit(shop: Shop) -> None:
    say(shop.offer(ladder=((1, 195, 240),)), content_amount=500, content_unit="GRM")
    card = Client().get(shop.address).context["windows"][0].cards[0]
    assert card.per.text == "€4.80\u00a0/kg"
    assert (card.per.factor, card.per.content) == (1000, 500)


def test_an_offers_own_page_is_open_to_everybody_and_says_what_is_not_known(shop: Shop) -> None:
    offer = shop.offer(case=6, ladder=((6, 195, 240), (18, 170, 210)))
    say(offer, description="From the south slope.", allergens={"celery": "contains"})
    page = Client().get(f"{shop.address}goods/{offer.pk}/")
    assert page.status_code == 200
    assert [(step.units, step.price) for step in page.context["ladder"]] == [("from 6", "€2.40"), ("from 18", "€2.10")]
    allergens = dict(page.context["allergens"])
    assert allergens["Contains"] == "celery"
    assert allergens["Not known"].startswith("gluten, crustaceans")
    text = page.content.decode()
    assert "From the south slope." in text
    assert '<meta property="og:title" content="Tomatoes · €2.40 at most">' in text
    assert Client().get(f"{shop.address}goods/999999/").status_code == 404
