"""Guessing passwords: how often the page lets one try, and who has to wait."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client, override_settings
from rest_framework.settings import api_settings

from marketplace import sign_ins
from marketplace.models import User
from marketplace.networks import network_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db
PASSWORD, WRONG = "a-long-enough-password", "a-wrong-guess"
TOO_OFTEN = "tried too often"


@pytest.fixture(autouse=True)
def _nothing_was_tried() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ana() -> User:
    return make_user("Ana", password=PASSWORD)


def attempt(email: str, password: str = WRONG, address: str = "10.0.0.1", claimed: str = "") -> tuple[bool, str]:
    """Whether it signed in, and what the page said. A page that says "too often" says it as a 429."""
    sent = {"login": email, "password": password}
    answer = Client(REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=claimed).post("/login/", sent)
    text = answer.content.decode()
    assert (answer.status_code == 429) == (TOO_OFTEN in text)
    return answer.status_code == 302, text


@pytest.mark.slow
def test_after_ten_wrong_passwords_even_the_right_one_has_to_wait(ana: User) -> None:
    for _ in range(sign_ins.TRIES_FROM_ONE_ADDRESS):
        assert TOO_OFTEN not in attempt(ana.email)[1]
    entered, page = attempt(ana.email, PASSWORD)
    assert not entered
    assert TOO_OFTEN in page


@pytest.mark.slow
def test_capitals_and_spaces_are_no_way_round(ana: User) -> None:
    for _ in range(sign_ins.TRIES_FROM_ONE_ADDRESS):
        attempt(ana.email)
    assert TOO_OFTEN in attempt(f"  {ana.email.upper()} ")[1]


@pytest.mark.slow
def test_a_stranger_who_waits_does_not_keep_the_owner_out(ana: User) -> None:
    for _ in range(sign_ins.TRIES_FOR_ONE_ACCOUNT + 10):
        attempt(ana.email, address="10.6.6.6")
    assert attempt(ana.email, PASSWORD, address="10.0.0.2")[0]


@pytest.mark.slow
def test_guesses_from_many_addresses_are_counted_together(ana: User) -> None:
    for number in range(sign_ins.TRIES_FOR_ONE_ACCOUNT):
        attempt(ana.email, address=f"10.0.1.{number}")
    assert TOO_OFTEN in attempt(ana.email, address="10.0.2.1")[1]


@pytest.mark.slow
def test_one_address_guesses_at_so_many_accounts_only_and_an_own_one_does_not_help(ana: User) -> None:
    for number in range(sign_ins.TRIES_OF_ONE_ADDRESS):
        attempt(f"somebody-{number}@example.org")
        if number % 20 == 0:
            assert attempt(ana.email, PASSWORD)[0]
    assert TOO_OFTEN in attempt("nobody@example.org")[1]


@pytest.mark.slow
def test_a_claimed_address_counts_for_nothing(ana: User) -> None:
    assert api_settings.NUM_PROXIES == 0
    for number in range(sign_ins.TRIES_FROM_ONE_ADDRESS):
        attempt(ana.email, claimed=f"192.0.2.{number}")
    assert TOO_OFTEN in attempt(ana.email, claimed="192.0.2.99")[1]


@pytest.mark.slow
def test_pages_and_api_count_together_and_the_api_says_429_too(ana: User) -> None:
    for _ in range(sign_ins.TRIES_FROM_ONE_ADDRESS):
        attempt(ana.email)
    sent = {"email": ana.email, "password": PASSWORD}
    app = Client(REMOTE_ADDR="10.0.0.1")
    answer = app.post("/api/v1/auth/login", sent, content_type="application/json")
    assert (answer.status_code, answer["Retry-After"]) == (429, "300")


@pytest.mark.slow
def test_the_page_says_when_to_come_back_and_names_the_way_on(ana: User) -> None:
    for _ in range(sign_ins.TRIES_FROM_ONE_ADDRESS):
        attempt(ana.email)
    answer = Client(REMOTE_ADDR="10.0.0.1").post("/login/", {"login": ana.email, "password": PASSWORD})
    assert answer["Retry-After"] == "300"
    assert "Try again in 5 minutes." in answer.content.decode()


ASKING = {
    "code": ("/login/", lambda email: {"login": email}),
    "code for an app": ("/api/v1/auth/code/request", lambda email: {"email": email}),
    "forgotten password": ("/login/password/", lambda email: {"email": email}),
    "forgotten password in an app": ("/api/v1/auth/password/request", lambda email: {"email": email}),
    "sign-up": ("/signup/", lambda email: {"email": email, "name": "X"}),
    "sign-up in an app": ("/api/v1/auth/signup", lambda email: {"email": email, "name": "X"}),
}


def ask(way: str, email: str, address: str) -> Any:
    path, body = ASKING[way]
    kind: dict[str, Any] = {"content_type": "application/json"} if path.startswith("/api/") else {}
    return Client(REMOTE_ADDR=address).post(path, body(email), **kind)


@pytest.mark.slow
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("way", [way for way in ASKING if not way.startswith("sign-up")])
def test_nobodys_mailbox_is_flooded_from_one_address(ana: User, way: str, known: bool) -> None:
    email = ana.email if known else "stranger@example.org"
    asked = [ask(way, email, "10.0.3.1") for _ in range(sign_ins.MAILS_FROM_ONE_ADDRESS + 2)]
    assert [answer.status_code for answer in asked[-2:]] == [429, 429]
    assert asked[sign_ins.MAILS_FROM_ONE_ADDRESS]["Retry-After"] == "3600"
    assert len(mail.outbox) == sign_ins.MAILS_FROM_ONE_ADDRESS
    assert {tuple(sent.to) for sent in mail.outbox} == {(email,)}
    assert User.objects.count() == 1
    # The owner, elsewhere, still gets a code.
    assert Client(REMOTE_ADDR="10.0.3.2").post("/login/", {"login": email}).status_code == 302
    assert len(mail.outbox) == sign_ins.MAILS_FROM_ONE_ADDRESS + 1


@pytest.mark.slow
@pytest.mark.parametrize("way", ["sign-up", "sign-up in an app"])
def test_a_sign_up_that_comes_too_often_makes_no_account(way: str) -> None:
    for number in range(sign_ins.MAILS_OF_ONE_ADDRESS):
        assert sign_ins.may_mail(_asking("10.0.3.1"), f"somebody-{number}@example.org")
    refused = ask(way, "new@example.org", "10.0.3.1")
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert not User.objects.filter(email="new@example.org").exists()
    assert mail.outbox == []


@pytest.mark.slow
def test_many_addresses_together_flood_nobody_either(ana: User) -> None:
    for number in range(3):
        for _ in range(sign_ins.MAILS_FROM_ONE_ADDRESS):
            Client(REMOTE_ADDR=f"10.0.3.{number}").post("/login/", {"login": ana.email})
    assert ask("forgotten password", ana.email, "10.0.3.9").status_code == 429
    assert len(mail.outbox) == sign_ins.MAILS_TO_ONE_PERSON


def _asking(address: str) -> HttpRequest:
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = address
    return request


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix:", "unix:"),
    ],
)
def test_one_connection_is_counted_as_one(address: str, counted: str) -> None:
    assert network_of(_asking(address)) == counted


@pytest.mark.slow
def test_another_address_of_the_same_connection_is_no_way_round(ana: User) -> None:
    for number in range(sign_ins.TRIES_FROM_ONE_ADDRESS):
        attempt(ana.email, address=f"2001:db8::{number:x}")
    assert TOO_OFTEN in attempt(ana.email, PASSWORD, address="2001:db8::ffff")[1]


@pytest.mark.slow
def test_the_right_password_begins_anew(ana: User) -> None:
    for _ in range(3):
        for _ in range(sign_ins.TRIES_FROM_ONE_ADDRESS - 1):
            attempt(ana.email)
        assert attempt(ana.email, PASSWORD)[0]


def test_known_and_unknown_accounts_are_refused_in_the_same_words(ana: User) -> None:
    def told(email: str) -> str:
        page = attempt(email)[1]
        return page.split('role="alert"')[1].split("</div></div>")[0]

    assert told(ana.email) == told("nobody@example.org")


def test_signing_in_gives_a_new_session_and_leads_to_no_other_site(ana: User) -> None:
    client = Client()
    client.cookies["sessionid"] = "chosen-by-somebody-else"
    sent = {"login": ana.email, "password": PASSWORD, "next": "https://evil.example/"}
    answer = client.post("/login/", sent)
    assert answer["Location"] == "/"
    assert answer.cookies["sessionid"].value != "chosen-by-somebody-else"
    assert answer.cookies["sessionid"]["httponly"]


def test_signing_out_is_no_link(ana: User) -> None:
    client = Client()
    client.force_login(ana)
    assert client.get("/logout/").status_code == 405
    assert "_auth_user_id" in client.session


def test_the_door_of_a_desk_leads_back_to_the_desk() -> None:
    assert Client().get("/desk/login/")["Location"] == "/login/?next=/desk/"


@override_settings(ALLOWED_HOSTS=["testserver"])
def test_a_foreign_host_name_is_refused() -> None:
    assert Client(HTTP_HOST="evil.example").get("/login/").status_code == 400
