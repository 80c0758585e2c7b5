"""Signing in and out, who one is, and every refusal as problem details."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from knox.models import AuthToken

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
from tests.marketplace.api_ground import anybody, client_of, problem

pytestmark = pytest.mark.django_db
LOGIN = "/api/v1/auth/login/"
PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def no_throttle_left_over() -> None:
    cache.clear()


@pytest.fixture
def rita() -> User:
    user = make_user("Rita", password=PASSWORD)
    make_household("Rita's", user)
    return user


def sign_in(email: str, password: str = PASSWORD, *, address: str = "127.0.0.1") -> Any:
    return anybody().post(LOGIN, {"email": email, "password": password}, format="json", REMOTE_ADDR=address)


def with_token(token: str) -> Any:
    client = anybody()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def test_a_token_is_got_by_e_mail_in_any_capitals_and_given_back(rita: User) -> None:
    here, there = sign_in(rita.email.upper()).json()["token"], sign_in(rita.email).json()["token"]
    assert with_token(here).get("/api/v1/me/").json()["email"] == rita.email
    assert with_token(here).post("/api/v1/auth/logout/").status_code == 204
    problem(with_token(here).get("/api/v1/me/"), 401, "sign-in-failed")
    assert with_token(there).get("/api/v1/me/").status_code == 200


def test_all_tokens_are_given_back_at_once_and_nobody_elses(rita: User) -> None:
    tokens = [sign_in(rita.email).json()["token"] for _ in range(2)]
    other = client_of(make_user("Bo"))
    assert with_token(tokens[0]).post("/api/v1/auth/logoutall/").status_code == 204
    for token in tokens:
        problem(with_token(token).get("/api/v1/me/"), 401, "sign-in-failed")
    assert other.get("/api/v1/me/").status_code == 200


@pytest.mark.parametrize("which", ["wrong password", "unknown address", "inactive"])
def test_whatever_does_not_fit_is_told_alike(rita: User, which: str) -> None:
    if which == "inactive":
        User.objects.update(is_active=False)
    email = "nobody@example.org" if which == "unknown address" else rita.email
    told = problem(sign_in(email, "wrong" if which == "wrong password" else PASSWORD), 401, "wrong-credentials")
    assert "do not belong together" in told["detail"]
    assert not AuthToken.objects.exists()


def test_guessing_one_account_is_slowed_down_from_every_address(rita: User) -> None:
    for number in range(10):
        sign_in(rita.email, "wrong", address=f"10.0.0.{number}")
    answer = sign_in(rita.email, PASSWORD, address="10.0.0.99")
    problem(answer, 429, "too-many-requests")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert sign_in("somebody-else@example.org", address="10.0.1.1").status_code == 401


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/email"),
        ({"email": "x", "password": "y"}, "#/email"),
        ({"email": ["a"], "password": "y"}, "#/email"),
        ({"email": "a@example.org", "password": ""}, "#/password"),
        ({"email": "a@example.org", "password": "\x00"}, "#/password"),
        ([1], "#"),
    ],
)
def test_a_login_that_cannot_be_read_names_its_fields(body: Any, pointer: str) -> None:
    told = problem(anybody().post(LOGIN, body, format="json"), 400, "invalid-request")
    assert pointer in {mistake["pointer"] for mistake in told["errors"]}


@pytest.mark.parametrize("header", ["Token", "Token a b", "Token nonsense", "Token " + "f" * 64, "Token \u00e9\u00ff"])
def test_a_header_that_is_no_token_is_told_so(rita: User, header: str) -> None:
    client = anybody()
    client.credentials(HTTP_AUTHORIZATION=header)
    answer = client.get("/api/v1/me/")
    problem(answer, 401, "sign-in-failed")
    assert answer["WWW-Authenticate"] == "Token"


def test_an_expired_token_is_refused(rita: User) -> None:
    token = sign_in(rita.email).json()["token"]
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    problem(with_token(token).get("/api/v1/me/"), 401, "sign-in-failed")


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


def test_other_forms_than_json_are_refused() -> None:
    problem(anybody().post(LOGIN, "<a/>", content_type="application/xml"), 415, "unsupported-media-type")
    problem(anybody().get("/api/v1/rounds/", headers={"Accept": "text/csv"}), 406, "not-acceptable")


@pytest.mark.parametrize(
    "body",
    ["{", "[" * 200_000, '{"email": NaN}', '{"a": ' + "9" * 5000 + "}", "\xff"],
    ids=["cut", "deep", "nan", "long", "latin"],
)
def test_a_body_that_is_no_json_is_told_so(body: str) -> None:
    answer = anybody().post(LOGIN, body.encode("latin-1"), content_type="application/json")
    problem(answer, 400, "malformed-body")


def test_a_body_beyond_the_bound_is_not_read() -> None:
    problem(anybody().post(LOGIN, b" " * 1_000_001, content_type="application/json"), 413, "body-too-large")


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
    problem(client.post("/api/v1/auth/logoutall/"), 403, "not-allowed")


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
