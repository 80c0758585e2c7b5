"""Groups by API: starting, joining by link, hosting, and totals in units from three households on."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.models import Group, PickupPoint, Reservation, User
from tests.factories import NOON, make_hub
from tests.marketplace.api_ground import anybody, client_of, key, problem
from tests.marketplace.closing_ground import CLOSES_AT
from tests.marketplace.groups.ground import MINUTE, Place, make_group, person

pytestmark = pytest.mark.django_db
GROUPS, LINKS = "/api/v1/groups/", "/api/v1/group-invitations/"


@pytest.fixture
def place() -> Any:
    with clock.frozen(NOON):
        yield Place()


def start(user: User, place: Place, request_key: str = "", **body: Any) -> Any:
    wanted = {"hub": place.market.hub.slug, "name": "Rua da Bica", "pickup_point_id": place.handover.pickup_point_id}
    return client_of(user).post(GROUPS, {**wanted, **body}, format="json", headers=key(request_key))


def test_a_group_is_started_listed_and_joined_by_its_link(place: Place) -> None:
    made = start(place.host, place, welcome="Come in").json()
    assert (made["hosted"], made["households"]) == (True, 1)
    assert [member["name"] for member in made["members"]] == ["Hugo"]
    facts = anybody().get(f"{LINKS}{made['invitation']}/").json()
    assert (facts["name"], facts["host_name"], facts["welcome"]) == ("Rua da Bica", "Hugo", "Come in")
    assert (facts["households"], "members" in facts, "invitation" in facts) == (1, False, False)
    problem(anybody().post(f"{LINKS}{made['invitation']}/join/"), 401, "not-signed-in")
    bea = client_of(person("Bea"))
    assert bea.post(f"{LINKS}{made['invitation']}/join/").json()["households"] == 2
    assert bea.post(f"{LINKS}{made['invitation']}/join/").json()["households"] == 2
    [row] = bea.get(GROUPS).json()["results"]
    assert (row["name"], row["hosted"], row["households"]) == ("Rua da Bica", False, 2)
    assert bea.get(f"{GROUPS}{made['id']}/").json()["members"] is None


def test_the_same_key_starts_one_group(place: Place) -> None:
    first = start(place.host, place, "k").json()
    assert start(place.host, place, "k").json()["id"] == first["id"]
    problem(start(place.host, place, "k", name="Other"), 409, "request-key-reused")
    problem(start(place.host, place), 422, "invalid-input")
    assert Group.objects.count() == 1


def test_a_group_needs_a_place_of_its_own_hub(place: Place) -> None:
    foreign = PickupPoint.objects.create(hub=make_hub(), name="Elsewhere", address="x")
    closed = PickupPoint.objects.create(hub=place.market.hub, name="Closed", address="x", is_active=False)
    problem(start(place.host, place, pickup_point_id=foreign.pk), 404, "not-found")
    problem(start(place.host, place, pickup_point_id=closed.pk), 404, "not-found")
    problem(start(place.host, place, hub="nowhere"), 404, "not-found")
    told = problem(start(place.host, place, pickup_point_id=None), 400, "invalid-request")
    assert told["errors"][0]["pointer"] == "#/pickup_point_id"
    told = problem(start(place.host, place, own_place="Rua 1"), 422, "invalid-input")
    assert told["errors"][0]["pointer"] == "#/own_place"
    assert Group.objects.count() == 0
    own = start(place.host, place, pickup_point_id=None, own_place="Rua da Bica 3").json()
    assert PickupPoint.objects.get(pk=own["pickup_point_id"]).is_active is False


def test_the_host_changes_hands_over_removes_and_renews(place: Place) -> None:
    bea = person("Bea")
    cleo = person("Cleo")
    group = make_group(place, place.host, bea.households.get(), cleo.households.get())
    host, at = client_of(place.host), f"{GROUPS}{group.pk}/"
    told = host.patch(at, {"welcome": "Hello"}, format="json").json()
    assert (told["name"], told["welcome"]) == ("Rua da Bica", "Hello")
    link = host.post(f"{at}link/").json()["invitation"]
    assert link != group.invitation
    problem(anybody().get(f"{LINKS}{group.invitation}/"), 404, "not-found")
    assert host.delete(f"{at}members/{cleo.households.get().pk}/").status_code == 204
    told = host.post(f"{at}hand-over/", {"user_id": bea.pk}, format="json").json()
    assert (told["host_name"], told["hosted"], told["members"]) == ("Bea", False, None)
    assert host.delete(f"{at}membership/").status_code == 204
    problem(host.get(at), 404, "not-found")


def test_members_do_not_do_what_is_the_hosts(place: Place) -> None:
    bea = person("Bea")
    group = make_group(place, place.host, bea.households.get())
    client, at = client_of(bea), f"{GROUPS}{group.pk}/"
    problem(client.patch(at, {"name": "Mine"}, format="json"), 403, "not-allowed")
    problem(client.post(f"{at}link/"), 403, "not-allowed")
    problem(client.post(f"{at}hand-over/", {"user_id": bea.pk}, format="json"), 403, "not-allowed")
    problem(client.delete(f"{at}members/{place.host.households.get().pk}/"), 403, "not-allowed")
    problem(client_of(place.host).delete(f"{at}membership/"), 409, "host-stays")
    now = Group.objects.get(pk=group.pk)
    assert (now.name, now.invitation, now.host, now.members.count()) == (group.name, group.invitation, place.host, 2)


def test_a_foreign_group_is_not_found(place: Place) -> None:
    group = make_group(place, place.host)
    client, at = client_of(person("Rita")), f"{GROUPS}{group.pk}/"
    for answer in (
        client.get(at),
        client.patch(at, {"name": "Mine"}, format="json"),
        client.post(f"{at}link/"),
        client.post(f"{at}hand-over/", {"user_id": 1}, format="json"),
        client.delete(f"{at}membership/"),
        client.delete(f"{at}members/{place.host.households.get().pk}/"),
        client.get(f"{at}rounds/{place.handover.round_id}/"),
        client.get(f"{LINKS}nothing/"),
    ):
        problem(answer, 404, "not-found")
    now = Group.objects.get(pk=group.pk)
    assert (now.name, now.invitation, now.members.count()) == (group.name, group.invitation, 1)


def test_totals_show_from_three_households_on_and_names_to_the_host_alone(place: Place) -> None:
    group = make_group(place, place.host)
    held = [place.orders(name, 2, group) for name in ("Ana", "Bea", "Cleo")]
    for reservation in held:
        group.members.add(reservation.household)
    at = f"{GROUPS}{group.pk}/rounds/{place.handover.round_id}/"
    with clock.frozen(CLOSES_AT - MINUTE):
        told = client_of(place.host).get(at).json()
        [product] = told["totals"]["products"]
        assert (product["product_name"], product["units"]) == ("Tomatoes", 6)
        assert (told["members"], told["ordered"], told["not_ordered"]) == (4, ["Ana", "Bea", "Cleo"], ["Hugo"])
        member = client_of(held[0].household.members.get())
        told = member.get(at).json()
        assert (told["totals"]["households"], told["ordered"], told["not_ordered"]) == (3, None, None)
        Reservation.objects.filter(pk=held[2].pk).update(group=None)
        told = member.get(at).json()
        assert told["totals"] == {"households": 2, "missing": 1, "products": None}


def test_the_list_costs_the_same_for_one_and_for_twenty(place: Place) -> None:
    def queries() -> int:
        client = client_of(place.host)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(GROUPS).status_code == 200
        return len(seen)

    make_group(place, place.host)
    before = queries()
    for number in range(19):
        make_group(place, place.host, name=f"Street {number}")
    assert queries() == before
