"""A merchant's own system answers: for the revision it read, with weights, lots and substitutes."""

from typing import Any

import pytest

from marketplace.models import Offer, PurchaseOrder, ReservationLine
from tests.factories import make_offer, make_product
from tests.marketplace.api_ground import Client, client_of, problem
from tests.marketplace.orders.orders_ground import Ordered

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def here() -> Ordered:
    here = Ordered()
    product = make_product(here.merchant, "Cheese")
    product.catch_weight = True
    product.save()
    here.cheese = make_offer(  # type: ignore[attr-defined]
        here.market.window, product, ladder=((1, 400, 500),), price_unit="KGM", price_units_denominator=2
    )
    here.apples = here.market.offer(here.merchant)  # type: ignore[attr-defined]
    here.quinces = make_product(here.merchant, "Quinces")  # type: ignore[attr-defined]
    here.market.line(here.cheese, 6)  # type: ignore[attr-defined]
    here.market.line(here.apples, 4, substitutes=[here.quinces.pk])  # type: ignore[attr-defined]
    here.close()
    return here


@pytest.fixture
def marta(here: Ordered) -> Client:
    return client_of(here.marta)


def url(order: PurchaseOrder, rest: str = "") -> str:
    return f"/api/v1/purchase-orders/{order.pk}/{rest}"


def send(client: Client, order: PurchaseOrder, what: str, body: Any = None, match: str = "*") -> Any:
    headers = {"If-Match": match} if match else {}
    return client.post(url(order, f"{what}/"), body or {}, format="json", headers=headers)


def answer_of(here: Ordered, cheese: dict[str, Any], apples: dict[str, Any]) -> dict[str, Any]:
    offers: tuple[Offer, Offer] = here.cheese, here.apples  # type: ignore[attr-defined]
    return {"lines": [{"id": here.line(offers[0]).pk, **cheese}, {"id": here.line(offers[1]).pk, **apples}]}


def test_an_answer_needs_the_revision_that_was_read(here: Ordered, marta: Client) -> None:
    read = marta.get(url(here.order))
    problem(send(marta, here.order, "confirm", match=""), 428, "match-missing")
    first = send(marta, here.order, "confirm", match=read["ETag"])
    assert (first.status_code, first["ETag"]) == (200, '"2"')
    stale = answer_of(here, {"confirmed": 6}, {"confirmed": 1, "reason": "frost"})
    told = problem(send(marta, here.order, "confirm", stale, match=read["ETag"]), 412, "order-changed")
    assert (told["facts"]["expected"], told["facts"]["actual"]) == (1, 2)
    assert here.order.state == "confirmed"
    again = send(marta, here.order, "confirm", stale, match=first["ETag"])
    assert (again.status_code, again.json()["state"]) == (200, "partly_confirmed")


def test_what_was_read_is_not_told_again_and_changes_with_a_revision(here: Ordered, marta: Client) -> None:
    tag = marta.get(url(here.order))["ETag"]
    assert marta.get(url(here.order), headers={"If-None-Match": tag}).status_code == 304
    send(marta, here.order, "confirm")
    assert marta.get(url(here.order), headers={"If-None-Match": tag}).status_code == 200


def test_weight_time_and_substitutes_come_with_the_answer(here: Ordered, marta: Client) -> None:
    body = answer_of(
        here,
        {"confirmed": 6, "weight": "2.905", "ready_at": "2026-11-23T05:00:00Z"},
        {"confirmed": 1, "reason": "frost", "instead": [{"product_id": here.quinces.pk, "units": 2, "cost": "0.90"}]},  # type: ignore[attr-defined]
    )
    told = send(marta, here.order, "confirm", body).json()
    cheese, apples = told["lines"]
    assert cheese["weight"] == {"unit": "KGM", "nominal": "3.000", "actual": "2.905", "billed": "2.905"}
    assert (cheese["ready_at"], apples["ready_at"]) == ("2026-11-23T05:00:00Z", None)
    [instead] = apples["substitutes"]
    assert (instead["name"], instead["offered"], instead["units"], instead["cost"]) == ("Quinces", 2, 2, "0.90")
    newest = told["revisions"][-1]
    assert (newest["kind"], newest["via"]) == ("answered", "api")
    assert {one["field"] for one in newest["difference"]} == {
        "weight", "ready_at", "confirmed", "short_reason", "substitutes"
    }  # fmt: skip
    content = marta.get(url(here.order, "revisions/2/")).json()
    assert content["content"]["coming"]["total"] == "26.04"
    assert content["content_hash"] == newest["content_hash"]
    problem(marta.get(url(here.order, "revisions/3/")), 404, "not-found")


@pytest.mark.parametrize(
    ("apples", "status", "pointer"),
    [
        ({"confirmed": 1, "reason": "x", "instead": [{"product_id": 10**7, "units": 1}]}, 422, "#/lines/1/instead"),
        ({"confirmed": 4, "weight": "1.5"}, 422, "#/lines/1/weight"),
        ({"confirmed": 4, "weight": "much"}, 400, "#/lines/1/weight"),
        ({"confirmed": 4, "ready_at": "soon"}, 400, "#/lines/1/ready_at"),
        ({"confirmed": 1, "reason": "x", "instead": [{"units": 1}]}, 400, "#/lines/1/instead/0/product_id"),
    ],
)
def test_a_mistake_is_placed_where_it_stands(
    here: Ordered, marta: Client, apples: dict[str, Any], status: int, pointer: str
) -> None:
    refused = send(marta, here.order, "confirm", answer_of(here, {"confirmed": 6}, apples))
    found = problem(refused, status, "invalid-input" if status == 422 else "invalid-request")["errors"]
    assert found[0]["pointer"] == pointer
    assert (here.order.state, here.order.revision) == ("issued", 1)


def test_acknowledging_then_shipping_with_lots(here: Ordered, marta: Client) -> None:
    assert send(marta, here.order, "acknowledge").json()["state"] == "acknowledged"
    assert send(marta, here.order, "acknowledge").json()["state"] == "acknowledged"
    problem(send(marta, here.order, "ship"), 409, "order-not-open")
    send(marta, here.order, "confirm")
    cheese, apples = here.order.lines.order_by("pk")
    lots = [{"code": "L7", "units": 4, "best_before": "2026-12-01"}, {"code": "L8", "units": 2}]
    body = {"lines": [{"id": cheese.pk, "units": 6, "lots": lots}, {"id": apples.pk, "units": 3}]}
    problem(send(marta, here.order, "ship", body, match=""), 428, "match-missing")
    told = send(marta, here.order, "ship", body).json()
    assert (told["state"], [line["shipped"] for line in told["lines"]]) == ("shipped", [6, 3])
    assert told["lines"][0]["lots"][1] == {"code": "L8", "units": 2, "best_before": None}
    line = ReservationLine.objects.get(offer=here.apples)  # type: ignore[attr-defined]
    assert here.got(line) == [(3, 450, "short_supply")]
    problem(send(marta, here.order, "confirm"), 409, "order-not-open")


def test_lots_that_do_not_add_up_are_refused(here: Ordered, marta: Client) -> None:
    send(marta, here.order, "confirm")
    cheese, apples = here.order.lines.order_by("pk")
    body = {
        "lines": [{"id": cheese.pk, "units": 6, "lots": [{"code": "L7", "units": 4}]}, {"id": apples.pk, "units": 5}]
    }
    found = problem(send(marta, here.order, "ship", body), 422, "invalid-input")["errors"]
    assert {one["pointer"] for one in found} == {"#/lines/0/lots", "#/lines/1"}
    assert here.order.state == "confirmed"
