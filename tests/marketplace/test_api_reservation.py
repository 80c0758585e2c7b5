"""A household's whole life with the API: sign in, look, reserve, change, repeat, come late, cancel."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.models import Group, GroupMember, Household, HouseholdMember, Offer, Reservation, ReservationVersion
from marketplace.rules.states import WindowState
from tests.factories import make_handover, make_household, make_round, make_user, make_window
from tests.marketplace.api_ground import Client, anybody, client_of, key, problem
from tests.marketplace.reserving_ground import Shop, everything, want

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_throttle_left_over() -> None:
    cache.clear()


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def ana(shop: Shop) -> Client:
    return client_of(shop.ana)


def address(shop: Shop) -> str:
    return f"/api/v1/rounds/{shop.round.pk}/reservation/"


def line(offer: Offer, firm: int, **terms: Any) -> dict[str, Any]:
    return {"offer_id": offer.pk, "firm": firm, **terms}


def send(shop: Shop, client: Client, method: str, *lines: Any, headers: Any = None, **body: Any) -> Any:
    """One request at the shop's clock."""
    asked = {**(key() if headers is None else headers)}
    if method == "put":
        asked.setdefault("If-Match", "*")
    with clock.frozen(shop.at):
        return getattr(client, method)(address(shop), {"lines": list(lines), **body}, format="json", headers=asked)


def test_a_life_from_sign_in_to_cancelling(shop: Shop) -> None:
    user = make_user("Rita", password="a long enough password")
    make_household("Rita", user)
    offer = shop.offer(ladder=((1, 195, 240), (6, 170, 210)))
    client = anybody()
    with clock.frozen(shop.at):
        login = client.post(
            "/api/v1/auth/login", {"email": user.email, "password": "a long enough password"}, format="json"
        )
        assert login.status_code == 200
        client.credentials(HTTP_X_SESSION_TOKEN=login.json()["meta"]["session_token"])
        [listed] = client.get("/api/v1/offers/", {"round": shop.round.pk}).json()["results"]
    assert listed["id"] == offer.pk
    assert [step["unit_price"] for step in listed["ladder"]] == ["2.40", "2.10"]

    first = send(shop, client, "post", line(offer, 2), headers=key("k1"))
    assert first.status_code == 201
    assert first["ETag"] == '"1"'
    told = first.json()
    assert (told["now"], told["at_most"], told["currency"], told["version"]) == ("4.80", "4.80", "EUR", 1)
    assert told["closes_at"] == "2026-11-22T18:00:00Z"
    assert told["lines"][0]["status"] == "sure"

    again = send(shop, client, "post", line(offer, 2), headers=key("k1"))
    assert (again.status_code, again.json()) == (201, told)
    conflict = send(shop, client, "post", line(offer, 3), headers=key("k1"))
    assert problem(conflict, 409, "request-key-reused")["facts"] == {"request_key": "k1"}

    changed = send(shop, client, "patch", line(offer, 6, flexible=1), headers={**key("k2"), "If-Match": '"1"'})
    assert changed.status_code == 200
    assert (changed["ETag"], changed.json()["now"], changed.json()["at_most"]) == ('"2"', "12.60", "16.80")
    assert ReservationVersion.objects.count() == 2

    shop.later(hours=6)
    late = problem(send(shop, client, "patch", line(offer, 9), headers=key("k3")), 409, "window-closed")
    assert late["facts"]["closes_at"] == "2026-11-22T18:00:00Z"
    problem(send(shop, client, "delete", headers=key("k4")), 409, "window-closed")
    shop.later(hours=-1, minutes=-1)
    gone = send(shop, client, "delete", headers={**key("k5"), "If-Match": '"2"'})
    assert (gone.status_code, gone.json()["state"], gone.json()["lines"]) == (200, "cancelled", [])
    kept = client.get(address(shop))
    assert (kept.json()["state"], kept.json()["lines"], kept["ETag"][:3]) == ("cancelled", [], '"3-')


def test_the_reservation_reads_as_it_was_written(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    send(shop, ana, "post", line(offer, 2, flexible=1, flexible_for="price", max_unit_price="2.20", whole_only=True))
    with clock.frozen(shop.at):
        [kept] = ana.get(address(shop)).json()["lines"]
    assert {name: kept[name] for name in ("firm", "flexible", "flexible_for", "max_unit_price", "whole_only")} == {
        "firm": 2,
        "flexible": 1,
        "flexible_for": "price",
        "max_unit_price": "2.20",
        "whole_only": True,
    }
    assert (kept["locked"], kept["outcome"], kept["unit_price_at_most"]) == (False, None, "2.20")


def test_put_replaces_the_basket_and_patch_keeps_the_rest(shop: Shop, ana: Client) -> None:
    bread, milk = shop.offer("Bread"), shop.offer("Milk")
    send(shop, ana, "post", line(bread, 2), line(milk, 1))
    send(shop, ana, "patch", line(bread, 3))
    assert shop.lines() == {bread.pk: 3, milk.pk: 1}
    send(shop, ana, "put", line(bread, 1))
    assert shop.lines() == {bread.pk: 1}


def test_patch_without_lines_moves_the_handover_only(shop: Shop, ana: Client) -> None:
    offer, other = shop.offer(), make_handover(shop.round)
    send(shop, ana, "post", line(offer, 2), handover_id=shop.handover.pk)
    with clock.frozen(shop.at):
        moved = ana.patch(address(shop), {"handover_id": other.pk}, format="json", headers=key())
    assert moved.json()["handover_id"] == other.pk
    assert shop.lines() == {offer.pk: 2}


def test_a_choice_of_handovers_is_asked_for_by_its_field(shop: Shop, ana: Client) -> None:
    make_handover(shop.round)
    told = problem(send(shop, ana, "post", line(shop.offer(), 1)), 422, "invalid-input")
    assert told["errors"][0]["pointer"] == "#/handover_id"
    assert everything()[0] == []


def test_the_outcome_is_told_after_the_close(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    send(shop, ana, "post", line(offer, 2))
    shop.later(hours=7)
    with clock.frozen(shop.at):
        close_window(window_id=shop.window.pk)
        [kept] = ana.get(address(shop)).json()["lines"]
    assert kept["locked"]
    assert kept["outcome"] == {
        "reached": True,
        "reason": "in_full",
        "quantity": 2,
        "extra": 0,
        "unit_price": "2.40",
        "charged": "4.80",
        "offered_back": 0,
    }


@pytest.mark.parametrize("method", ["post", "patch", "put", "delete"])
def test_a_change_without_a_request_key_is_refused_and_changes_nothing(shop: Shop, ana: Client, method: str) -> None:
    offer = shop.offer()
    send(shop, ana, "post", line(offer, 2))
    before = everything()
    told = problem(send(shop, ana, method, line(offer, 5), headers={}), 400, "request-key-missing")
    assert told["errors"][0]["header"] == "Idempotency-Key"
    assert everything() == before


@pytest.mark.parametrize("method", ["patch", "put", "delete"])
def test_a_stale_version_fails_the_precondition_and_changes_nothing(shop: Shop, ana: Client, method: str) -> None:
    offer = shop.offer()
    send(shop, ana, "post", line(offer, 2))
    send(shop, ana, "patch", line(offer, 3))
    before = everything()
    stale = send(shop, ana, method, line(offer, 5), headers={**key(), "If-Match": '"1"'})
    assert problem(stale, 412, "reservation-changed")["facts"] == {"expected": 1, "actual": 2}
    assert everything() == before


@pytest.mark.parametrize(("method", "etag"), [("patch", "1"), ("put", '"x"'), ("delete", '"1", "2"'), ("post", '"1"')])
def test_a_condition_that_cannot_be_read_is_refused(shop: Shop, ana: Client, method: str, etag: str) -> None:
    offer = shop.offer()
    send(shop, ana, "post", line(offer, 2))
    before = everything()
    problem(send(shop, ana, method, line(offer, 5), headers={**key(), "If-Match": etag}), 400, "match-unreadable")
    assert everything() == before


def test_a_compressing_proxys_weak_tag_is_the_same_version(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    send(shop, ana, "post", line(offer, 2))
    assert send(shop, ana, "patch", line(offer, 3), headers={**key(), "If-Match": 'W/"1"'}).status_code == 200


@pytest.mark.parametrize(
    ("lines", "pointer", "code"),
    [
        (None, "#/lines", "missing"),
        ({}, "#/lines", "no_list"),
        ([], "#/lines", "no_lines"),
        ([7], "#/lines/0", "no_object"),
        ([{"firm": 1}], "#/lines/0/offer_id", "missing"),
        ([{"offer_id": [1], "firm": 1}], "#/lines/0/offer_id", "no_id"),
        ([{"offer_id": 10**30, "firm": 1}], "#/lines/0/offer_id", "no_id"),
        ([{"offer_id": 1, "firm": True}], "#/lines/0/firm", "no_integer"),
        ([{"offer_id": 1, "firm": 1.5}], "#/lines/0/firm", "no_integer"),
        ([{"offer_id": 1, "firm": -1}], "#/lines/0/firm", "negative"),
        ([{"offer_id": 1, "firm": 10**30}], "#/lines/0/firm", "too_many_units"),
        ([{"offer_id": 1, "firm": 0, "flexible": 1}], "#/lines/0/flexible", "flexible_without_firm"),
        ([{"offer_id": 1, "firm": 1, "flexible_for": "fun"}], "#/lines/0/flexible_for", "unknown_use"),
        ([{"offer_id": 1, "firm": 1, "max_unit_price": 2.1}], "#/lines/0/max_unit_price", "no_text"),
        ([{"offer_id": 1, "firm": 1, "max_unit_price": "2.105"}], "#/lines/0/max_unit_price", "no_amount"),
        ([{"offer_id": 1, "firm": 1, "max_unit_price": "0.00"}], "#/lines/0/max_unit_price", "limit_out_of_range"),
        ([{"offer_id": 1, "firm": 1, "whole_only": "no"}], "#/lines/0/whole_only", "no_boolean"),
        ([{"offer_id": 1, "firm": 1, "flexble": 2}], "#/lines/0/flexble", "unknown_field"),
        ([{"offer_id": 1, "firm": 1, "\ud800": 2}], "#/lines/0/\\ud800", "unknown_field"),
        ([{"offer_id": 1, "firm": 1}, {"offer_id": 1, "firm": 2}], "#/lines/1/offer_id", "twice"),
        ([{"offer_id": 999_999, "firm": 1}], "#/lines/0/offer_id", "no_such_offer"),
    ],
)
def test_each_mistake_is_named_with_its_place(shop: Shop, ana: Client, lines: Any, pointer: str, code: str) -> None:
    with clock.frozen(shop.at):
        body = json.dumps({"lines": lines})
        answer = ana.post(address(shop), body, content_type="application/json", headers=key())
    [found] = problem(answer, 422, "invalid-lines")["errors"]
    assert (found["pointer"], found["code"]) == (pointer, code)
    assert found["detail"]
    assert everything() == [[], [], [], []]


def test_every_mistake_of_a_body_is_told_at_once(shop: Shop, ana: Client) -> None:
    body = {"lines": [{"offer_id": 0, "firm": "2"}, 3], "handover_id": "x", "colour": 1}
    found = problem(ana.post(address(shop), body, format="json", headers=key()), 422, "invalid-lines")["errors"]
    assert {mistake["pointer"] for mistake in found} == {
        "#/colour",
        "#/handover_id",
        "#/lines/0/offer_id",
        "#/lines/0/firm",
        "#/lines/1",
    }


@pytest.mark.parametrize("method", ["get", "post", "patch", "put", "delete"])
def test_a_foreign_household_is_not_found_and_stays_as_it_is(shop: Shop, method: str) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 2))
    stranger = client_of(make_household("Bo").members.get())
    before = everything()
    with clock.frozen(shop.at):
        where = f"{address(shop)}?household={shop.household.pk}"
        body = None if method == "get" else {"lines": [line(offer, 9)]}
        headers = {**key(), **({"If-Match": "*"} if method == "put" else {})}
        answer = getattr(stranger, method)(where, body, format="json", headers=headers)
    assert problem(answer, 404, "not-found")["facts"]["kind"] == "household"
    assert everything() == before


def test_a_person_of_two_households_names_the_one_that_reserves(shop: Shop, ana: Client) -> None:
    second = Household.objects.create(name="Flat")
    HouseholdMember.objects.create(household=second, user=shop.ana)
    with clock.frozen(shop.at):
        body = {"lines": [line(shop.offer(), 1)]}
        answer = ana.post(f"{address(shop)}?household={second.pk}", body, format="json", headers=key())
    assert answer.status_code == 201
    assert Reservation.objects.get().household == second


@pytest.mark.parametrize("household", ["x", "0", "-1", "9" * 30, "1.5", "²"])
def test_a_household_that_is_no_id_is_a_mistake(shop: Shop, ana: Client, household: str) -> None:
    answer = ana.get(address(shop), {"household": household})
    [found] = problem(answer, 400, "invalid-request")["errors"]
    assert found["parameter"] == "household"


def test_a_foreign_group_is_not_found(shop: Shop, ana: Client) -> None:
    group = Group.objects.create(hub=shop.hub, name="Street", host=make_user("Host"), invitation="i")
    told = problem(send(shop, ana, "post", line(shop.offer(), 1), group_id=group.pk), 404, "not-found")
    assert told["facts"]["kind"] == "group"
    assert everything() == [[], [], [], []]
    GroupMember.objects.create(group=group, household=shop.household)
    assert send(shop, ana, "post", line(Offer.objects.get(), 1), group_id=group.pk).status_code == 201


@pytest.mark.parametrize("method", ["get", "post", "patch", "put", "delete"])
def test_a_draft_round_is_not_found_and_takes_nothing(shop: Shop, ana: Client, method: str) -> None:
    draft = make_round(shop.hub)
    offer = shop.offer(window=make_window(draft, [shop.supply], state=WindowState.DRAFT))
    make_handover(draft)
    body = None if method == "get" else {"lines": [line(offer, 1)]}
    with clock.frozen(shop.at):
        headers = {**key(), **({"If-Match": "*"} if method == "put" else {})}
        answer = getattr(ana, method)(f"/api/v1/rounds/{draft.pk}/reservation/", body, format="json", headers=headers)
    problem(answer, 404, "not-found")
    assert everything() == [[], [], [], []]


@pytest.mark.parametrize("method", ["get", "post", "patch", "put", "delete"])
def test_a_visitor_is_asked_to_sign_in(shop: Shop, method: str) -> None:
    answer = getattr(anybody(), method)(address(shop), format="json", headers=key())
    problem(answer, 401, "not-signed-in")
    assert answer["WWW-Authenticate"] == "X-Session-Token"


def test_reading_and_writing_take_a_steady_number_of_queries(shop: Shop, ana: Client) -> None:
    offers = [shop.offer(f"Product {number}") for number in range(20)]

    def counted(method: str, *lines: Any) -> int:
        with CaptureQueriesContext(connection) as seen:
            if method == "get":
                with clock.frozen(shop.at):
                    ana.get(address(shop))
            else:
                send(shop, ana, method, *lines)
        return len(seen)

    counted("post", line(offers[0], 1))
    one = counted("get"), counted("patch", line(offers[0], 2))
    counted("post", *(line(offer, 1) for offer in offers))
    assert (counted("get"), counted("patch", *(line(offer, 2) for offer in offers))) == one


def test_a_limit_costs_one_query_more_and_only_then(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    send(shop, ana, "post", line(offer, 1))
    with CaptureQueriesContext(connection) as plain:
        send(shop, ana, "patch", line(offer, 2))
    with CaptureQueriesContext(connection) as limited:
        send(shop, ana, "patch", line(offer, 3, max_unit_price="2.00"))
    assert len(limited) == len(plain) + 1


def test_too_many_changes_are_told_when_to_come_back(shop: Shop, ana: Client, settings: Any) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "reserve": "2/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    offer = shop.offer()
    for units in (1, 2):
        assert send(shop, ana, "post", line(offer, units)).status_code in (200, 201)
    answer = send(shop, ana, "post", line(offer, 3))
    problem(answer, 429, "too-many-requests")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert shop.lines() == {offer.pk: 2}
    with clock.frozen(shop.at + timedelta(seconds=1)):
        assert ana.get(address(shop)).status_code == 200
