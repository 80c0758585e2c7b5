"""The pages of groups: the invitation, what it remembers, the shared view, bad input."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from marketplace import clock
from marketplace.actions.reserve import reserve
from marketplace.models import Group, GroupMember, Reservation, User
from marketplace.rules.wanted import WantedLine
from tests.factories import NOON, make_handover, make_household
from tests.marketplace.groups.ground import Place, browser, make_group, person
from tests.marketplace.pages_ground import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def ana() -> User:
    return person("Ana")


@pytest.fixture
def group(shop: Shop, ana: User) -> Group:
    made = Group.objects.create(
        hub=shop.hub, name="Rua da Bica", host=ana, invitation="open-sesame", welcome="Ring the bell"
    )
    GroupMember.objects.create(group=made, household=ana.households.get())
    return made


def test_an_invitation_shows_who_invites_to_what_before_any_sign_in(group: Group, shop: Shop) -> None:
    page = Client().get("/join/open-sesame/").content.decode()
    for words in ("Ana", "Rua da Bica", "Ring the bell", shop.round.name.replace("'", "&#x27;"), shop.address):
        assert words in page
    assert 'property="og:image" content="http://testserver/join/open-sesame/card.png"' in page
    assert "Ana invites you. Thursday&#x27;s round is open until today 18:00, Lisbon time." in page


def test_the_invitation_names_no_member(group: Group) -> None:
    GroupMember.objects.create(group=group, household=make_household("Zacarias"))
    assert "Zacarias" not in Client().get("/join/open-sesame/").content.decode()


def test_the_link_is_remembered_while_one_browses_and_the_join_follows_the_sign_in(group: Group, shop: Shop) -> None:
    client = Client()
    client.get("/join/open-sesame/")
    assert client.get(shop.address).status_code == 200
    bea = person("Bea")
    client.force_login(bea)
    assert client.session["group_invitation"]["token"] == "open-sesame"
    answer = client.post("/join/open-sesame/")
    assert answer["Location"] == shop.address
    assert client.session["group_chosen"] == group.pk
    assert "group_invitation" not in client.session
    assert GroupMember.objects.filter(household=bea.households.get(), group=group).exists()


def test_joining_without_a_sign_in_asks_for_one_and_comes_back(group: Group) -> None:
    answer = Client().post("/join/open-sesame/")
    assert answer["Location"] == "/login/?next=%2Fjoin%2Fopen-sesame%2F"
    assert group.members.count() == 1


def test_somebody_who_says_no_is_not_asked_again(group: Group) -> None:
    client = browser(person("Bea"))
    client.get("/join/open-sesame/")
    client.post("/join/open-sesame/", {"no": "1"})
    assert "group_invitation" not in client.session
    assert group.members.count() == 1


def test_a_link_that_was_renewed_is_not_found(group: Group) -> None:
    Group.objects.update(invitation="another")
    assert Client().get("/join/open-sesame/").status_code == 404
    assert Client().get("/join/open-sesame/card.png").status_code == 404


def test_the_preview_is_a_picture_of_the_size_that_chats_ask_for(group: Group) -> None:
    answer = Client().get("/join/open-sesame/card.png")
    assert answer["Content-Type"] == "image/png"
    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert len(answer.content) < 60_000


def test_the_page_of_a_group_has_link_code_and_text_and_no_names_for_members(group: Group, ana: User) -> None:
    bea = person("Bea")
    GroupMember.objects.create(group=group, household=bea.households.get())
    page = browser(bea).get(f"/groups/{group.pk}/").content.decode()
    assert 'class="qr"' in page
    assert "http://testserver/join/open-sesame/" in page
    assert "It closes today 18:00, Lisbon time." in page
    assert "Take out of the group" not in page
    assert "Take out of the group" in browser(ana).get(f"/groups/{group.pk}/").content.decode()


def test_a_group_is_started_on_the_page(shop: Shop, ana: User) -> None:
    handover = make_handover(shop.round)
    client = browser(ana)
    sent = {"hub": shop.hub.slug, "name": "Rua Nova", "place": str(handover.pickup_point_id), "welcome": "Hello"}
    made_at = client.post("/groups/start/", sent)["Location"]
    group = Group.objects.get()
    assert made_at == f"/groups/{group.pk}/"
    assert (group.name, group.pickup_point, group.welcome, group.host) == (
        "Rua Nova",
        handover.pickup_point,
        "Hello",
        ana,
    )


def test_a_start_without_an_address_says_so_beside_the_field_and_keeps_what_was_typed(shop: Shop, ana: User) -> None:
    sent = {"hub": shop.hub.slug, "name": "Rua Nova", "place": "own", "welcome": "Hello there"}
    answer = browser(ana).post("/groups/start/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Write the address" in page
    assert "Rua Nova" in page
    assert "Hello there" in page
    assert not Group.objects.exists()


@pytest.mark.parametrize("name", ["user", "household"])
@pytest.mark.parametrize("sent", ["", "x", "9" * 40])
def test_a_member_form_that_no_page_makes_is_not_found(group: Group, ana: User, name: str, sent: str) -> None:
    address = {"user": "hand-over", "household": "remove"}[name]
    assert browser(ana).post(f"/groups/{group.pk}/{address}/", {name: sent}).status_code == 404


def ordered(place: Place, group: Group, *names: str) -> list[Reservation]:
    held = [place.orders(name, 2, group) for name in names]
    GroupMember.objects.bulk_create(GroupMember(group=group, household=r.household) for r in held)
    return held


def test_with_two_households_the_view_says_why_it_is_empty() -> None:
    place = Place()
    group = make_group(place, place.host)
    ordered(place, group, "Ana", "Bea")
    page = browser(place.host).get(f"/groups/{group.pk}/rounds/{place.market.round.pk}/").content.decode()
    assert "2 households have ordered so far." in page
    assert "4 units" not in page


def test_from_three_households_on_the_view_shows_units_and_never_who_took_what() -> None:
    place = Place()
    group = make_group(place, place.host)
    held = ordered(place, group, "Ana", "Bea", "Cid")
    member = held[0].household.members.get()
    page = browser(member).get(f"/groups/{group.pk}/rounds/{place.market.round.pk}/").content.decode()
    assert "6 units" in page
    assert "3 of 4 households have ordered." in page
    assert "Bea" not in page
    assert "Cid" not in page


def test_the_host_sees_who_has_not_ordered_yet_and_a_text_that_names_nobody() -> None:
    place = Place()
    group = make_group(place, place.host, make_household("Nobre"))
    ordered(place, group, "Ana", "Bea", "Cid")
    page = browser(place.host).get(f"/groups/{group.pk}/rounds/{place.market.round.pk}/").content.decode()
    reminder = page.split('id="reminder"')[1].split("</textarea>")[0]
    assert "Nobre" in page
    assert "Nobre" not in reminder
    assert "closes today 18:00, Lisbon time" in reminder


def test_a_foreign_group_and_another_hubs_round_are_not_found(group: Group, ana: User) -> None:
    other = Shop()
    assert browser(person("Rita")).get(f"/groups/{group.pk}/").status_code == 404
    assert browser(ana).get(f"/groups/{group.pk}/rounds/{other.round.pk}/").status_code == 404


@pytest.mark.slow
def test_the_shared_view_costs_as_many_queries_for_twenty_products_as_for_one() -> None:
    counts = []
    for many in (1, 20):
        place = Place()
        group = make_group(place, place.host)
        held = ordered(place, group, "Ana", "Bea", "Cid")
        for _ in range(many):
            place.market.line(place.market.offer(place.market.merchant()), 1, household=held[0].household)
        client = browser(place.host)
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/groups/{group.pk}/rounds/{place.market.round.pk}/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 16


@pytest.mark.slow
def test_own_groups_cost_as_many_queries_for_twenty_as_for_one(shop: Shop) -> None:
    counts = []
    for many in (1, 20):
        host = person(f"Host {many}")
        for n in range(many):
            made = Group.objects.create(hub=shop.hub, name=f"{many}.{n}", host=host, invitation=f"{many}.{n}")
            GroupMember.objects.create(group=made, household=host.households.get())
        client = browser(host)
        with CaptureQueriesContext(connection) as seen:
            client.get("/groups/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_what_is_reserved_in_a_group_counts_in_its_view(group: Group, shop: Shop, ana: User) -> None:
    offer = shop.offer()
    reserve(
        round_id=shop.round.pk,
        lines=[WantedLine(offer_id=offer.pk, firm=2)],
        request_key="one",
        group_id=group.pk,
        by=ana,
    )
    page = browser(ana).get(f"/groups/{group.pk}/rounds/{shop.round.pk}/").content.decode()
    assert "1 of 1 household has ordered." in page


def test_the_round_stays_open_until_the_clock_says_so(group: Group, shop: Shop) -> None:
    with clock.frozen(NOON + timedelta(days=1)):
        assert "No round is open just now." in Client().get("/join/open-sesame/").content.decode()
