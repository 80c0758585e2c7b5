"""Who signs in by mailed codes alone shows by another one that it is still the same person."""

import time
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from marketplace.models import User
from tests.factories import make_user
from tests.marketplace.accounts.ground import newest_code

pytestmark = pytest.mark.django_db
HERE = "/me/security/again/mail/"
PASSWORD = "a-long-enough-password"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def ana() -> User:
    user = make_user("Ana")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return user


def signed_in(user: User, *, seconds_ago: float = 3600) -> Client:
    """A browser in which the code of a mail was typed so long ago."""
    client = Client()
    client.post("/login/", {"login": user.email})
    client.post("/login/code/", {"code": newest_code()})
    session = client.session
    session["account_authentication_methods"] = [
        {**proof, "at": time.time() - seconds_ago} for proof in session["account_authentication_methods"]
    ]
    session.save()
    mail.outbox.clear()
    return client


def ask(client: Client, then: str) -> Any:
    return client.post(HERE, {"action": "send", "next": then})


@pytest.mark.parametrize("address", ["/me/security/passkeys/add/", "/me/security/app/", "/me/security/password/first/"])
def test_an_old_sign_in_is_asked_for_a_code_before_a_way_in_is_added(ana: User, address: str) -> None:
    client = signed_in(ana)
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{HERE}?next=")
    assert mail.outbox == []


def test_a_fresh_sign_in_by_code_is_not_asked_again(ana: User) -> None:
    assert signed_in(ana, seconds_ago=60).get("/me/security/password/first/").status_code == 200


def test_the_code_of_the_mail_leads_on(ana: User) -> None:
    client = signed_in(ana)
    page = client.get(client.get("/me/security/password/first/")["Location"]).content.decode()
    assert "Mail me a code" in page
    assert ana.email in page
    sent = ask(client, "/me/security/password/first/")
    assert [one.to for one in mail.outbox] == [[ana.email]]
    assert "six letters" in client.get(sent["Location"]).content.decode()
    done = client.post(HERE, {"code": newest_code(), "next": "/me/security/password/first/"})
    assert done["Location"] == "/me/security/password/first/"
    assert client.get("/me/security/password/first/").status_code == 200


def test_a_new_address_waits_until_the_code_is_typed(ana: User) -> None:
    client = signed_in(ana)
    answer = client.post("/me/security/email/", {"action_add": "", "email": "new@example.org"})
    assert answer["Location"].startswith(HERE)
    assert mail.outbox == []
    ana.refresh_from_db()
    assert ana.email != "new@example.org"


def test_three_wrong_codes_end_the_try(ana: User) -> None:
    client = signed_in(ana)
    ask(client, "/me/security/app/")
    code = newest_code()
    told = [client.post(HERE, {"code": "XXXXXX"}).status_code for _ in range(3)]
    assert told == [200, 200, 302]
    client.post(HERE, {"code": code, "next": "/me/security/app/"})
    assert client.get("/me/security/app/").status_code == 302


def test_a_second_code_takes_the_place_of_the_first(ana: User) -> None:
    client = signed_in(ana)
    ask(client, "/me/security/app/")
    first = newest_code()
    client.post(HERE, {"action": "resend"})
    assert newest_code() != first
    assert client.post(HERE, {"code": first}).status_code == 200
    assert client.post(HERE, {"code": newest_code(), "next": "/me/security/app/"}).status_code == 302
    assert client.get("/me/security/app/").status_code == 200


def test_the_code_counts_in_the_browser_that_asked_for_it_alone(ana: User) -> None:
    here, there = signed_in(ana), signed_in(ana)
    ask(here, "/me/security/app/")
    there.post(HERE, {"code": newest_code(), "next": "/me/security/app/"})
    assert there.get("/me/security/app/").status_code == 302


def test_whoever_has_a_password_is_asked_for_that_first(ana: User) -> None:
    client = signed_in(ana)
    ana.set_password(PASSWORD)
    ana.save(update_fields=["password"])
    client.force_login(ana)
    answer = client.get("/me/security/passkeys/add/")
    assert answer["Location"].startswith("/me/security/again/?next=")
    assert "a code by mail" in client.get(answer["Location"]).content.decode()


def test_erasing_asks_for_a_fresh_proof_and_takes_the_code(ana: User) -> None:
    client = signed_in(ana)
    page = client.get("/me/data/erase/").content.decode()
    assert "/me/security/again/?next=/me/data/erase/" in page
    assert client.post("/me/data/erase/", {"word": "ERASE"}).status_code == 422
    assert User.objects.filter(pk=ana.pk, email=ana.email).exists()
    ask(client, "/me/data/erase/")
    client.post(HERE, {"code": newest_code(), "next": "/me/data/erase/"})
    assert "Type ERASE to confirm" in client.get("/me/data/erase/").content.decode()
