"""Hubs and own memberships by API."""

from typing import Any

import pytest

from marketplace.models import Hub, HubInvitation, HubMembership, User
from tests.factories import make_household, make_hub
from tests.marketplace.api_ground import anybody, client_of, key, problem

pytestmark = pytest.mark.django_db


def a_hub(**terms: Any) -> Hub:
    hub = make_hub()
    Hub.objects.filter(pk=hub.pk).update(**terms)
    hub.refresh_from_db()
    return hub


@pytest.fixture
def ana() -> User:
    return make_household("Ana").members.get()


def at(hub: Hub, *rest: str) -> str:
    return "/".join(["/api/v1/hubs", hub.slug, *rest, ""])


def join(user: User, hub: Hub, **body: Any) -> Any:
    return client_of(user).post(at(hub, "membership"), body, format="json")


def states(hub: Hub) -> list[str]:
    return list(HubMembership.objects.filter(hub=hub).order_by("pk").values_list("state", flat=True))


def test_anybody_reads_what_a_hub_is_and_how_one_joins() -> None:
    hub = a_hub(join_policy="approval", trial_orders=2, membership_fee_minor=1500)
    told = anybody().get(at(hub)).json()
    assert (told["slug"], told["join_policy"], told["trial_orders"]) == (hub.slug, "approval", 2)
    assert (told["membership_fee"], told["currency"]) == ("15.00", "EUR")
    assert "email" not in told
    problem(anybody().get("/api/v1/hubs/nowhere/"), 404, "not-found")


def test_an_open_hub_is_joined_at_once_and_twice_is_once(ana: User) -> None:
    hub = a_hub(membership_fee_minor=1500, first_credit_limit_minor=5000)
    told = join(ana, hub).json()
    assert (told["state"], told["fee"], told["credit_limit"]) == ("member", "15.00", "50.00")
    assert join(ana, hub).json() == told
    assert states(hub) == ["member"]


def test_where_the_hub_approves_one_asks_and_may_take_it_back(ana: User) -> None:
    hub = a_hub(join_policy="approval")
    client = client_of(ana)
    problem(client.get(at(hub, "membership")), 404, "not-found")
    assert join(ana, hub, message="We live next door.").json()["state"] == "asked"
    assert client.get(at(hub, "membership")).json()["message"] == "We live next door."
    assert client.delete(at(hub, "membership")).json()["state"] == "left"
    problem(client.delete(at(hub, "membership")), 409, "illegal-move")
    assert states(hub) == ["left"]


def test_a_trial_becomes_a_membership(ana: User) -> None:
    hub = a_hub(trial_orders=3)
    assert join(ana, hub).json()["trial_orders_left"] == 3
    client = client_of(ana)
    assert client.post(at(hub, "membership", "full")).json()["state"] == "member"
    problem(client.post(at(hub, "membership", "full")), 403, "not-allowed")
    assert states(hub) == ["member"]


def test_an_invited_household_comes_in_where_others_may_not(ana: User) -> None:
    hub = a_hub()
    join(ana, hub)
    Hub.objects.filter(pk=hub.pk).update(join_policy="invitation")
    bo = make_household("Bo").members.get()
    problem(join(bo, hub), 403, "not-allowed")
    problem(join(bo, hub, invitation="nothing"), 404, "not-found")
    assert states(hub) == ["member"]
    made = client_of(ana).post(at(hub, "invitations"), headers=key()).json()
    assert anybody().get(f"/api/v1/hub-invitations/{made['token']}/").json()["by"] == "Ana"
    assert join(bo, hub, invitation=made["token"]).json()["state"] == "member"
    problem(anybody().get(f"/api/v1/hub-invitations/{made['token']}/"), 410, "invitation-spent")


def test_an_invitation_repeated_with_its_key_is_one(ana: User) -> None:
    hub, other = a_hub(), a_hub()
    join(ana, hub)
    join(ana, other)
    client = client_of(ana)
    first = client.post(at(hub, "invitations"), headers=key("k")).json()
    assert client.post(at(hub, "invitations"), headers=key("k")).json()["token"] == first["token"]
    problem(client.post(at(other, "invitations"), headers=key("k")), 409, "request-key-reused")
    problem(client.post(at(hub, "invitations")), 400, "request-key-missing")
    assert HubInvitation.objects.count() == 1
    [listed] = client.get(at(hub, "invitations")).json()["results"]
    assert (listed["id"], "token" in listed) == (first["id"], False)


def test_who_is_no_member_invites_nobody(ana: User) -> None:
    hub = a_hub()
    problem(client_of(ana).post(at(hub, "invitations"), headers=key()), 403, "not-allowed")
    assert HubInvitation.objects.count() == 0


def test_own_memberships_are_listed_for_the_named_household(ana: User, django_assert_max_num_queries: Any) -> None:
    second = make_household("Garden", ana)
    client = client_of(ana)
    first, other = a_hub(), a_hub()
    join(ana, first)
    assert client.post(f"{at(other, 'membership')}?household={second.pk}", {}, format="json").status_code == 200
    listed = client.get("/api/v1/memberships/").json()["results"]
    assert [held["hub"]["slug"] for held in listed] == [first.slug]
    listed = client.get(f"/api/v1/memberships/?household={second.pk}").json()["results"]
    assert [held["hub"]["slug"] for held in listed] == [other.slug]
    for _ in range(19):
        join(ana, a_hub())
    with django_assert_max_num_queries(6):
        assert len(client.get("/api/v1/memberships/").json()["results"]) == 20


def test_a_foreign_household_joins_nothing(ana: User) -> None:
    hub, foreign = a_hub(), make_household("Rita")
    client = client_of(ana)
    problem(client.post(f"{at(hub, 'membership')}?household={foreign.pk}", {}, format="json"), 404, "not-found")
    problem(client.get(f"/api/v1/memberships/?household={foreign.pk}"), 404, "not-found")
    problem(client.get("/api/v1/memberships/?household=x"), 400, "invalid-request")
    assert states(hub) == []


def test_a_visitor_joins_nothing() -> None:
    hub = a_hub()
    problem(anybody().post(at(hub, "membership"), {}, format="json"), 401, "not-signed-in")
    assert states(hub) == []
