"""Merchant members read and answer their own orders with the API; nobody else's."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.models import PurchaseOrder, PurchaseOrderLine, StateChange
from marketplace.rules.roles import Role
from tests.factories import make_hub, make_hub_staff, make_merchant, make_merchant_member, make_user
from tests.marketplace.api_ground import Client, anybody, client_of, problem
from tests.marketplace.closing_ground import Market

pytestmark = pytest.mark.django_db
ORDERS = "/api/v1/purchase-orders/"


@pytest.fixture
def market() -> Market:
    market = Market()
    for name in ("Quinta", "Serra"):
        merchant = market.merchant(name)
        market.line(market.offer(merchant), 3)
        market.line(market.offer(merchant), 5)
    market.close()
    return market


@pytest.fixture
def order(market: Market) -> PurchaseOrder:
    return PurchaseOrder.objects.get(merchant__name__startswith="Quinta")


@pytest.fixture
def marta(order: PurchaseOrder) -> Client:
    return client_of(make_merchant_member(order.merchant))


def confirm(client: Client, order: PurchaseOrder, body: Any = None) -> Any:
    return client.post(f"{ORDERS}{order.pk}/confirm/", {} if body is None else body, format="json")


def confirmed() -> list[tuple[int | None, str]]:
    return list(PurchaseOrderLine.objects.order_by("pk").values_list("confirmed", "short_reason"))


def test_a_member_sees_the_own_merchants_orders_only(market: Market, order: PurchaseOrder, marta: Client) -> None:
    [listed] = marta.get(ORDERS).json()["results"]
    assert (listed["id"], listed["number"], listed["state"]) == (order.pk, str(order), "issued")
    told = marta.get(f"{ORDERS}{order.pk}/").json()
    assert (told["goods"], told["fees"], told["total"], told["currency"]) == ("8.00", "0.00", "8.00", "EUR")
    assert [(line["ordered"], line["cost"], line["amount"]) for line in told["lines"]] == [
        (3, "1.00", "3.00"),
        (5, "1.00", "5.00"),
    ]
    assert told["revisions"][0]["number"] == 1
    assert len(told["revisions"][0]["content_hash"]) == 64


def test_orders_are_narrowed_by_state_and_window(market: Market, marta: Client) -> None:
    assert len(marta.get(ORDERS, {"state": "issued", "window": str(market.window.pk)}).json()["results"]) == 1
    assert marta.get(ORDERS, {"state": "confirmed"}).json()["results"] == []
    assert marta.get(ORDERS, {"window": market.window.pk + 1}).json()["results"] == []
    problem(marta.get(ORDERS, {"state": "lost"}), 400, "invalid-request")


def test_an_order_is_confirmed_whole_or_line_by_line(order: PurchaseOrder, marta: Client) -> None:
    whole = confirm(marta, order)
    assert (whole.status_code, whole.json()["state"]) == (200, "confirmed")
    first, second = order.lines.order_by("pk")
    lines = [{"id": second.pk, "confirmed": 4, "reason": "frost"}, {"id": first.pk, "confirmed": 3}]
    told = confirm(marta, order, {"lines": lines}).json()
    assert told["state"] == "partly_confirmed"
    assert [(line["confirmed"], line["short_reason"]) for line in told["lines"]] == [(3, ""), (4, "frost")]
    declined = [{"id": line.pk, "confirmed": 0, "reason": "hail"} for line in (first, second)]
    assert confirm(marta, order, {"lines": declined}).json()["state"] == "declined"


def test_mistakes_are_placed_in_the_body_and_nothing_is_kept(order: PurchaseOrder, marta: Client) -> None:
    first, second = order.lines.order_by("pk")
    lines = [{"id": second.pk, "confirmed": 4}, {"id": first.pk, "confirmed": 99}, {"id": 999_999, "confirmed": 1}]
    found = problem(confirm(marta, order, {"lines": lines}), 422, "invalid-input")["errors"]
    assert {mistake["pointer"] for mistake in found} == {"#/lines/0", "#/lines/1", "#/lines/2"}
    one_left_out = confirm(marta, order, {"lines": [{"id": first.pk, "confirmed": 3}]})
    [mistake] = problem(one_left_out, 422, "invalid-input")["errors"]
    assert mistake["pointer"] == "#/lines"
    twice = [{"id": first.pk, "confirmed": 3}, {"id": first.pk, "confirmed": 2}, {"id": second.pk, "confirmed": 5}]
    problem(confirm(marta, order, {"lines": twice}), 422, "invalid-input")
    assert set(confirmed()) == {(None, "")}
    assert PurchaseOrder.objects.get(pk=order.pk).state == "issued"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"lines": 3}, "#/lines"),
        ({"lines": [3]}, "#/lines/0"),
        ({"lines": [{"id": 1}]}, "#/lines/0/confirmed"),
        ({"lines": [{"id": 1, "confirmed": "many"}]}, "#/lines/0/confirmed"),
        ({"lines": [{"id": 1, "confirmed": 10**30}]}, "#/lines/0/confirmed"),
        ({"lines": [{"id": 1, "confirmed": 1, "reason": "a\x00b"}]}, "#/lines/0/reason"),
        ([], "#"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(order: PurchaseOrder, marta: Client, body: Any, pointer: str) -> None:
    found = problem(confirm(marta, order, body), 400, "invalid-request")["errors"]
    assert found[0]["pointer"] == pointer
    assert set(confirmed()) == {(None, "")}


def foreign(order: PurchaseOrder, who: str) -> Client:
    users = {
        "member of another merchant": lambda: make_merchant_member(make_merchant("Foreign")),
        "coordinator of another hub": lambda: make_hub_staff(make_hub("Far")),
        "courier of the hub": lambda: make_hub_staff(order.window.round.hub, Role.COURIER),
        "household": make_user,
    }
    return client_of(users[who]())


@pytest.mark.parametrize(
    "who", ["member of another merchant", "coordinator of another hub", "courier of the hub", "household"]
)
def test_a_foreign_order_is_not_found_and_stays_as_it_is(order: PurchaseOrder, who: str) -> None:
    client = foreign(order, who)
    assert client.get(ORDERS).json()["results"] == []
    problem(client.get(f"{ORDERS}{order.pk}/"), 404, "not-found")
    changes = StateChange.objects.count()
    problem(confirm(client, order), 404, "not-found")
    assert set(confirmed()) == {(None, "")}
    assert PurchaseOrder.objects.get(pk=order.pk).state == "issued"
    assert StateChange.objects.count() == changes


@pytest.mark.parametrize("role", [Role.TREASURER, Role.DISPATCHER, Role.ANALYST])
def test_a_hub_role_that_may_only_look_cannot_answer(order: PurchaseOrder, role: Role) -> None:
    client = client_of(make_hub_staff(order.window.round.hub, role))
    assert client.get(f"{ORDERS}{order.pk}/").status_code == 200
    assert len(client.get(ORDERS).json()["results"]) == 2
    assert problem(confirm(client, order), 403, "not-allowed")["facts"] == {"permission": "confirm_purchase_orders"}
    assert set(confirmed()) == {(None, "")}


def test_the_hubs_coordinator_may_answer_for_a_merchant_who_called(order: PurchaseOrder) -> None:
    assert confirm(client_of(make_hub_staff(order.window.round.hub)), order).json()["state"] == "confirmed"


def test_a_visitor_is_asked_to_sign_in(order: PurchaseOrder) -> None:
    for answer in (anybody().get(ORDERS), anybody().get(f"{ORDERS}{order.pk}/"), confirm(anybody(), order)):
        problem(answer, 401, "not-signed-in")
    assert set(confirmed()) == {(None, "")}


@pytest.mark.slow
def test_lists_and_details_take_the_same_queries_for_one_row_and_for_twenty() -> None:
    market = Market()
    merchant = market.merchant("Quinta")
    client = client_of(make_merchant_member(merchant))

    def counted(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    market.line(market.offer(merchant), 1)
    market.close()
    one = counted(ORDERS), counted(f"{ORDERS}{market.order(merchant).pk}/")
    for number in range(19):
        following = Market(hub=market.hub)
        following.takes_over(market)
        for _ in range(1 if number else 20):
            following.line(following.offer(merchant), 1)
        following.close()
    longest = PurchaseOrder.objects.order_by("-total_minor")[0]
    assert len(client.get(ORDERS).json()["results"]) == 20
    assert (counted(ORDERS), counted(f"{ORDERS}{longest.pk}/")) == one
