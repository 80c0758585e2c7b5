"""The catalogue for merchants' own systems: the same difference, the same rules, the same fingerprint."""

from typing import Any

import pytest
from django.test import Client

from marketplace import clock
from marketplace.models import CatalogueChange, DemandSignal, Pledge, Product
from tests.factories import NOON, make_user
from tests.marketplace.catalogue.ground import Shop
from tests.marketplace.closing_ground import Market

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KALE = {
    "sku": "A1",
    "name": "Kale",
    "category": "vegetables",
    "tax": "food",
    "shelf_life_days": 4,
    "case": 6,
    "ladder": [
        {"from_quantity": 6, "cost": "1.50", "price": "2.10"},
        {"from_quantity": 24, "cost": "1.40", "price": "2.00"},
    ],
}


@pytest.fixture
def shop() -> Shop:
    return Shop()


def call(shop: Shop, method: str, path: str, body: Any = None, *, by: Any = None) -> tuple[int, Any]:
    client = Client()
    client.force_login(by or shop.member)
    answer = getattr(client, method)(f"/api/v1/{path}", body, content_type="application/json")
    return answer.status_code, answer.json()


def lists(shop: Shop) -> str:
    return f"merchants/{shop.merchant.pk}/price-lists/"


def test_a_list_is_read_looked_at_and_taken(shop: Shop) -> None:
    status, shown = call(shop, "post", lists(shop), {"products": [KALE]})
    assert status == 201
    assert [(row["row"], row["sku"], row["after"]["ladder"][1]) for row in shown["new"]] == [
        (1, "A1", {"from_quantity": 24, "cost": "1.40", "price": "2.00"})
    ]
    assert not Product.objects.exists()
    assert call(shop, "get", f"price-lists/{shown['id']}/")[1]["fingerprint"] == shown["fingerprint"]
    wrong = call(shop, "post", f"price-lists/{shown['id']}/take/", {"fingerprint": "other"})
    assert (wrong[0], wrong[1]["type"].rsplit(":", 1)[-1]) == (409, "catalogue-changed")
    status, taken = call(shop, "post", f"price-lists/{shown['id']}/take/", {"fingerprint": shown["fingerprint"]})
    assert (status, taken["new"], taken["changed"]) == (200, 1, 0)
    assert CatalogueChange.objects.get().via == "api"
    status, listed = call(shop, "get", f"merchants/{shop.merchant.pk}/products/")
    assert [(row["sku"], row["terms"]["ladder"][0]["price"]) for row in listed["results"]] == [("A1", "2.10")]


def test_what_is_not_named_stays_and_nothing_empties(shop: Shop) -> None:
    kale = shop.priced("Kale", sku="A1", gtin="4006381333931", cap=40)
    _status, shown = call(shop, "post", lists(shop), {"products": [{"sku": "A1", "stock": None, "gtin": ""}]})
    assert shown["changed"][0]["before"] == {"gtin": "4006381333931", "stock": 40}
    call(shop, "post", f"price-lists/{shown['id']}/take/", {"fingerprint": shown["fingerprint"]})
    kale.refresh_from_db()
    assert (kale.name, kale.gtin, kale.templates.get().cap, shop.ladder(kale)) == ("Kale", "", None, [(1, 150, 210)])


def test_refused_products_are_told_by_their_place_and_stop_the_list(shop: Shop) -> None:
    _status, shown = call(shop, "post", lists(shop), {"products": [KALE, {**KALE, "sku": "A2", "category": "dragons"}]})
    assert [(row["row"], row["column"], row["given"]) for row in shown["refused"]] == [(2, "category", "dragons")]
    status, problem = call(shop, "post", f"price-lists/{shown['id']}/take/", {"fingerprint": shown["fingerprint"]})
    assert status == 422
    assert "category" in str(problem["errors"])
    assert not Product.objects.exists()
    _status, again = call(
        shop, "post", lists(shop), {"products": [KALE, {**KALE, "sku": "A2", "category": "x"}], "leave_out": True}
    )
    assert call(shop, "post", f"price-lists/{again['id']}/take/", {"fingerprint": again["fingerprint"]})[0] == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"products": []},
        {"products": [{"name": "no number"}]},
        {"products": [{**KALE, "colour": "green"}]},
        {"products": [{**KALE, "storage": "cellar"}]},
        {"products": [{**KALE, "name": "\x00"}]},
    ],
)
def test_a_body_that_is_no_list_is_refused(shop: Shop, body: dict[str, object]) -> None:
    status, problem = call(shop, "post", lists(shop), body)
    assert 400 <= status < 500
    assert problem["errors"]


def test_warnings_about_a_ladder_come_with_the_difference(shop: Shop) -> None:
    ladder = [
        {"from_quantity": 1, "cost": "1.50", "price": "2.10"},
        {"from_quantity": 5, "cost": "0.20", "price": "1.00"},
    ]
    _status, shown = call(shop, "post", lists(shop), {"products": [{**KALE, "case": 1, "ladder": ladder}]})
    assert [(row["sku"], row["step"], row["code"]) for row in shown["warnings"]] == [("A1", 2, "earns_less")]


def test_foreign_catalogues_lists_and_offers_are_not_found(shop: Shop) -> None:
    other = Shop("Other", hub=shop.hub)
    _status, shown = call(shop, "post", lists(shop), {"products": [KALE]})
    foreign = [
        ("get", f"merchants/{shop.merchant.pk}/products/", None),
        ("get", f"merchants/{shop.merchant.pk}/demand/", None),
        ("post", lists(shop), {"products": [KALE]}),
        ("get", f"price-lists/{shown['id']}/", None),
        ("post", f"price-lists/{shown['id']}/take/", {"fingerprint": shown["fingerprint"]}),
        ("post", f"price-lists/{shown['id']}/drop/", None),
    ]
    for method, path, body in foreign:
        for user in (other.member, make_user()):
            assert call(shop, method, path, body, by=user)[0] == 404
    assert not Product.objects.exists()


def test_demand_is_told_and_pledges_are_made_and_taken_back() -> None:
    market = Market()
    shop = Shop(hub=market.hub)
    market.window.window_supplies.create(supply=shop.supply, orders_due_at=market.window.closes_at)
    offer = market.offer(shop.merchant, ((1, 200, 300),), cap=10)
    DemandSignal.objects.create(offer=offer, units_p10=1, units_p50=5, units_p90=9, as_of=NOON)
    with clock.frozen(NOON):
        _status, demand = call(shop, "get", f"merchants/{shop.merchant.pk}/demand/")
        (row,) = demand["results"][0]["offers"]
        assert (row["offer_id"], row["stock"], row["expected"]["p50"]) == (offer.pk, 10, 5)
        pledges = f"offers/{offer.pk}/pledges/"
        status, made = call(
            shop, "post", pledges, {"kind": "price", "units": 5, "cost": "1.80", "version": row["version"]}
        )
        assert (status, made["unit_price"], made["state"]) == (201, "2.80", "standing")
        stale = call(shop, "post", pledges, {"kind": "supply", "units": 50, "version": row["version"]})
        assert stale[0] == 409
        assert call(shop, "post", pledges, {"kind": "price", "units": 5})[0] == 422
        status, back = call(shop, "post", f"pledges/{made['id']}/withdraw/", {"reason": "frost"})
        assert (status, back["state"]) == (200, "withdrawn")
        assert [each["state"] for each in call(shop, "get", pledges)[1]["results"]] == ["withdrawn"]
    assert list(offer.steps.values_list("cost_minor", flat=True)) == [200]
    assert Pledge.objects.count() == 1
