"""The desks' pages for changing an offer and for orders by phone."""

import re
from typing import Any

import pytest
from django.test import Client

from marketplace import clock
from marketplace.models import HubMembership, Offer, OfferChange, ReservationVersion, User
from marketplace.rules.roles import Role
from marketplace.rules.states import MembershipState
from tests.factories import NOON, make_household, make_hub, make_hub_staff, make_merchant, make_merchant_member
from tests.marketplace.reserving_ground import Shop, want

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def shop() -> Shop:
    shop = Shop()
    HubMembership.objects.create(
        household=shop.household, hub=shop.hub, state=MembershipState.MEMBER.value, asked_at=NOON
    )
    return shop


def at_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, url: str, **typed: Any) -> Any:
    with clock.frozen(NOON):
        return client.post(url, typed) if typed else client.get(url)


def typed_for(offer: Offer, **change: str) -> dict[str, str]:
    return {
        "version": str(offer.version), "quantity-1": "1", "cost-1": "1.95", "price-1": "2.40", "case": "1", "cap": "",
        "best_before": "", "reason": "Frost", "do": "look", **change,
    }  # fmt: skip


def terms(offer: Offer, desk: str = "hub") -> str:
    return f"/{desk}/marketplace/offer/{offer.pk}/terms/"


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_says_what_a_change_means_before_it_is_made(shop: Shop) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    desk = at_desk(make_hub_staff(shop.hub))
    assert send(desk, terms(offer)).status_code == 200
    seen = send(desk, terms(offer), **typed_for(offer, **{"price-1": "2.50"}))
    assert "1 household has to agree by Sun 22 Nov, 18:00; without that its line is released." in text_of(seen)
    assert OfferChange.objects.count() == 0
    done = send(desk, terms(offer), **typed_for(offer, **{"price-1": "2.50", "do": "change"}))
    assert (done.status_code, OfferChange.objects.get().needs_agreement) == (302, True)


def test_a_lower_cap_names_the_units_that_go(shop: Shop) -> None:
    offer = shop.offer(cap=9)
    shop.reserve(want(offer, 6))
    seen = send(at_desk(make_merchant_member(shop.merchant)), terms(offer, "desk"), **typed_for(offer, cap="4"))
    assert "1 household loses 2 units at once, by the rule “everybody a little”, and is told." in text_of(seen)


def test_what_cannot_be_read_stands_beside_its_field_and_nothing_typed_is_lost(shop: Shop) -> None:
    offer = shop.offer()
    typed = typed_for(
        offer, **{"price-1": "two", "case": "0.5", "cap": "many", "best_before": "2026-02-30", "do": "change"}
    )
    answer = send(at_desk(make_hub_staff(shop.hub)), terms(offer), **typed)
    assert (answer.status_code, answer.context["form"].steps[0].price) == (422, "two")
    assert sorted(answer.context["problems"]) == ["best_before", "cap", "case"]
    for value in ('value="two"', 'value="0.5"', 'value="many"', 'value="2026-02-30"', 'value="Frost"'):
        assert value in answer.content.decode()
    wrong = typed_for(offer, **{"quantity-2": "1", "cost-2": "1.00", "price-2": "2.00", "reason": "", "do": "change"})
    answer = send(at_desk(make_hub_staff(shop.hub)), terms(offer), **wrong)
    assert (answer.status_code, sorted(answer.context["problems"])) == (422, ["ladder", "reason"])
    assert OfferChange.objects.count() == 0


def test_a_form_that_is_older_than_the_offer_changes_nothing(shop: Shop) -> None:
    offer = shop.offer()
    desk = at_desk(make_hub_staff(shop.hub))
    send(desk, terms(offer), **typed_for(offer, **{"price-1": "2.30", "do": "change"}))
    answer = send(desk, terms(offer), **typed_for(offer, **{"price-1": "2.60", "do": "change"}))
    assert (answer.status_code, "Somebody else changed this offer meanwhile" in text_of(answer)) == (422, True)
    assert OfferChange.objects.count() == 1


def test_foreign_offers_are_not_found(shop: Shop) -> None:
    offer = shop.offer()
    assert send(at_desk(make_hub_staff(make_hub())), terms(offer)).status_code == 404
    assert send(at_desk(make_hub_staff(shop.hub, Role.ANALYST)), terms(offer)).status_code == 404
    assert send(at_desk(make_merchant_member(make_merchant())), terms(offer, "desk")).status_code == 404


# By phone.


def phone(shop: Shop, household_id: int | None = None) -> str:
    return f"/hub/marketplace/round/{shop.round.pk}/phone/" + (f"{household_id}/" if household_id else "")


def test_an_order_is_taken_by_phone_and_its_answer_is_shown(shop: Shop) -> None:
    tomatoes, bread = shop.offer("Tomatoes"), shop.offer("Bread")
    desk = at_desk(make_hub_staff(shop.hub))
    found = send(desk, phone(shop) + "?q=ana")
    assert phone(shop, shop.household.pk) in found.content.decode()
    form = send(desk, phone(shop, shop.household.pk))
    typed = {
        "request_key": form.context["request_key"], "via": "phone", "do": "place",
        f"firm-{tomatoes.pk}": "3", f"firm-{bread.pk}": "",
    }  # fmt: skip
    answer = send(desk, phone(shop, shop.household.pk), **typed)
    assert (answer.status_code, shop.lines()) == (200, {tomatoes.pk: 3})
    assert "3 × Tomatoes" in text_of(answer)
    assert "7.20 € now, at most 7.20 €" in text_of(answer).replace("\xa0", " ").replace("€7.20", "7.20 €")
    assert ReservationVersion.objects.get().via == "phone"
    cancelled = send(desk, phone(shop, shop.household.pk), via="paper", do="cancel", request_key="another-call")
    assert (cancelled.status_code, shop.lines()) == (200, {})


def test_a_number_that_is_none_stands_beside_its_row(shop: Shop) -> None:
    offer = shop.offer()
    desk = at_desk(make_hub_staff(shop.hub))
    answer = send(desk, phone(shop, shop.household.pk), via="phone", do="place", **{f"firm-{offer.pk}": "a few"})
    assert (answer.status_code, 'value="a few"' in answer.content.decode(), shop.lines()) == (422, True, {})
    answer = send(desk, phone(shop, shop.household.pk), do="place", **{f"firm-{offer.pk}": "2"})
    assert (answer.status_code, "Say whether it came by phone or on paper." in text_of(answer)) == (422, True)
    assert (shop.lines(), 'value="2"' in answer.content.decode()) == ({}, True)


def test_households_that_the_hub_does_not_know_and_other_hubs_rounds_are_not_found(shop: Shop) -> None:
    desk, stranger = at_desk(make_hub_staff(shop.hub)), make_household("Stranger")
    assert send(desk, phone(shop, stranger.pk)).status_code == 404
    assert "Stranger" not in text_of(send(desk, phone(shop) + "?q=stran"))
    for staff in (make_hub_staff(make_hub()), make_hub_staff(shop.hub, Role.TREASURER)):
        assert send(at_desk(staff), phone(shop)).status_code == 404
        assert send(at_desk(staff), phone(shop, shop.household.pk)).status_code == 404
