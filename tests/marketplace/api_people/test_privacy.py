"""My data by API: taken along, agreed to, erased."""

import io
import json
import time
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore

from marketplace import clock
from marketplace.models import ConsentEntry, Reservation, User
from tests.factories import NOON, make_household
from tests.marketplace.api_ground import Client, anybody, client_of, problem, token_of
from tests.marketplace.reserving_ground import Shop, want

pytestmark = pytest.mark.django_db
DATA, CONSENTS, ERASE = "/api/v1/me/data/", "/api/v1/me/consents/", "/api/v1/me/erase/"


@pytest.fixture
def ana() -> User:
    return make_household("Ana").members.get()


def signed_in(user: User, seconds_ago: float) -> Client:
    """A client whose token proved who it is so long ago."""
    token = token_of(user)
    session = SessionStore(session_key=token)
    session["account_authentication_methods"] = [{"method": "code", "at": time.time() - seconds_ago}]
    session.save()
    client = anybody()
    client.credentials(HTTP_X_SESSION_TOKEN=token)
    return client


def switch(user: User, kind: str, given: Any) -> Any:
    return client_of(user).put(f"{CONSENTS}{kind}/", {"given": given}, format="json")


def test_everything_known_is_taken_along_as_json(ana: User) -> None:
    shop = Shop(household=ana.households.get())
    shop.reserve(want(shop.offer(), 3))
    make_household("Secret Rita")
    answer = client_of(ana).get(DATA)
    assert "attachment" in answer["Content-Disposition"]
    told = json.loads(answer.getvalue())
    assert (told["person"][0]["name"], told["reserved_lines"][0]["firm"]) == ("Ana", 3)
    assert "Secret" not in json.dumps(told)


def test_everything_known_is_taken_along_as_tables(ana: User) -> None:
    answer = client_of(ana).get(f"{DATA}zip/", headers={"Accept": "application/zip"})
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert "Ana" in archive.read("person.csv").decode()


def test_a_visitor_has_no_data() -> None:
    for address in (DATA, f"{DATA}zip/", CONSENTS, f"{CONSENTS}log/", ERASE):
        problem(anybody().get(address), 401, "not-signed-in")


def test_nothing_is_on_until_it_is_switched_on_and_each_answer_is_logged(ana: User) -> None:
    client = client_of(ana)
    assert [told["given"] for told in client.get(CONSENTS).json()["results"]] == [False, False]
    told = switch(ana, "suggestions", True).json()
    assert (told["kind"], told["given"]) == ("suggestions", True)
    assert switch(ana, "suggestions", True).status_code == 200
    switch(ana, "suggestions", False)
    log = client.get(f"{CONSENTS}log/").json()["results"]
    assert [(entry["kind"], entry["given"], entry["how"]) for entry in log] == [
        ("suggestions", False, "api"),
        ("suggestions", True, "api"),
    ]
    assert log[0]["wording"] == told["wording"]


def test_a_consent_that_cannot_be_switched_is_not_found(ana: User) -> None:
    problem(switch(ana, "terms", False), 404, "not-found")
    problem(switch(ana, "suggestions", "perhaps"), 400, "invalid-request")
    assert ConsentEntry.objects.count() == 0


def test_the_log_is_ones_own(ana: User) -> None:
    switch(ana, "research", True)
    rita = make_household("Rita").members.get()
    assert client_of(rita).get(f"{CONSENTS}log/").json()["results"] == []


def test_erasing_needs_a_fresh_sign_in_and_the_word(ana: User) -> None:
    old = signed_in(ana, 3600)
    assert old.get(ERASE).json() == {"obstacles": [], "sign_in_is_fresh": False}
    problem(old.post(ERASE, {"word": "ERASE"}, format="json"), 403, "sign-in-too-old")
    problem(signed_in(ana, 5).post(ERASE, {"word": "yes"}, format="json"), 400, "invalid-request")
    problem(signed_in(ana, 5).post(ERASE, {}, format="json"), 400, "invalid-request")
    ana.refresh_from_db()
    assert (ana.name, ana.erased_at) == ("Ana", None)


def test_who_is_erased_is_no_longer_there(ana: User) -> None:
    client = signed_in(ana, 5)
    assert client.get(ERASE).json()["sign_in_is_fresh"] is True
    assert client.post(ERASE, {"word": "ERASE"}, format="json").status_code == 204
    ana.refresh_from_db()
    assert (ana.name, ana.is_active) == ("Erased", False)
    problem(client.get("/api/v1/me/"), 401, "sign-in-failed")


def test_who_holds_a_reservation_is_told_what_to_end_first(ana: User) -> None:
    shop = Shop(household=ana.households.get())
    shop.reserve(want(shop.offer(), 3))
    with clock.frozen(NOON + timedelta(minutes=1)):
        client = signed_in(ana, 5)
        [obstacle] = client.get(ERASE).json()["obstacles"]
        told = problem(client.post(ERASE, {"word": "ERASE"}, format="json"), 409, "still-open")
    assert told["facts"]["reasons"] == [obstacle]
    ana.refresh_from_db()
    assert (ana.name, Reservation.objects.count()) == ("Ana", 1)
