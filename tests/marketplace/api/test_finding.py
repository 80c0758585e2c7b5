"""Finding by API: rounds near a place, streets and points, reminders, and a round's offers as its page lists them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.search.remember_product import remember_product
from marketplace.models import Handover, Household, OfferOutlook, OpeningReminder, ProductPicture, Street
from marketplace.rules.states import WindowState
from tests.factories import NOON, make_household, make_window
from tests.marketplace.api_ground import anybody, client_of, problem
from tests.marketplace.reserving_ground import Shop

pytestmark = pytest.mark.django_db
LISBON = {"latitude": 38.71, "longitude": -9.14}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    return Shop()


def at(handover: Handover, latitude: float, longitude: float) -> None:
    point = handover.pickup_point
    assert point is not None
    point.latitude, point.longitude = latitude, longitude
    point.save()


def offers(shop: Shop, client: Any = None, **query: Any) -> dict[str, Any]:
    answer = (client or anybody()).get(f"/api/v1/rounds/{shop.round.pk}/offers/", query)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def names(told: dict[str, Any]) -> list[str]:
    return [offer["product"]["name"] for offer in told["results"]]


def test_the_nearest_round_comes_first_and_says_how_far_it_is(shop: Shop) -> None:
    other = Shop()
    at(shop.handover, 38.80, -9.14)
    at(other.handover, 38.72, -9.14)
    told = anybody().get("/api/v1/home/", LISBON).json()
    assert [found["id"] for found in told["open"]] == [other.round.pk, shop.round.pk]
    assert told["open"][0]["metres"] == 1112
    assert told["open"][0]["handover"]["pickup_point"]["address"] is None  # told to who is signed in
    assert told["place"] == {"words": "", **LISBON, "pickup_point_id": None}


def test_a_household_looks_from_its_own_place_until_it_forgets_it(shop: Shop) -> None:
    at(shop.handover, 38.72, -9.14)
    point = shop.handover.pickup_point
    assert point is not None
    ana = client_of(shop.ana)
    kept = ana.put("/api/v1/me/place/", {"pickup_point_id": point.pk}, format="json")
    assert (kept.status_code, kept.json()["pickup_point_id"]) == (200, point.pk)
    [found] = ana.get("/api/v1/home/").json()["open"]
    assert (found["at_own_point"], found["metres"], found["reserved_lines"]) == (True, 0, 0)
    assert ana.delete("/api/v1/me/place/").json()["pickup_point_id"] is None
    assert Household.objects.get(pk=shop.household.pk).preferred_point is None


@pytest.mark.parametrize(
    "body", [{}, {"latitude": 38.7}, {"street_id": 1, "pickup_point_id": 1}, {"latitude": 91, "longitude": 0}]
)
def test_a_place_that_is_none_is_refused_and_changes_nothing(shop: Shop, body: dict[str, Any]) -> None:
    problem(client_of(shop.ana).put("/api/v1/me/place/", body, format="json"), 400, "invalid-request")
    assert Household.objects.get(pk=shop.household.pk).latitude is None


def test_streets_are_found_with_a_typing_error(shop: Shop) -> None:
    street = Street(hub=shop.hub, name="Rua das Flores", town="Lisboa", latitude=38.71, longitude=-9.14)
    street.folded = " rua das flores lisboa"
    street.save()
    near: dict[str, str | float] = {"q": "flroes", "latitude": 38.71, "longitude": -9.14}
    [found] = anybody().get("/api/v1/streets/", near).json()["results"]
    assert (found["name"], found["metres"]) == ("Rua das Flores", 0)
    problem(anybody().get("/api/v1/streets/"), 400, "invalid-request")


def test_pickup_points_come_nearest_first(shop: Shop) -> None:
    other = Shop()
    at(shop.handover, 38.80, -9.14)
    at(other.handover, 38.72, -9.14)
    found = anybody().get("/api/v1/pickup-points/", LISBON).json()
    assert [one["hub_id"] for one in found["results"]] == [other.hub.pk, shop.hub.pk]
    assert (found["next"], found["results"][0]["address"]) == (None, None)


def test_a_reminder_is_set_and_taken_back_however_often(shop: Shop) -> None:
    coming = make_window(shop.round, opens_at=NOON + timedelta(hours=1), state=WindowState.SCHEDULED)
    path, ana = f"/api/v1/windows/{coming.pk}/reminder/", client_of(shop.ana)
    assert ana.put(path).json() == ana.put(path).json() == {"window_id": coming.pk, "reminded": True}
    assert OpeningReminder.objects.count() == 1
    assert ana.delete(path).json() == ana.delete(path).json() == {"window_id": coming.pk, "reminded": False}
    assert OpeningReminder.objects.count() == 0
    problem(ana.put(f"/api/v1/windows/{shop.window.pk}/reminder/"), 409, "illegal-move")
    problem(anybody().put(path), 401, "not-signed-in")


def test_a_window_names_its_calendar_file(shop: Shop) -> None:
    told = anybody().get(f"/api/v1/windows/{shop.window.pk}/").json()
    assert told["calendar"] == f"/windows/{shop.window.pk}/calendar.ics"


def test_a_mistyped_search_says_what_was_understood(shop: Shop) -> None:
    for name in ("Oat milk", "Rye bread"):
        remember_product(product=shop.offer(name).product)
    told = offers(shop, q="oat mlik")
    assert (names(told), told["understood"]) == (
        ["Oat milk"],
        {"asked": "oat mlik", "words": ["oat", "milk"], "corrected": True},
    )
    assert names(offers(shop, q="oat mlik", exactly="true")) == []


def test_offers_are_sorted_and_paged_by_a_cursor(shop: Shop) -> None:
    for number in range(53):
        shop.offer(f"Product {number:02}")
    first = offers(shop, sort="name")
    assert (len(first["results"]), names(first)[0]) == (50, "Product 00")
    second = anybody().get(first["next"]).json()
    assert (names(second), second["next"]) == (["Product 50", "Product 51", "Product 52"], None)
    path = f"/api/v1/rounds/{shop.round.pk}/offers/"
    [mistake] = problem(anybody().get(path, {"cursor": "nowhere"}), 400, "invalid-request")["errors"]
    assert mistake["parameter"] == "cursor"


def test_what_is_not_known_of_a_product_counts_as_not_safe(shop: Shop) -> None:
    milk, bread = shop.offer("Milk").product, shop.offer("Bread").product
    milk.allergens, milk.diets = {"gluten": "none"}, {"vegan": "suitable"}
    milk.save()
    assert bread.allergens == {}
    assert names(offers(shop, without="gluten")) == ["Milk"]
    assert names(offers(shop, diet="vegan")) == ["Milk"]
    assert sorted(names(offers(shop))) == ["Bread", "Milk"]


def test_a_households_own_diet_narrows_until_it_says_otherwise(shop: Shop) -> None:
    shop.offer("Bread")
    Household.objects.filter(pk=shop.household.pk).update(avoids=["gluten"])
    ana = client_of(shop.ana)
    narrowed = offers(shop, ana)
    assert (names(narrowed), narrowed["applied"]) == ([], {"diet": [], "without": ["gluten"], "own": True})
    assert names(offers(shop, ana, own="false")) == ["Bread"]


@pytest.mark.parametrize(
    ("name", "value"), [("sort", "cheap"), ("diet", "carnivore"), ("storage_class", "warm"), ("what", "1")]
)
def test_a_filter_that_is_not_known_is_named(shop: Shop, name: str, value: str) -> None:
    answer = anybody().get(f"/api/v1/rounds/{shop.round.pk}/offers/", {name: value})
    assert problem(answer, 400, "invalid-request")["errors"][0]["parameter"] == name


def test_an_offer_tells_all_that_is_known_of_it(shop: Shop) -> None:
    offer = shop.offer("Milk", ready_at=NOON, best_before=NOON.date())
    ProductPicture.objects.create(product=offer.product, digest="ab12", width=400, height=300, added_at=NOON)
    OfferOutlook.objects.create(
        offer=offer, units_p10=5, units_p50=8, units_p90=12, expected_unit_price_minor=210, as_of=NOON
    )
    told = anybody().get(f"/api/v1/offers/{offer.pk}/").json()
    assert (told["ready_at"], told["best_before"]) == ("2026-11-22T12:00:00Z", "2026-11-22")
    assert told["outlook"] == {
        "units_low": 5,
        "units_expected": 8,
        "units_high": 12,
        "unit_price": "2.10",
        "as_of": "2026-11-22T12:00:00Z",
    }
    assert told["product"]["picture"]["renditions"][0] == {
        "size": 160,
        "media_type": "image/avif",
        "path": "/pictures/ab12-160.avif",
    }
    assert told["product"]["diets"]["vegan"] == "unknown"
    assert (told["version"], told["offered_back"], told["merchant_rating"]) == (1, 0, None)


def test_substitutes_are_other_products_of_the_round(shop: Shop) -> None:
    milk, oat = shop.offer("Milk"), shop.offer("Oat milk")
    [found] = anybody().get(f"/api/v1/offers/{milk.pk}/substitutes/").json()["results"]
    assert (found["product_id"], found["unit_price_at_most"]) == (oat.product_id, "2.40")


def test_shelves_of_a_round_are_those_with_something_on_them(shop: Shop) -> None:
    shop.offer("Milk")
    [shelf] = anybody().get("/api/v1/categories/", {"round": shop.round.pk}).json()["results"]
    assert shelf["slug"] == "vegetables"
    assert anybody().get("/api/v1/categories/", {"round": shop.round.pk + 1}).json()["results"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "many"), [("rounds/{}/offers/", "offers"), ("home/", "rounds"), ("pickup-points/", "rounds")]
)
def test_lists_take_the_same_queries_for_one_row_and_for_twenty(shop: Shop, path: str, many: str) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert anybody().get(f"/api/v1/{path.format(shop.round.pk)}").status_code == 200
        return len(seen)

    shop.offer("First")
    counted()  # the shelves are kept for a minute
    before = counted()
    for number in range(20):
        if many == "offers":
            shop.offer(f"Product {number}")
        else:
            Shop(household=make_household("Bo")).offer("Bread")
    assert counted() == before
