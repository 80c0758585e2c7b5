"""/me/security/ and the language: what belongs to the account, and nobody else's."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from marketplace.models import User
from tests.factories import make_user
from tests.marketplace.accounts.ground import is_signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def ana() -> User:
    return make_user("Ana", password=PASSWORD)


def signed_in(user: User, agent: str = FIREFOX) -> Client:
    client = Client(HTTP_USER_AGENT=agent)
    assert client.post("/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    return client


def test_the_page_lists_ways_and_devices(ana: User) -> None:
    here = signed_in(ana)
    signed_in(ana, "WindrowApp/2.1")
    page = here.get("/me/security/").content.decode()
    assert ana.email in page
    assert "Firefox on Android" in page
    assert "WindrowApp" in page
    assert page.count("this one") == 1


def test_one_other_device_or_all_of_them_are_signed_out_from_here(ana: User) -> None:
    here, second, third = (signed_in(ana) for _ in range(3))
    other = UserSession.objects.get(session_key=second.session.session_key)
    here.post(f"/me/security/devices/{other.pk}/end/")
    assert second.get("/me/security/").status_code == 302
    assert third.get("/me/security/").status_code == 200
    here.post("/me/security/devices/end-others/")
    assert third.get("/me/security/").status_code == 302
    assert here.get("/me/security/").status_code == 200


def test_another_persons_device_is_not_found_and_stays(ana: User) -> None:
    here, bo = signed_in(ana), make_user("Bo", password=PASSWORD)
    theirs = signed_in(bo)
    session = UserSession.objects.get(user=bo)
    assert here.post(f"/me/security/devices/{session.pk}/end/").status_code == 404
    here.post("/me/security/devices/end-others/")
    assert theirs.get("/me/security/").status_code == 200


def test_another_persons_passkey_is_not_found_and_stays(ana: User) -> None:
    bo = make_user("Bo")
    key = Authenticator.objects.create(user=bo, type="webauthn", data={"name": "Bo's", "credential": {}})
    client = signed_in(ana)
    again = client.get(f"/me/security/passkeys/{key.pk}/remove/")["Location"]
    client.post(again, {"password": PASSWORD})
    for address in (f"/me/security/passkeys/{key.pk}/", f"/me/security/passkeys/{key.pk}/remove/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Bo's"


def test_a_new_password_signs_every_other_device_and_app_out(ana: User) -> None:
    here, there = signed_in(ana), signed_in(ana)
    changed = {"oldpassword": PASSWORD, "password1": "sheep-on-the-green-hill"}
    assert here.post("/me/security/password/", {**changed, "oldpassword": "wrong"}).status_code == 200
    assert there.get("/me/security/").status_code == 200
    assert here.post("/me/security/password/", changed).status_code == 302
    assert here.get("/me/security/").status_code == 200
    assert there.get("/me/security/").status_code == 302


@pytest.fixture
def two_languages(settings: Settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("pt", "Portuguese")]


@pytest.mark.usefixtures("two_languages")
def test_the_language_of_the_account_counts_before_cookie_and_browser(client: Client, ana: User) -> None:
    def language(of: Client) -> str:
        return str(of.get("/login/", headers={"Accept-Language": "pt"}, follow=True)["Content-Language"])

    assert language(client) == "pt"
    client.post("/language/", {"language": "en", "next": "/rounds/"})
    assert language(client) == "en"
    other = Client()
    other.force_login(ana)
    other.post("/language/", {"language": "pt"})
    ana.refresh_from_db()
    assert ana.language == "pt"
    fresh = Client()
    fresh.force_login(ana)
    fresh.cookies["django_language"] = "en"
    assert fresh.get("/me/security/")["Content-Language"] == "pt"


@pytest.mark.usefixtures("two_languages")
def test_an_unknown_language_and_another_site_are_no_choice(client: Client, ana: User) -> None:
    client.force_login(ana)
    answer = client.post("/language/", {"language": "xx", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    ana.refresh_from_db()
    assert ana.language == ""


def test_too_many_forms_in_a_minute_have_to_wait(client: Client, ana: User, settings: Settings) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"reserve": "3/min"}}
    client.force_login(ana)
    told = [client.post("/language/").status_code for _ in range(4)]
    assert told[-1] == 429
    assert is_signed_in(client)
