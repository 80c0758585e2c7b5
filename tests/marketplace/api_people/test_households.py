"""Own households by API: profile under its ETag, people, invitations."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.models import Household, HouseholdInvitation, HouseholdMember, User
from tests.factories import make_household, make_user
from tests.marketplace.api_ground import Client, anybody, client_of, key, problem

pytestmark = pytest.mark.django_db
HOUSEHOLDS, INVITED = "/api/v1/households/", "/api/v1/household-invitations/"


@pytest.fixture
def ana() -> User:
    return make_household("Ana").members.get()


@pytest.fixture
def home(ana: User) -> Household:
    return ana.households.get()


def one(household: Household, *rest: str) -> str:
    return HOUSEHOLDS + "/".join([str(household.pk), *rest, ""])


def change(client: Client, household: Household, body: Any, tag: str | None = "*") -> Any:
    headers = {"If-Match": tag} if tag is not None else {}
    return client.patch(one(household), body, format="json", headers=headers)


def invite(client: Client, household: Household, body: Any = None, request_key: str = "") -> Any:
    return client.post(one(household, "invitations"), body or {}, format="json", headers=key(request_key))


def people(household: Household) -> set[str]:
    return set(household.members.values_list("name", flat=True))


def test_own_households_are_listed_the_one_that_reserves_first(ana: User, home: Household) -> None:
    second = make_household("Garden", ana)
    client = client_of(ana)
    told = client.get(HOUSEHOLDS).json()["results"]
    assert [(found["name"], found["acts"]) for found in told] == [("Ana", True), ("Garden", False)]
    assert client.post(one(second, "choose")).json()["acts"] is True
    assert [found["name"] for found in client.get(HOUSEHOLDS).json()["results"]] == ["Garden", "Ana"]


def test_the_list_costs_the_same_for_one_and_for_twenty(ana: User) -> None:
    def queries() -> int:
        client = client_of(User.objects.get(pk=ana.pk))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(HOUSEHOLDS).status_code == 200
        return len(seen)

    before = queries()
    for number in range(19):
        make_household(f"H{number}", ana)
    assert queries() == before


def test_one_household_tells_its_people_and_its_tag(ana: User, home: Household) -> None:
    answer = client_of(ana).get(one(home))
    assert [(person["name"], person["is_me"]) for person in answer.json()["people"]] == [("Ana", True)]
    assert answer["ETag"].strip('"')


def test_the_profile_changes_in_its_named_parts_only(ana: User, home: Household) -> None:
    client = client_of(ana)
    answer = change(client, home, {"diets": ["vegan"], "avoids": ["milk"]}, client.get(one(home))["ETag"])
    assert (answer.json()["name"], answer.json()["diets"], answer.json()["avoids"]) == ("Ana", ["vegan"], ["milk"])
    home.refresh_from_db()
    assert (home.name, home.diets) == ("Ana", ["vegan"])


def test_a_change_without_a_condition_asks_for_one_and_changes_nothing(ana: User, home: Household) -> None:
    problem(change(client_of(ana), home, {"name": "New"}, None), 428, "match-missing")
    problem(change(client_of(ana), home, {"name": "New"}, "nonsense"), 400, "match-unreadable")
    assert people(home) == {"Ana"}
    home.refresh_from_db()
    assert home.name == "Ana"


def test_of_two_devices_the_second_loses_nothing_of_the_first(ana: User, home: Household) -> None:
    client = client_of(ana)
    tag = client.get(one(home))["ETag"]
    first = change(client, home, {"address": "Rua Nova 1"}, tag)
    assert first.status_code == 200
    problem(change(client, home, {"address": "Rua Velha 2"}, tag), 412, "household-changed")
    home.refresh_from_db()
    assert home.address == "Rua Nova 1"
    assert change(client, home, {"address": "Rua Velha 2"}, f"W/{first['ETag']}").status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": " "}, "#/name"),
        ({"diets": ["paleo"]}, "#/diets/0"),
        ({"avoids": "milk"}, "#/avoids"),
        ({"owner": 3}, "#/owner"),
    ],
)
def test_a_mistake_is_told_with_its_place(ana: User, home: Household, body: Any, pointer: str) -> None:
    told = problem(change(client_of(ana), home, body), 400, "invalid-request")
    assert [mistake["pointer"] for mistake in told["errors"]] == [pointer]
    home.refresh_from_db()
    assert (home.name, home.diets, home.avoids) == ("Ana", [], [])


def test_a_foreign_household_is_not_found_and_stays_as_it_is(home: Household, ana: User) -> None:
    rita = client_of(make_household("Rita").members.get())
    problem(rita.get(one(home)), 404, "not-found")
    problem(change(rita, home, {"name": "Mine"}), 404, "not-found")
    problem(rita.post(one(home, "choose")), 404, "not-found")
    problem(invite(rita, home), 404, "not-found")
    problem(rita.get(one(home, "invitations")), 404, "not-found")
    problem(rita.delete(one(home, "people", str(ana.pk))), 404, "not-found")
    home.refresh_from_db()
    assert (home.name, people(home), home.invitations.count()) == ("Ana", {"Ana"}, 0)


def test_a_visitor_has_no_household(home: Household) -> None:
    problem(anybody().get(HOUSEHOLDS), 401, "not-signed-in")
    problem(anybody().get(one(home)), 401, "not-signed-in")


def test_an_invitation_is_made_looked_at_and_used(ana: User, home: Household) -> None:
    made = invite(client_of(ana), home).json()
    assert made["link"].endswith(f"/me/household/join/{made['token']}/")
    assert anybody().get(f"{INVITED}{made['token']}/").json()["household"] == "Ana"
    bo = make_user("Bo")
    problem(anybody().post(f"{INVITED}{made['token']}/accept/"), 401, "not-signed-in")
    told = client_of(bo).post(f"{INVITED}{made['token']}/accept/").json()
    assert [person["name"] for person in told["people"]] == ["Ana", "Bo"]
    problem(anybody().get(f"{INVITED}{made['token']}/"), 410, "invitation-spent")
    cleo = make_user("Cleo")
    problem(client_of(cleo).post(f"{INVITED}{made['token']}/accept/"), 410, "invitation-spent")
    assert people(home) == {"Ana", "Bo"}


def test_the_same_key_gives_the_same_link_and_one_mail(ana: User, home: Household) -> None:
    client = client_of(ana)
    first = invite(client, home, {"email": "bo@example.org"}, "once").json()
    again = invite(client, home, {"email": "bo@example.org"}, "once").json()
    assert (first["token"], first["mailed"], again["mailed"]) == (again["token"], True, False)
    assert (len(mail.outbox), home.invitations.count()) == (1, 1)
    problem(invite(client, home, {"email": "cleo@example.org"}, "once"), 409, "request-key-reused")
    assert (len(mail.outbox), home.invitations.count()) == (1, 1)
    other = make_household("Rita").members.get()
    assert invite(client_of(other), other.households.get(), {}, "once").json()["token"] != first["token"]


def test_an_invitation_without_a_key_is_not_made(ana: User, home: Household) -> None:
    problem(client_of(ana).post(one(home, "invitations"), {}, format="json"), 400, "request-key-missing")
    problem(invite(client_of(ana), home, {"email": "no address"}), 400, "invalid-request")
    assert HouseholdInvitation.objects.count() == 0


def test_an_invitation_is_listed_without_its_token_and_taken_back(ana: User, home: Household) -> None:
    client = client_of(ana)
    made = invite(client, home).json()
    [listed] = client.get(one(home, "invitations")).json()["results"]
    assert (listed["id"], listed["by"], "token" in listed) == (made["id"], "Ana", False)
    rita = make_household("Rita").members.get()
    problem(client_of(rita).delete(one(rita.households.get(), "invitations", str(made["id"]))), 404, "not-found")
    problem(client_of(rita).delete(one(home, "invitations", str(made["id"]))), 404, "not-found")
    assert anybody().get(f"{INVITED}{made['token']}/").status_code == 200
    assert client.delete(one(home, "invitations", str(made["id"]))).status_code == 204
    problem(anybody().get(f"{INVITED}{made['token']}/"), 410, "invitation-spent")
    problem(client.delete(one(home, "invitations", str(made["id"]))), 404, "not-found")


def test_people_leave_but_the_last_one_stays(ana: User, home: Household) -> None:
    bo = make_user("Bo")
    HouseholdMember.objects.create(household=home, user=bo)
    assert client_of(bo).delete(one(home, "people", str(bo.pk))).status_code == 204
    assert people(home) == {"Ana"}
    problem(client_of(ana).delete(one(home, "people", str(ana.pk))), 409, "last-of-household")
    assert people(home) == {"Ana"}


def test_an_unknown_link_leads_nowhere() -> None:
    problem(anybody().get(f"{INVITED}nothing/"), 404, "not-found")
    problem(client_of(make_user("Bo")).post(f"{INVITED}nothing/accept/"), 404, "not-found")


def test_invitations_are_limited(ana: User, home: Household, settings: Any) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"invite": "1/h"}}
    client = client_of(ana)
    assert invite(client, home)["RateLimit-Policy"] == '"invite";q=1;w=3600'
    told = invite(client, home)
    problem(told, 429, "too-many-requests")
    assert int(told["Retry-After"]) > 0
    assert home.invitations.count() == 1
