"""Apps: signing in through the API, tokens, and tickets of sockets."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from marketplace.accounts.tickets import make_ticket, take_ticket
from marketplace.models import ConsentEntry, Household, User
from tests.factories import make_household, make_user
from tests.marketplace.accounts.ground import newest_code
from tests.marketplace.api_ground import anybody, client_of, problem

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
AUTH = "/api/v1/auth/"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def rita() -> User:
    user = make_user("Rita", password=PASSWORD)
    make_household("Rita's", user)
    return user


def send(path: str, body: dict[str, Any], token: str = "", address: str = "127.0.0.1") -> Any:
    headers = {"X-Session-Token": token} if token else {}
    return Client(REMOTE_ADDR=address).post(f"{AUTH}{path}", body, content_type="application/json", headers=headers)


def sign_in(email: str, password: str = PASSWORD, **more: str) -> Any:
    return send("login", {"email": email, "password": password}, **more)


def with_token(token: str) -> Any:
    client = anybody()
    client.credentials(HTTP_X_SESSION_TOKEN=token)
    return client


def test_a_token_is_got_by_e_mail_in_any_capitals_and_given_back(rita: User) -> None:
    here, there = (sign_in(email).json()["meta"]["session_token"] for email in (rita.email.upper(), rita.email))
    assert with_token(here).get("/api/v1/me/").json()["email"] == rita.email
    ended = Client().delete(f"{AUTH}session", headers={"X-Session-Token": here})
    assert ended.status_code == 401  # signed out, as allauth tells it
    problem(with_token(here).get("/api/v1/me/"), 401, "sign-in-failed")
    assert with_token(there).get("/api/v1/me/").status_code == 200


def test_a_code_by_mail_gives_a_token_too(rita: User) -> None:
    asked = send("code/request", {"email": rita.email})
    assert asked.status_code == 401  # one step is left
    token = asked.json()["meta"]["session_token"]
    done = send("code/confirm", {"code": newest_code()}, token)
    assert done.status_code == 200
    assert done.json()["data"]["user"]["email"] == rita.email
    token = done.json()["meta"].get("session_token", token)
    assert with_token(token).get("/api/v1/me/").status_code == 200


def test_an_app_signs_somebody_up_with_household_and_consent() -> None:
    asked = send("signup", {"email": "New@example.org", "name": "New"})
    token = asked.json()["meta"]["session_token"]
    done = Client().post(
        f"{AUTH}email/verify", {"key": newest_code()}, content_type="application/json",
        headers={"X-Session-Token": token},
    )  # fmt: skip
    assert done.status_code == 200
    user = User.objects.get()
    assert user.email == "new@example.org"
    assert list(Household.objects.get().members.all()) == [user]
    assert ConsentEntry.objects.get().how == "app"


def test_a_token_opens_nothing_before_the_second_step(rita: User) -> None:
    Authenticator.objects.create(user=rita, type="totp", data={"secret": "x"})
    answer = sign_in(rita.email)
    assert answer.status_code == 401
    assert {"id": "mfa_authenticate", "is_pending": True, "types": ["totp"]} in answer.json()["data"]["flows"]
    problem(with_token(answer.json()["meta"]["session_token"]).get("/api/v1/me/"), 401, "sign-in-failed")


def test_a_closed_account_gets_no_token(rita: User) -> None:
    User.objects.update(is_active=False)
    answer = sign_in(rita.email)
    assert answer.status_code == 401
    token = answer.json()["meta"].get("session_token", "none")
    problem(with_token(token).get("/api/v1/me/"), 401, "sign-in-failed")


@pytest.mark.parametrize("which", ["wrong password", "unknown address"])
def test_whatever_does_not_fit_is_told_alike(rita: User, which: str) -> None:
    email = "nobody@example.org" if which == "unknown address" else rita.email
    answer = sign_in(email, "wrong" if which == "wrong password" else PASSWORD)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "email_password_mismatch"


def test_a_new_password_takes_the_tokens_of_the_old_one(rita: User) -> None:
    token = sign_in(rita.email).json()["meta"]["session_token"]
    assert with_token(token).get("/api/v1/me/").status_code == 200
    rita.set_password("sheep-on-the-green-hill")
    rita.save()
    problem(with_token(token).get("/api/v1/me/"), 401, "sign-in-failed")


@pytest.mark.parametrize("token", ["", "a b", "nonsense", "f" * 40, "f" * 400, "\u00e9\u00ff"])
def test_a_header_that_is_no_token_is_told_so(token: str) -> None:
    answer = with_token(token).get("/api/v1/me/")
    problem(answer, 401, "sign-in-failed")
    assert answer["WWW-Authenticate"] == "X-Session-Token"


def test_a_ticket_opens_once_and_says_how_many_more_there_are(rita: User) -> None:
    answer = client_of(rita).post("/api/v1/socket-ticket/")
    assert answer.status_code == 201
    assert answer["RateLimit-Policy"] == '"ticket";q=60;w=60'
    assert answer["RateLimit"].startswith('"ticket";r=59;t=')
    ticket = answer.json()["ticket"]
    assert [take_ticket(ticket), take_ticket(ticket), take_ticket("another")] == [rita.pk, None, None]


def test_a_ticket_is_kept_as_a_hash_only(rita: User, settings: Settings) -> None:
    ticket = make_ticket(rita)
    assert not [key for key in getattr(cache, "_cache", {}) if ticket in key]


def test_a_visitor_gets_no_ticket() -> None:
    problem(anybody().post("/api/v1/socket-ticket/"), 401, "not-signed-in")


def test_too_many_tickets_are_told_when_to_come_back(rita: User, settings: Settings) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"ticket": "1/min"}}
    client = client_of(rita)
    assert client.post("/api/v1/socket-ticket/").status_code == 201
    answer = client.post("/api/v1/socket-ticket/")
    problem(answer, 429, "too-many-requests")
    assert answer["RateLimit"].startswith('"ticket";r=0;t=')
    assert 1 <= int(answer["Retry-After"]) <= 60
