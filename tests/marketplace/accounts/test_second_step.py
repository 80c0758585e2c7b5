"""The second step: authenticator app, recovery codes, who has to have one, and showing again that it is oneself."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from marketplace.models import User
from marketplace.queries.sign_in import has_second_step
from marketplace.rules.roles import Role
from tests.factories import make_hub, make_hub_staff, make_merchant, make_merchant_member, make_user
from tests.marketplace.accounts.ground import is_signed_in, newest_code

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def ana() -> User:
    return make_user("Ana", password=PASSWORD)


def code_of(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def with_app(client: Client, user: User) -> str:
    """Sign in, show again that it is oneself, and switch the app on; its secret."""
    client.post("/login/", {"login": user.email, "password": PASSWORD})
    answer = client.get("/me/security/app/")
    if answer.status_code == 302:
        client.post(answer["Location"], {"password": PASSWORD})
    page = client.get("/me/security/app/").content.decode()
    found = re.search(r'class="secret" dir="ltr">([A-Z2-7]+)<', page)
    assert found
    assert client.post("/me/security/app/", {"code": code_of(found[1])})["Location"] == "/me/security/recovery-codes/"
    return found[1]


def test_something_important_asks_again_for_the_password_first(client: Client, ana: User) -> None:
    client.post("/login/", {"login": ana.email, "password": PASSWORD})
    answer = client.get("/me/security/app/")
    assert answer["Location"] == "/me/security/again/?next=%2Fme%2Fsecurity%2Fapp%2F"
    assert "That is not your password." in client.post(answer["Location"], {"password": "wrong"}).content.decode()
    assert client.post(answer["Location"], {"password": PASSWORD})["Location"] == "/me/security/app/"


def test_the_app_becomes_the_second_step_after_code_and_password_alike(client: Client, ana: User) -> None:
    secret = with_app(client, ana)
    assert secret not in str(Authenticator.objects.get(type="totp").data)
    for by_code in (False, True):
        other = Client()
        if by_code:
            other.post("/login/", {"login": ana.email})
            answer = other.post("/login/code/", {"code": newest_code(), "next": "/rounds/7/"})
        else:
            answer = other.post("/login/", {"login": ana.email, "password": PASSWORD, "next": "/rounds/7/"})
        assert answer["Location"] == "/login/second-step/"
        assert not is_signed_in(other)
        assert "That is not the code." in other.post("/login/second-step/", {"code": "000000"}).content.decode()
        cache.clear()
        assert other.post("/login/second-step/", {"code": code_of(secret)})["Location"] == "/rounds/7/"
        assert is_signed_in(other)
        Authenticator.objects.filter(type="totp").update(last_used_at=None)
        cache.clear()


def test_a_recovery_code_opens_the_second_step_once(client: Client, ana: User) -> None:
    with_app(client, ana)
    codes = re.findall(r"<code>(\d{8})</code>", client.get("/me/security/recovery-codes/").content.decode())
    assert len(codes) == 10
    for opens in (True, False):
        other = Client()
        other.post("/login/", {"login": ana.email, "password": PASSWORD})
        other.post("/login/second-step/", {"code": codes[0]})
        assert is_signed_in(other) is opens


def test_ten_wrong_second_steps_have_to_wait(client: Client, ana: User) -> None:
    secret = with_app(client, ana)
    other = Client()
    other.post("/login/", {"login": ana.email, "password": PASSWORD})
    told = [other.post("/login/second-step/", {"code": "000000"}).status_code for _ in range(11)]
    assert told == [200] * 10 + [429]
    assert other.post("/login/second-step/", {"code": code_of(secret)}).status_code == 429


@pytest.fixture
def people() -> dict[str, User]:
    hub = make_hub()
    return {
        "/desk/": make_merchant_member(make_merchant()),
        "/hub/": make_hub_staff(hub, Role.TREASURER),
        "/admin/": make_user("Petra", is_staff=True, is_superuser=True),
    }


@pytest.mark.parametrize("desk", ["/desk/", "/hub/", "/admin/"])
def test_a_desk_opens_only_with_a_second_step_where_it_is_required(
    client: Client, people: dict[str, User], settings: Settings, desk: str
) -> None:
    client.force_login(people[desk])
    assert client.get(desk).status_code == 200
    settings.MFA_REQUIRED = True
    for address in (desk, f"{desk}jsi18n/"):
        assert client.get(address)["Location"] == f"/me/security/second-step/?next={address}"
    page = client.get(f"/me/security/second-step/?next={desk}").content.decode()
    assert "Set up a passkey" in page
    Authenticator.objects.create(user=people[desk], type="totp", data={"secret": "x"})
    assert has_second_step(people[desk])
    assert client.get(desk).status_code == 200
    assert client.get("/me/security/second-step/")["Location"] == desk


def test_a_stranger_still_finds_no_desk(client: Client, ana: User, settings: Settings) -> None:
    settings.MFA_REQUIRED = True
    client.force_login(ana)
    assert client.get("/desk/", follow=True).status_code == 404


def test_the_second_step_leads_to_no_other_site(client: Client, ana: User, settings: Settings) -> None:
    client.force_login(ana)
    assert client.get("/me/security/second-step/?next=https://evil.example/")["Location"] == "/me/security/"
