"""Shared lines by API: offered, answered, and each one's part after the close."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.models import Group, GroupMember, Household, LineShare, Offer
from tests.factories import NOON, make_household
from tests.marketplace.api_ground import Client, anybody, client_of, key, problem
from tests.marketplace.reserving_ground import Shop, want

pytestmark = pytest.mark.django_db
SHARES, LINKS = "/api/v1/shares/", "/api/v1/share-invitations/"


class Sack:
    """Ana reserved one sack at 24.71; Bo is in her group, Zoe is not."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.offer: Offer = self.shop.offer("Flour, 25 kg", ladder=((1, 2000, 2471),))
        self.ana, self.bo, self.zoe = self.shop.household, make_household("Bo"), make_household("Zoe")
        group = Group.objects.create(hub=self.shop.hub, name="Street", host=self.shop.ana, invitation="x")
        for household in (self.ana, self.bo):
            GroupMember.objects.create(group=group, household=household)
        self.shop.reserve(want(self.offer, 1))

    def body(self, to: Household | None = None, parts: int = 1, total: int = 2) -> dict[str, Any]:
        return {
            "round_id": self.shop.round.pk,
            "offer_id": self.offer.pk,
            "parts": parts,
            "total_parts": total,
            "to_household_id": to.pk if to else None,
        }

    def share(self, to: Household | None = None, request_key: str = "", **named: int) -> Any:
        return client_of(self.shop.ana).post(SHARES, self.body(to, **named), format="json", headers=key(request_key))


@pytest.fixture
def sack() -> Any:
    with clock.frozen(NOON):
        yield Sack()


def of(household: Household) -> Client:
    return client_of(household.members.get())


def states() -> list[str]:
    return list(LineShare.objects.order_by("pk").values_list("state", flat=True))


def test_a_neighbour_is_named_offered_a_part_and_takes_it(sack: Sack) -> None:
    [known] = of(sack.ana).get(f"{SHARES}neighbours/").json()["results"]
    assert known == {"id": sack.bo.pk, "name": "Bo"}
    made = sack.share(sack.bo).json()
    assert (made["ours"], made["offered_to"], made["state"], made["token"]) == (True, "Bo", "offered", None)
    bo = of(sack.bo)
    [waiting] = bo.get(f"{SHARES}?waiting=true").json()["results"]
    assert (waiting["id"], waiting["ours"], waiting["offered_by"]) == (made["id"], False, "Ana")
    assert bo.post(f"{SHARES}{made['id']}/accept/").json()["state"] == "accepted"
    assert bo.get(f"{SHARES}?waiting=true").json()["results"] == []
    assert of(sack.ana).get(f"{SHARES}{made['id']}/").json()["own_part"] is None


def test_after_the_close_each_reads_the_own_part_alone(sack: Sack) -> None:
    made = sack.share(sack.bo).json()
    of(sack.bo).post(f"{SHARES}{made['id']}/accept/")
    with clock.frozen(sack.shop.window.closes_at + timedelta(seconds=1)):
        assert close_window(window_id=sack.shop.window.pk) is not None
        ours, theirs = (of(household).get(f"{SHARES}{made['id']}/").json() for household in (sack.ana, sack.bo))
    assert ours["own_part"] == {"parts": 1, "goods": "12.36", "deposit": "0.00"}
    assert theirs["own_part"] == {"parts": 1, "goods": "12.35", "deposit": "0.00"}
    assert (ours["quantity"], theirs["takes_answers"]) == (1, False)


def test_a_link_is_told_once_looked_at_by_anybody_and_taken_by_the_first(sack: Sack) -> None:
    made = sack.share().json()
    assert made["link"].endswith(f"/me/shares/join/{made['token']}/")
    assert "token" not in of(sack.ana).get(f"{SHARES}{made['id']}/").json()
    told = anybody().get(f"{LINKS}{made['token']}/").json()
    assert (told["offered_by"], told["product_name"], told["parts"]) == ("Ana", "Flour, 25 kg", 1)
    problem(anybody().post(f"{LINKS}{made['token']}/accept/"), 401, "not-signed-in")
    problem(of(sack.ana).post(f"{LINKS}{made['token']}/accept/"), 404, "not-found")
    assert of(sack.zoe).post(f"{LINKS}{made['token']}/accept/").json()["offered_to"] == "Zoe"
    problem(of(sack.bo).post(f"{LINKS}{made['token']}/accept/"), 410, "invitation-spent")
    assert states() == ["accepted"]


def test_the_same_key_offers_once(sack: Sack) -> None:
    first = sack.share(request_key="k", total=4).json()
    assert sack.share(request_key="k", total=4).json()["token"] == first["token"]
    problem(sack.share(request_key="k", total=4, parts=2), 409, "request-key-reused")
    named = sack.share(sack.bo, request_key="n", total=4).json()
    assert sack.share(sack.bo, request_key="n", total=4).json()["id"] == named["id"]
    missing = client_of(sack.shop.ana).post(SHARES, sack.body(), format="json")
    problem(missing, 400, "request-key-missing")
    assert states() == ["offered", "offered"]


def test_declined_and_withdrawn_shares_are_their_households_again(sack: Sack) -> None:
    made = sack.share(sack.bo).json()
    assert of(sack.bo).post(f"{SHARES}{made['id']}/decline/").json()["state"] == "declined"
    problem(of(sack.bo).post(f"{SHARES}{made['id']}/accept/"), 409, "illegal-move")
    again = sack.share(sack.bo).json()
    assert of(sack.ana).post(f"{SHARES}{again['id']}/withdraw/").json()["state"] == "withdrawn"
    assert states() == ["declined", "withdrawn"]


def test_refusals_change_nothing(sack: Sack) -> None:
    problem(sack.share(sack.zoe), 404, "not-found")
    told = problem(sack.share(sack.bo, parts=2), 422, "invalid-input")
    assert told["errors"][0]["pointer"] == "#/parts"
    problem(sack.share(sack.bo, parts=0), 400, "invalid-request")
    sack.share(sack.bo, total=4)
    told = problem(sack.share(sack.bo, total=4, parts=2), 422, "invalid-input")
    assert told["errors"][0]["pointer"] == "#/to_household_id"
    with clock.frozen(sack.shop.window.closes_at):
        problem(sack.share(sack.bo), 409, "window-closed")
    assert states() == ["offered"]


def test_a_foreign_share_is_not_found(sack: Sack) -> None:
    made = sack.share(sack.bo).json()
    zoe = of(sack.zoe)
    for act in ("", "accept/", "decline/", "withdraw/"):
        answer = zoe.post(f"{SHARES}{made['id']}/{act}") if act else zoe.get(f"{SHARES}{made['id']}/")
        problem(answer, 404, "not-found")
    problem(of(sack.bo).post(f"{SHARES}{made['id']}/withdraw/"), 404, "not-found")
    problem(anybody().get(f"{LINKS}nothing/"), 404, "not-found")
    assert zoe.get(SHARES).json()["results"] == []
    assert states() == ["offered"]


def test_the_list_is_paged_and_costs_the_same_for_one_and_for_twenty(sack: Sack) -> None:
    def queries() -> int:
        client = of(sack.ana)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(SHARES).status_code == 200
        return len(seen)

    sack.share(total=100)
    before = queries()
    for _ in range(19):
        sack.share(total=100)
    assert queries() == before
    first = of(sack.ana).get(f"{SHARES}?limit=15").json()
    assert (len(first["results"]), len(of(sack.ana).get(first["next"]).json()["results"])) == (15, 5)
