"""Signing in by code or password, setting a password anew, changing the address, signing out."""

import logging

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from marketplace.models import Notice, User
from tests.factories import NOON, make_household, make_user
from tests.marketplace.accounts.ground import is_signed_in, newest_code, sign_up

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-password"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def ana() -> User:
    user = make_user("Ana", password=PASSWORD)
    make_household("Ana", user)
    return user


def test_the_code_of_the_mail_signs_in_and_leads_on(client: Client, ana: User) -> None:
    answer = client.post("/login/", {"login": ana.email.upper(), "next": "/rounds/7/"})
    assert answer["Location"] == "/login/code/?next=%2Frounds%2F7%2F"
    page = client.get(answer["Location"]).content.decode()
    assert 'autocomplete="one-time-code"' in page
    answer = client.post("/login/code/", {"code": newest_code(), "next": "/rounds/7/"})
    assert answer["Location"] == "/rounds/7/"
    assert is_signed_in(client)


def test_the_password_signs_in_without_a_mail(client: Client, ana: User) -> None:
    sent = {"login": ana.email, "password": PASSWORD, "way": "password", "next": "/rounds/7/"}
    assert client.post("/login/", sent)["Location"] == "/rounds/7/"
    assert is_signed_in(client)
    assert not mail.outbox


def test_the_button_of_the_password_asks_for_one_instead_of_mailing_a_code(client: Client, ana: User) -> None:
    text = client.post("/login/", {"login": ana.email, "password": "", "way": "password"}).content.decode()
    assert "Type your password, or let us mail you a code." in text
    assert ana.email in text
    assert not mail.outbox


def test_the_page_of_the_code_names_another_way_and_sends_the_mail_again_twice(client: Client, ana: User) -> None:
    client.post("/login/", {"login": ana.email})
    first = newest_code()
    for _ in range(2):
        assert "Send it again" in client.get("/login/code/").content.decode()
        client.post("/login/code/", {"action": "resend"})
    page = client.get("/login/code/").content.decode()
    assert "Send it again" not in page
    assert "Another way in" in page
    assert len(mail.outbox) == 3
    client.post("/login/code/", {"code": first})
    assert not is_signed_in(client)
    client.post("/login/code/", {"code": newest_code()})
    assert is_signed_in(client)


def test_another_way_in_leads_back_to_the_password(client: Client, ana: User) -> None:
    client.post("/login/", {"login": ana.email})
    assert client.get("/login/").status_code == 302  # the code is waited for
    answer = client.post("/logout/", {"next": "/login/?way=password"})
    assert answer["Location"] == "/login/?way=password"
    assert '<details class="way" open>' in client.get("/login/?way=password").content.decode()


def test_an_account_that_nobody_verified_yet_confirms_its_address_before_the_password_opens() -> None:
    first = Client()
    sign_up(first, email="ana@example.org")
    user = User.objects.get()
    user.set_password(PASSWORD)
    user.save()
    cache.clear()  # a second mail within ten seconds is a 429
    other = Client()
    answer = other.post("/login/", {"login": "ana@example.org", "password": PASSWORD})
    assert answer["Location"] == "/login/address/"
    assert not is_signed_in(other)


def test_a_closed_account_is_told_so_and_stays_out(client: Client, ana: User) -> None:
    User.objects.update(is_active=False)
    answer = client.post("/login/", {"login": ana.email, "password": PASSWORD})
    assert answer["Location"] == "/login/closed/"
    assert "This account is closed" in client.get("/login/closed/").content.decode()
    assert not is_signed_in(client)


def test_a_forgotten_password_is_set_anew_by_a_code_and_ends_the_other_sessions(client: Client, ana: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(ana)
    client.post("/login/password/", {"email": ana.email})
    client.post("/login/password/code/", {"code": newest_code()})
    answer = client.post("/login/password/new/", {"password1": "sheep-on-the-green-hill"})
    assert answer.status_code == 302
    assert is_signed_in(client)
    ana.refresh_from_db()
    assert ana.check_password("sheep-on-the-green-hill")
    assert elsewhere.get("/me/security/").status_code == 302


def test_the_address_changes_only_after_its_code_was_typed(client: Client, ana: User) -> None:
    client.force_login(ana)
    old = ana.email
    client.post("/me/security/email/", {"action_add": "1", "email": "new@example.org"})
    ana.refresh_from_db()
    assert ana.email == old
    assert mail.outbox[-1].to == ["new@example.org"]
    client.post("/login/address/", {"code": newest_code()})
    ana.refresh_from_db()
    assert ana.email == "new@example.org"


def test_another_persons_address_cannot_be_taken_and_is_not_told(client: Client, ana: User) -> None:
    bo = make_user("Bo")
    client.force_login(ana)
    free = client.post("/me/security/email/", {"action_add": "1", "email": "free@example.org"})
    taken = client.post("/me/security/email/", {"action_add": "1", "email": bo.email})
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    ana.refresh_from_db()
    assert ana.email != bo.email


def test_signing_out_clears_what_the_browser_kept(client: Client, ana: User) -> None:
    client.force_login(ana)
    answer = client.post("/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(client)
    assert "Clear-Site-Data" not in client.post("/logout/")


def test_no_address_is_written_into_the_logs(client: Client, ana: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post("/login/", {"login": ana.email})
        client.post("/login/", {"login": "nobody@example.org"})
        sign_up(Client(), email="fresh@example.org")
        Client().post("/login/", {"login": ana.email, "password": "wrong"})
    told = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [text for text in told if "@example.org" in text]


def test_a_mail_server_that_is_away_keeps_nobody_from_the_other_ways(
    client: Client, ana: User, settings: object, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "tests.marketplace.accounts.away.NobodyListens"  # type: ignore[attr-defined]
    answer = client.post("/login/", {"login": ana.email})
    assert answer["Location"] == "/login/code/"
    assert "Another way in" in client.get("/login/code/").content.decode()
    assert ana.email not in caplog.text


def test_the_user_of_a_request_knows_of_unread_notices(client: Client, ana: User) -> None:
    client.force_login(ana)
    assert client.get("/me/security/").wsgi_request.user.has_unread is False  # type: ignore[union-attr]
    Notice.objects.create(user=ana, kind="opens", key="window:1", created_at=NOON)
    assert client.get("/me/security/").wsgi_request.user.has_unread is True  # type: ignore[union-attr]
