"""The pages of one's own: what they say, where they lead, and that nothing typed is lost."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from marketplace import clock
from marketplace.actions.membership.join_hub import join_hub
from marketplace.models import Household, HouseholdMember, Hub, HubMembership, LineShare, User
from marketplace.views.me import OWN_PAGES, address_of
from tests.factories import NOON, make_household, make_hub, make_hub_staff, make_user
from tests.marketplace.households.test_shares import Sack
from tests.marketplace.pages_ground import signed_in

pytestmark = pytest.mark.django_db


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def link_on(answer: Any) -> str:
    found = re.search(r'id="link" value="http://testserver([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def test_the_overview_leads_to_every_page_that_there_is() -> None:
    client, _ana = signed_in()
    page = client.get("/me/").content.decode()
    there = [address_of(own.where) for own in OWN_PAGES]
    assert {reverse("household"), reverse("my_data"), reverse("shares")} <= set(there)
    for link in filter(None, there):
        assert f'href="{link}"' in page


def test_the_overview_is_shown_to_somebody_who_only_works_at_a_desk() -> None:
    client = Client()
    client.force_login(make_hub_staff(make_hub()))
    assert "reserves for no household" in text(client.get("/me/"))


@pytest.mark.parametrize("many", [1, 20])
def test_the_overview_costs_the_same_for_one_and_for_twenty(many: int, django_assert_max_num_queries: Any) -> None:
    client, ana = signed_in()
    for _ in range(many):
        join_hub(hub=make_hub(), by=ana)
    with clock.frozen(NOON), django_assert_max_num_queries(14):
        assert client.get("/me/").content.decode().count("/join/") == many


def test_a_visitor_is_sent_to_the_login_from_every_own_page() -> None:
    for address in ("/me/", "/me/household/", "/me/shares/", "/me/data/", "/me/data/export.json", "/me/data/erase/"):
        answer = Client().get(address)
        assert (answer.status_code, "next=" + address in answer["Location"]) == (302, True)


def test_presets_are_kept_and_a_mistake_loses_nothing_typed() -> None:
    client, ana = signed_in()
    typed = {"name": "", "address": "Rua do Sol 3", "delivery_notes": "Ring twice", "avoids": ["nuts"]}
    answer = client.post("/me/household/", typed)
    assert answer.status_code == 422
    assert "Rua do Sol 3" in answer.content.decode()
    assert "Ring twice" in answer.content.decode()
    assert Household.objects.get().address == ""
    client.post("/me/household/", {**typed, "name": "We"})
    assert (ana.households.get().name, ana.households.get().avoids) == ("We", ["nuts"])


def test_a_link_leads_a_newcomer_through_the_login_into_the_household() -> None:
    client, _ana = signed_in()
    link = link_on(client.post("/me/household/invite/", {"email": ""}))
    visitor = Client()
    page = visitor.get(link)
    assert "Ana invites you into the household Ana" in text(page)
    assert "ana-" not in text(page), "no address of a member is shown"
    assert f"next={link.replace('/', '%2F')}" in page.content.decode()
    bo_client, bo = signed_in("Bo")
    bo_client.post(link)
    assert [h.name for h in bo.households.all()] == ["Ana"]
    assert visitor.get(link).status_code == 410


def test_an_invitation_by_mail_names_no_address_of_the_sender() -> None:
    client, ana = signed_in()
    answer = client.post("/me/household/invite/", {"email": "friend@example.org"})
    assert "on its way to friend@example.org" in text(answer)
    (sent,) = mail.outbox
    assert sent.to == ["friend@example.org"]
    assert link_on(answer) in sent.body
    assert ana.email not in f"{sent.body} {sent.subject} {sent.from_email}"


def test_an_address_that_is_none_is_refused_beside_its_field() -> None:
    client, _ana = signed_in()
    answer = client.post("/me/household/invite/", {"email": "not an address"})
    assert answer.status_code == 422
    assert "not an address" in answer.content.decode()
    assert not mail.outbox


def test_who_belongs_to_several_households_sees_and_changes_which_one_counts() -> None:
    client, ana = signed_in()
    other = make_household("Flat")
    HouseholdMember.objects.create(household=other, user=ana)
    assert "You reserve for Ana" in text(client.get("/me/"))
    client.post("/me/household/choose/", {"household": other.pk})
    assert "You reserve for Flat" in text(client.get("/me/"))
    assert client.post("/me/household/choose/", {"household": make_household("Zoe").pk}).status_code == 404


def test_leaving_asks_first_and_the_last_one_is_told_why_not() -> None:
    client, ana = signed_in()
    page = client.get(f"/me/household/members/{ana.pk}/remove/")
    assert "last one here" in text(page)
    assert client.post(f"/me/household/members/{ana.pk}/remove/").status_code == 409
    HouseholdMember.objects.create(household=ana.households.get(), user=make_user("Bo"))
    client.post(f"/me/household/members/{ana.pk}/remove/")
    assert User.objects.get(pk=ana.pk).households.get().members.count() == 1


def test_the_join_page_says_how_it_works_before_anybody_signs_in() -> None:
    hub = make_hub()
    Hub.objects.filter(pk=hub.pk).update(join_policy="approval", trial_orders=2, membership_fee_minor=1500)
    page = text(Client().get(f"/hubs/{hub.slug}/join/"))
    for sentence in ("You ask, and the hub answers you.", "2 orders first", "Members pay €15.00 once."):
        assert sentence in page
    assert Client().get("/hubs/nowhere/join/").status_code == 404


def test_asking_waits_at_the_hub_desk_and_the_answer_is_on_the_page() -> None:
    hub = make_hub()
    Hub.objects.filter(pk=hub.pk).update(join_policy="approval")
    client, _ana = signed_in()
    client.post(f"/hubs/{hub.slug}/join/", {"message": "We live next door."})
    assert "will answer" in text(client.get(f"/hubs/{hub.slug}/join/"))
    desk = Client()
    desk.force_login(make_hub_staff(hub))
    listed = desk.get("/hub/marketplace/hubmembership/")
    assert "asked just now" in text(listed)
    decide = f"/hub/marketplace/hubmembership/{HubMembership.objects.get().pk}/decide/"
    assert "We live next door." in text(desk.get(decide))
    assert desk.post(decide, {"do": "refuse", "reason": ""}).status_code == 422
    desk.post(decide, {"do": "refuse", "reason": "Full until May."})
    assert "Full until May." in text(client.get(f"/hubs/{hub.slug}/join/"))


def test_the_terms_are_set_at_the_desk_and_a_mistake_is_told_beside_its_field() -> None:
    hub = make_hub()
    desk = Client()
    desk.force_login(make_hub_staff(hub))
    address = f"/hub/marketplace/hubmembership/terms/{hub.pk}/"
    typed = {"join_policy": "approval", "trial_orders": "2", "membership_fee": "12,50", "first_credit_limit": "free"}
    answer = desk.post(address, typed)
    assert (answer.status_code, "12,50" in answer.content.decode()) == (422, True)
    desk.post(address, {**typed, "first_credit_limit": "50"})
    hub.refresh_from_db()
    assert (hub.join_policy, hub.membership_fee_minor, hub.first_credit_limit_minor) == ("approval", 1250, 5000)
    assert desk.get(f"/hub/marketplace/hubmembership/terms/{make_hub().pk}/").status_code == 404


def test_a_neighbour_is_asked_on_a_page_and_answers_on_another() -> None:
    sack = Sack()
    mine, theirs = Client(), Client()
    mine.force_login(sack.shop.ana)
    theirs.force_login(sack.bo.members.get())
    with clock.frozen(NOON):
        address = f"/me/shares/new/{sack.shop.round.pk}/{sack.offer.pk}/"
        assert "Bo" in text(mine.get(address))
        assert mine.post(address, {"parts": 2, "total_parts": 2, "to": sack.bo.pk}).status_code == 422
        mine.post(address, {"parts": 1, "total_parts": 2, "to": sack.bo.pk})
        page = theirs.get("/me/shares/")
        assert "Ana offers you a half" in text(page)
        theirs.post(f"/me/shares/{LineShare.objects.get().pk}/", {"do": "accept"})
        assert "Bo takes a half" in text(mine.get("/me/shares/"))


def test_a_shared_link_leads_a_visitor_through_the_login() -> None:
    sack = Sack()
    mine = Client()
    mine.force_login(sack.shop.ana)
    with clock.frozen(NOON):
        link = link_on(
            mine.post(f"/me/shares/new/{sack.shop.round.pk}/{sack.offer.pk}/", {"parts": 1, "total_parts": 2})
        )
        assert "Ana offers you a half of the Flour, 25 kg" in text(Client().get(link))
        client, zoe = signed_in("Zoe")
        client.post(link)
    assert LineShare.objects.get().household == zoe.households.get()
