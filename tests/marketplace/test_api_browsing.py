"""Rounds, windows and offers are there for everybody; drafts for nobody; costs for nobody."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.models import DepositType, Offer
from marketplace.rules.states import WindowState
from tests.factories import NOON, make_handover, make_merchant, make_offer, make_product, make_round, make_window
from tests.marketplace.api_ground import anybody, client_of, problem
from tests.marketplace.reserving_ground import Shop

pytestmark = pytest.mark.django_db
OFFERS = "/api/v1/offers/"


@pytest.fixture
def shop() -> Shop:
    return Shop()


def get(path: str, client: Any = None, **query: Any) -> Any:
    with clock.frozen(NOON):
        return (client or anybody()).get(path, query)


def listed(path: str = OFFERS, **query: Any) -> list[dict[str, Any]]:
    answer = get(path, **query)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def ids(**query: Any) -> set[int]:
    return {offer["id"] for offer in listed(**query)}


def test_an_offer_tells_what_a_household_decides_on(shop: Shop) -> None:
    offer = shop.offer("Olive oil", case=6, cap=100, ladder=((6, 195, 240), (24, 170, 210)))
    product = offer.product
    product.content_amount, product.content_unit, product.storage_class = 500, "MLT", "chilled"
    product.allergens = {"nuts": "traces"}
    product.deposit_type = DepositType.objects.create(name="Bottle", amount_minor=25)
    product.save()
    shop.others_reserve(offer, 4, 4)
    [told] = listed()
    assert (told["price_now"], told["price_at_most"], told["currency"]) == ("2.40", "2.40", "EUR")
    assert told["comparison_price"] == {"amount": "4.80", "unit": "LTR"}
    assert told["ladder"] == [
        {"from_quantity": 6, "unit_price": "2.40"},
        {"from_quantity": 24, "unit_price": "2.10"},
    ]
    assert told["deposit"] == {"name": "Bottle", "amount": "0.25"}
    assert told["room"] == {"limit": 100, "left": 100}
    assert told["product"]["allergens"]["nuts"] == "traces"
    assert told["product"]["allergens"]["milk"] == "unknown"
    assert told["product"]["fresh"]
    standing = told["standing"]
    assert [standing[name] for name in ("reached", "reserved", "sure", "waiting", "waits_for")] == [True, 8, 6, 2, 4]
    assert standing["next_step"] == {"unit_price": "2.10", "missing": 16}
    assert (told["closes_at"], told["time_zone"]) == ("2026-11-22T18:00:00Z", "Europe/Lisbon")
    assert told["takes_reservations"]


def test_no_cost_is_told_anywhere(shop: Shop) -> None:
    offer = shop.offer(ladder=((1, 19731, 24000),))
    for path in (OFFERS, f"{OFFERS}{offer.pk}/", "/api/v1/rounds/", f"/api/v1/rounds/{shop.round.pk}/"):
        assert "197.31" not in get(path).content.decode()
        assert "cost" not in get(path).content.decode()


def test_offers_are_narrowed_by_their_filters(shop: Shop) -> None:
    bread = shop.offer("Rye bread")
    other = make_merchant("Serra")
    cheese = make_offer(make_window(shop.round, name="Dry"), make_product(other, "Goat cheese", shelf_life_days=30))
    cheese.product.storage_class = "chilled"
    cheese.product.save()
    assert ids(round=shop.round.pk) == {bread.pk, cheese.pk}
    assert ids(window=shop.window.pk) == {bread.pk}
    assert ids(merchant=other.pk) == {cheese.pk}
    assert ids(category="vegetables") == {bread.pk, cheese.pk}
    assert ids(category="sweets") == set()
    assert ids(storage_class="chilled") == {cheese.pk}
    assert ids(fresh="true") == {bread.pk}
    assert ids(fresh="false") == {cheese.pk}
    assert ids(search="bread rye") == {bread.pk}
    assert ids(search="SERRA goat") == {cheese.pk}
    assert ids(round=shop.round.pk + 1) == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [("round", "x"), ("round", "0"), ("window", "9" * 30), ("storage_class", "warm"), ("cursor", "nowhere"),
     ("cursor", "cD1hYmM="), ("search", "a\x00b"), ("round", "1.5"), ("round", "1e400")],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_named(shop: Shop, name: str, value: str) -> None:
    shop.offer()
    [found] = problem(get(OFFERS, **{name: value}), 400, "invalid-request")["errors"]
    assert found["parameter"] == name


def test_pages_follow_each_other_without_gap_or_repeat(shop: Shop) -> None:
    offers = [shop.offer(f"Product {number:02}") for number in range(7)]
    seen, path, pages = [], f"{OFFERS}?limit=3", 0
    while path:
        page = get(path).json()
        seen += [offer["id"] for offer in page["results"]]
        path, pages = page["next"], pages + 1
    assert (seen, pages) == ([offer.pk for offer in offers], 3)


@pytest.mark.slow
def test_a_page_holds_fifty_offers_and_at_most_a_hundred(shop: Shop) -> None:
    for number in range(102):
        shop.offer(f"Product {number}")
    assert len(listed()) == 50
    assert len(listed(limit=1000)) == 100


@pytest.mark.slow
@pytest.mark.parametrize("path", [OFFERS, "/api/v1/windows/", "/api/v1/rounds/"])
def test_lists_take_the_same_queries_for_one_for_twenty_and_for_fifty_rows(shop: Shop, path: str) -> None:
    def counted() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as seen:
            rows = len(listed(path))
        return rows, len(seen)

    most = {OFFERS: 2, "/api/v1/windows/": 2, "/api/v1/rounds/": 3}[path]
    shop.offer()
    assert counted() == (1, most)
    for rows in (20, 50):
        while Offer.objects.count() < rows:
            round_ = shop.round if path == OFFERS else make_round(shop.hub)
            shop.offer(window=None if path == OFFERS else make_window(round_, [shop.supply]))
        assert counted() == (rows, most)


def is_authentication(sql: str) -> bool:
    return "django_session" in sql or "has_unread" in sql


def test_a_signed_in_list_of_offers_takes_two_queries_after_authentication(shop: Shop) -> None:
    shop.offer()
    client = client_of(shop.ana)
    with CaptureQueriesContext(connection) as seen:
        get(OFFERS, client)
    assert len([query for query in seen if not is_authentication(query["sql"])]) == 2


def test_a_round_tells_its_windows_and_to_those_signed_in_where_it_is_handed_over(shop: Shop) -> None:
    make_handover(shop.round, capacity=5)
    path = f"/api/v1/rounds/{shop.round.pk}/"
    told = get(path).json()
    assert told["hub"]["currency"] == "EUR"
    assert [window["id"] for window in told["windows"]] == [shop.window.pk]
    assert (told["takes_reservations"], told["as_of"]) == (True, "2026-11-22T12:00:00Z")
    assert [handover["room"] for handover in told["handovers"]] == [None, {"limit": 5, "left": 5}]
    assert told["handovers"][0]["pickup_point"]["address"] is None
    told = get(path, client_of(shop.ana)).json()
    assert told["handovers"][0]["pickup_point"]["address"] == "Rua das Flores 12"


def test_rounds_are_narrowed_to_those_that_take_reservations(shop: Shop) -> None:
    closed = make_round(shop.hub, "Last week's")
    make_window(closed, state=WindowState.CLOSED, closes_at=NOON - timedelta(hours=1))
    overdue = make_round(shop.hub, "Due")
    make_window(overdue, closes_at=NOON)
    assert {found["id"] for found in listed("/api/v1/rounds/", open="true")} == {shop.round.pk}
    assert {found["id"] for found in listed("/api/v1/rounds/", open="false")} == {closed.pk, overdue.pk}
    assert len(listed("/api/v1/rounds/", hub=shop.hub.slug)) == 3
    assert listed("/api/v1/rounds/", hub="elsewhere") == []


def test_windows_are_narrowed_by_round_and_state(shop: Shop) -> None:
    other = make_window(make_round(shop.hub), state=WindowState.SCHEDULED, opens_at=NOON + timedelta(hours=1))
    assert [w["id"] for w in listed("/api/v1/windows/", round=shop.round.pk)] == [shop.window.pk]
    [told] = listed("/api/v1/windows/", state="scheduled")
    assert (told["id"], told["takes_reservations"]) == (other.pk, False)
    assert get(f"/api/v1/windows/{shop.window.pk}/").json()["merchants"][0]["id"] == shop.merchant.pk


@pytest.mark.parametrize("state", [WindowState.DRAFT, WindowState.CANCELLED])
def test_what_was_not_announced_is_not_found_in_any_list(shop: Shop, state: WindowState) -> None:
    hidden = make_round(shop.hub)
    window = make_window(hidden, [shop.supply], state=state)
    offer = shop.offer(window=window)
    client = client_of(shop.ana)
    for path in (f"/api/v1/rounds/{hidden.pk}/", f"/api/v1/windows/{window.pk}/", f"{OFFERS}{offer.pk}/"):
        problem(get(path, client), 404, "not-found")
    assert listed(window=window.pk) == []
    assert hidden.pk not in {found["id"] for found in listed("/api/v1/rounds/")}
    assert window.pk not in {found["id"] for found in listed("/api/v1/windows/")}
