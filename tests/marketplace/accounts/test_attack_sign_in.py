"""Guessing passwords: how often the page lets one try, and who has to wait."""

from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from rest_framework.settings import api_settings

from marketplace import sign_ins
from marketplace.models import User
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


@pytest.mark.slow
def test_codes_can_be_asked_for_four_times_a_minute_of_one_address(ana: User) -> None:
    asked = [Client(REMOTE_ADDR=f"10.0.3.{n}").post("/login/", {"login": ana.email}).status_code for n in range(5)]
    assert asked == [302, 302, 302, 302, 429]
    assert len(mail.outbox) == 4


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
