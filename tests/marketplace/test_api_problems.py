"""Who one is, and every refusal as problem details."""

from typing import Any

import pytest
from django.core.cache import cache

from marketplace.models import Group, GroupMember, PickupPointHost, User
from marketplace.queries import own_roles
from tests.factories import (
    make_handover,
    make_household,
    make_hub,
    make_hub_staff,
    make_merchant,
    make_merchant_member,
    make_round,
    make_user,
)
from tests.marketplace.api_ground import anybody, client_of, key, problem

pytestmark = pytest.mark.django_db
BODY = "/api/v1/rounds/1/reservation/"


@pytest.fixture(autouse=True)
def no_throttle_left_over() -> None:
    cache.clear()


@pytest.fixture
def rita() -> User:
    user = make_user("Rita")
    make_household("Rita's", user)
    return user


def test_me_lists_households_groups_and_roles(django_assert_num_queries: Any) -> None:
    hub = make_hub()
    user = make_hub_staff(hub)
    household = make_household("Carla's", user)
    handover = make_handover(make_round(hub))
    group = Group.objects.create(hub=hub, name="Street", host=user, invitation="i", pickup_point=handover.pickup_point)
    GroupMember.objects.create(group=group, household=household)
    assert handover.pickup_point is not None
    PickupPointHost.objects.create(pickup_point=handover.pickup_point, user=user)
    told = client_of(user).get("/api/v1/me/").json()
    assert told["households"] == [{"id": household.pk, "name": "Carla's"}]
    assert told["groups"][0]["name"] == "Street"
    assert [(held["role"], held["scope"], held["id"]) for held in told["roles"]] == [
        ("household_member", "household", household.pk),
        ("host", "pickup_point", handover.pickup_point.pk),
        ("coordinator", "hub", hub.pk),
    ]
    with django_assert_num_queries(5):
        own_roles.person(user)
    member = client_of(make_merchant_member(make_merchant("Serra"))).get("/api/v1/me/").json()
    assert [held["role"] for held in member["roles"]] == ["merchant_member"]


def test_a_wrong_method_lists_what_can_be_done() -> None:
    answer = anybody().delete("/api/v1/rounds/")
    problem(answer, 405, "method-not-allowed")
    assert "GET" in answer["Allow"]


def send(user: User, body: str | bytes, content_type: str = "application/json") -> Any:
    return client_of(user).post(BODY, body, content_type=content_type, headers=key())


def test_other_forms_than_json_are_refused(rita: User) -> None:
    problem(send(rita, "<a/>", "application/xml"), 415, "unsupported-media-type")
    problem(anybody().get("/api/v1/rounds/", headers={"Accept": "text/csv"}), 406, "not-acceptable")


@pytest.mark.parametrize(
    "body",
    ["{", "[" * 200_000, '{"email": NaN}', '{"a": ' + "9" * 5000 + "}", "\xff"],
    ids=["cut", "deep", "nan", "long", "latin"],
)
def test_a_body_that_is_no_json_is_told_so(rita: User, body: str) -> None:
    problem(send(rita, body.encode("latin-1")), 400, "malformed-body")


def test_a_body_beyond_the_bound_is_not_read(rita: User) -> None:
    problem(send(rita, b" " * 1_000_001), 413, "body-too-large")


@pytest.mark.parametrize(
    "path",
    ["/api/v1/nowhere/", "/api/v2/rounds/", "/api/", "/api/v1/rounds", "/api/v1/rounds/0/", "/api/v1/offers/x/",
     "/api/v1/rounds/99999999999999999999/", "/api/v1/rounds/123456789/", "/api/v1/windows/123456789/"],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_told_as_a_problem(path: str) -> None:
    assert problem(anybody().get(path), 404, "not-found")["instance"] == path


def test_a_session_needs_its_form_token_to_change_anything(rita: User) -> None:
    client = anybody()
    client.handler.enforce_csrf_checks = True
    client.force_login(rita)
    assert client.get("/api/v1/me/").status_code == 200
    problem(client.post("/api/v1/socket-ticket/"), 403, "not-allowed")


def test_a_fault_of_ours_is_told_without_details(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def broken(*args: object, **named: object) -> None:
        raise RuntimeError("secret detail")

    client = anybody()
    client.raise_request_exception = False
    monkeypatch.setattr("marketplace.api.rounds.announced_rounds", broken)
    answer = client.get("/api/v1/rounds/")
    problem(answer, 500, "fault")
    assert "secret" not in answer.content.decode()


def test_answers_are_not_kept_by_caches_between(rita: User) -> None:
    assert client_of(rita).get("/api/v1/me/")["Cache-Control"] == "no-store"
