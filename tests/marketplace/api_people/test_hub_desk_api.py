"""A hub's own side by API: who asked to join, admitting, refusing, fees, terms; and following a hub."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.models import Hub, HubMembership, HubNews, HubRole, Notice, User
from marketplace.rules.roles import Role
from tests.factories import make_household, make_hub, make_round, make_window
from tests.marketplace.api_ground import Client, anybody, client_of, problem, read_state

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub() -> Hub:
    hub = make_hub()
    hub.join_policy, hub.trial_orders, hub.membership_fee_minor = "approval", 2, 1500
    hub.first_credit_limit_minor = 5000
    hub.save()
    return hub


@pytest.fixture
def coordinator(hub: Hub) -> User:
    found: User = make_household("Cora").members.get()
    HubRole.objects.create(hub=hub, user=found, role=Role.COORDINATOR.value)
    return found


def at(hub: Hub, *rest: object) -> str:
    return "/".join(["/api/v1/hubs", hub.slug, *map(str, rest), ""])


def asks(hub: Hub, name: str) -> HubMembership:
    person = make_household(name).members.get()
    client_of(person).post(at(hub, "membership"), {"message": f"{name} would like to."}, format="json")
    return HubMembership.objects.get(hub=hub, household__members=person)


def send(client: Client, method: str, path: str, body: Any = None, **named: Any) -> Any:
    return getattr(client, method)(path, body, format="json", **named)


def test_who_waits_is_listed_and_taken_in(hub: Hub, coordinator: User) -> None:
    client, held = client_of(coordinator), asks(hub, "Ana")
    [waiting] = client.get(at(hub, "members"), {"state": "asked"}).json()["results"]
    assert (waiting["id"], waiting["household"]["name"], waiting["people"]) == (held.pk, "Ana", ["Ana"])
    assert (waiting["message"], waiting["decisions"]) == ("Ana would like to.", ["trial", "member", "refused"])
    one = at(hub, "members", held.pk)
    told = send(client, "post", f"{one}admit/", {"to": "trial"}).json()
    assert (told["state"], told["trial_orders_left"], told["decisions"]) == ("trial", 2, ["member", "refused"])
    told = send(client, "post", f"{one}admit/", {"to": "member"}).json()
    assert (told["state"], told["fee"], told["fee_received_at"], told["credit_limit"]) == (
        "member",
        "15.00",
        None,
        "50.00",
    )
    assert send(client, "post", f"{one}fee-received/").json()["fee_received_at"]
    problem(send(client, "post", f"{one}fee-received/"), 409, "illegal-move")
    problem(send(client, "post", f"{one}admit/", {"to": "member"}), 409, "illegal-move")
    assert client.get(one).json()["state"] == "member"
    assert client.get(at(hub, "members"), {"state": "asked"}).json()["results"] == []


def test_a_refusal_needs_a_reason_which_the_household_reads(hub: Hub, coordinator: User) -> None:
    client, held = client_of(coordinator), asks(hub, "Ana")
    one = at(hub, "members", held.pk)
    [mistake] = problem(send(client, "post", f"{one}refuse/", {}), 400, "invalid-request")["errors"]
    assert mistake["pointer"] == "#/reason"
    problem(send(client, "post", f"{one}refuse/", {"reason": "   "}), 400, "invalid-request")
    assert HubMembership.objects.get().state == "asked"
    told = send(client, "post", f"{one}refuse/", {"reason": "We are full until March."}).json()
    assert (told["state"], told["reason"]) == ("refused", "We are full until March.")
    asker = held.household.members.get()
    assert client_of(asker).get(at(hub, "membership")).json()["reason"] == "We are full until March."
    assert Notice.objects.filter(user=asker, facts__what="refused").exists()


def test_no_trial_where_the_hub_gives_none(hub: Hub, coordinator: User) -> None:
    held = asks(hub, "Ana")
    Hub.objects.update(trial_orders=0)
    client, one = client_of(coordinator), at(hub, "members", held.pk)
    assert client.get(one).json()["decisions"] == ["member", "refused"]
    told = problem(send(client, "post", f"{one}admit/", {"to": "trial"}), 422, "invalid-input")
    assert told["errors"][0]["pointer"] == "#/to"
    assert HubMembership.objects.get().state == "asked"


def test_terms_are_changed_by_one_at_a_time(hub: Hub, coordinator: User) -> None:
    client, path = client_of(coordinator), at(hub, "terms")
    read = client.get(path)
    terms = read.json()
    assert terms == {
        "join_policy": "approval",
        "trial_orders": 2,
        "membership_fee": "15.00",
        "first_credit_limit": "50.00",
        "currency": "EUR",
    }
    wanted = {**terms, "membership_fee": "12.50"}
    del wanted["currency"]
    problem(send(client, "put", path, wanted), 428, "match-missing")
    kept = send(client, "put", path, wanted, headers=read_state(read))
    assert kept.json() == {**terms, "membership_fee": "12.50"}
    problem(send(client, "put", path, wanted, headers=read_state(read)), 412, "changed-meanwhile")
    many = send(client, "put", path, {**wanted, "trial_orders": 99}, headers=read_state(kept))
    assert problem(many, 422, "invalid-input")["errors"][0]["pointer"] == "#/trial_orders"
    odd = send(client, "put", path, {**wanted, "membership_fee": "1.234"}, headers=read_state(kept))
    assert problem(odd, 400, "invalid-request")["errors"][0]["pointer"] == "#/membership_fee"
    assert Hub.objects.get().membership_fee_minor == 1250


def test_the_desk_is_for_whoever_admits_there(hub: Hub, coordinator: User) -> None:
    held, other = asks(hub, "Ana"), make_hub()
    stranger, elsewhere = client_of(held.household.members.get()), client_of(coordinator)
    for client, place in ((stranger, hub), (elsewhere, other)):
        one = at(place, "members", held.pk)
        for method, path, body in (
            ("get", at(place, "members"), None),
            ("get", one, None),
            ("post", f"{one}admit/", {"to": "member"}),
            ("post", f"{one}refuse/", {"reason": "No"}),
            ("post", f"{one}fee-received/", None),
            ("get", at(place, "terms"), None),
        ):
            problem(send(client, method, path, body), 403, "not-allowed")
    HubRole.objects.create(hub=other, user=coordinator, role=Role.COORDINATOR.value)
    problem(send(elsewhere, "post", f"{at(other, 'members', held.pk)}admit/", {"to": "member"}), 404, "not-found")
    assert HubMembership.objects.get().state == "asked"


@pytest.mark.slow
def test_the_list_of_members_costs_the_same_for_one_and_for_twenty(hub: Hub, coordinator: User) -> None:
    def counted() -> tuple[int, int]:
        client = client_of(coordinator)
        with CaptureQueriesContext(connection) as seen:
            rows = len(client.get(at(hub, "members")).json()["results"])
        return rows, len(seen)

    asks(hub, "Ana")
    one = counted()
    for number in range(19):
        asks(hub, f"Household {number}")
    assert counted() == (20, one[1])
    assert one[0] == 1


def test_hubs_are_listed_followed_and_no_longer() -> None:
    announced, quiet = make_hub(), make_hub()
    make_window(make_round(announced))
    ana = client_of(make_household("Ana").members.get())
    assert [hub["slug"] for hub in anybody().get("/api/v1/hubs/").json()["results"]] == [announced.slug]
    assert ana.get("/api/v1/hubs/", {"followed": "true"}).json()["results"] == []
    assert send(ana, "put", at(announced, "follow")).json() == {"hub_id": announced.pk, "follows": True}
    assert send(ana, "put", at(announced, "follow")).json()["follows"]
    assert ana.get(at(announced, "follow")).json()["follows"]
    assert [hub["id"] for hub in ana.get("/api/v1/hubs/", {"followed": "true"}).json()["results"]] == [announced.pk]
    assert anybody().get("/api/v1/hubs/", {"followed": "true"}).json()["results"] == []
    problem(send(ana, "put", at(quiet, "follow")), 404, "not-found")
    assert not send(ana, "delete", at(announced, "follow")).json()["follows"]
    problem(anybody().get(at(announced, "follow")), 401, "not-signed-in")
    assert not HubNews.objects.exists()
