"""What the API tells of a reservation beside its lines: conditions, minimums, changed offers, what moves on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace import clock
from marketplace.actions.offers.change_offer import change_offer
from marketplace.models import CollectedRest, Offer, ReservationLine
from marketplace.queries.offer_changes import terms_now
from marketplace.rules.clearing.terms import PriceStep
from tests.factories import NOON, make_household, make_hub_staff
from tests.marketplace.api_ground import Client, client_of, key, problem
from tests.marketplace.reserving_ground import Shop, everything, want

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def ana(shop: Shop) -> Client:
    return client_of(shop.ana)


def address(shop: Shop) -> str:
    return f"/api/v1/rounds/{shop.round.pk}/reservation/"


def put(shop: Shop, client: Client, offer: Offer, firm: int, **headers: str) -> Any:
    body = {"lines": [{"offer_id": offer.pk, "firm": firm}]}
    return client.put(address(shop), body, format="json", headers={**key(), **headers})


def test_replacing_the_basket_needs_a_version(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 2))
    before = everything()
    told = problem(put(shop, ana, offer, 9), 428, "match-missing")
    assert told["errors"][0]["header"] == "If-Match"
    assert everything() == before
    assert put(shop, ana, offer, 3, **{"If-Match": "*"}).status_code == 200


def test_what_was_read_is_what_a_change_is_matched_with(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 2))
    read = ana.get(address(shop))["ETag"]
    assert put(shop, ana, offer, 3, **{"If-Match": read}).status_code == 200
    problem(put(shop, ana, offer, 4, **{"If-Match": read}), 412, "reservation-changed")
    assert shop.lines() == {offer.pk: 3}


def test_a_reservation_is_told_once_until_prices_or_lines_change(shop: Shop, ana: Client) -> None:
    offer = shop.offer(ladder=((1, 195, 240), (10, 170, 210)))
    shop.reserve(want(offer, 2))
    first = ana.get(address(shop))
    again = ana.get(address(shop), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "private, no-cache"
    shop.others_reserve(offer, 9)
    cheaper = ana.get(address(shop), headers={"If-None-Match": f"W/{first['ETag']}"})
    assert (cheaper.status_code, cheaper.json()["now"]) == (200, "4.20")


def test_a_key_that_cannot_be_printed_is_refused(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    body = {"lines": [{"offer_id": offer.pk, "firm": 1}]}
    for odd in ("a\x00b", "k" * 81):
        answer = ana.post(address(shop), body, format="json", headers=key(odd))
        problem(answer, 400, "request-key-unreadable")
    assert shop.lines() == {}


def test_the_minimum_of_a_merchant_stands_beside_its_lines(shop: Shop, ana: Client) -> None:
    supply = shop.supply
    supply.minimum_order_value_minor = 4000
    supply.save()
    offer = shop.offer(ladder=((1, 200, 240),))
    shop.reserve(want(offer, 1))
    shop.project(offer)
    [minimum] = ana.get(address(shop)).json()["minimums"]
    assert (minimum["minimum"], minimum["value"], minimum["missing"]) == ("40.00", "2.00", "38.00")


def test_substitutes_and_collecting_read_as_they_were_written(shop: Shop, ana: Client) -> None:
    milk, oat = shop.offer("Milk"), shop.offer("Oat milk")
    line = {"offer_id": milk.pk, "firm": 1, "substitutes": [oat.product_id], "collect_until": "2026-12-24"}
    ana.post(address(shop), {"lines": [{**line, "seen_version": 1}]}, format="json", headers=key())
    [kept] = ana.get(address(shop)).json()["lines"]
    assert (kept["substitutes"], kept["collect_until"]) == ([oat.product_id], "2026-12-24")


def dearer(shop: Shop, offer: Offer) -> None:
    """From 2.40 to 2.60."""
    terms = replace(terms_now(offer), ladder=(PriceStep(1, 195, 260),))
    change_offer(offer_id=offer.pk, terms=terms, reason="Hail", by=make_hub_staff(shop.hub))


def test_a_changed_offer_is_listed_and_agreed_to(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 2))
    dearer(shop, offer)
    [change] = ana.get(f"{address(shop)}changes/").json()["results"]
    assert (change["version"], change["reasons"], change["firm"]) == (2, ["Hail"], 2)
    assert change["before"]["ladder"] == [{"from_quantity": 1, "unit_price": "2.40"}]
    assert change["after"]["ladder"] == [{"from_quantity": 1, "unit_price": "2.60"}]
    agreed = ana.post(f"{address(shop)}changes/{offer.pk}/agree/", {"version": 2}, format="json")
    assert (agreed.status_code, agreed["ETag"]) == (200, '"2"')
    assert ana.get(f"{address(shop)}changes/").json()["results"] == []
    assert shop.lines() == {offer.pk: 2}


def test_a_changed_offer_is_declined_and_costs_nothing(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 2))
    dearer(shop, offer)
    declined = ana.post(f"{address(shop)}changes/{offer.pk}/decline/", {"version": 2}, format="json")
    assert declined.status_code == 200
    assert ReservationLine.objects.count() == 0


def test_an_answer_to_terms_that_changed_again_is_refused_and_changes_nothing(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 2))
    dearer(shop, offer)
    before = everything()
    problem(ana.post(f"{address(shop)}changes/{offer.pk}/agree/", {"version": 1}, format="json"), 409, "price-changed")
    assert everything() == before


def test_a_foreign_households_changes_are_not_found(shop: Shop) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 2))
    dearer(shop, offer)
    stranger = client_of(make_household("Bo").members.get())
    where = f"{address(shop)}changes/"
    assert stranger.get(where).json()["results"] == []
    problem(stranger.get(f"{where}?household={shop.household.pk}"), 404, "not-found")
    problem(stranger.post(f"{where}{offer.pk}/agree/", {"version": 2}, format="json"), 404, "not-found")


def test_what_moves_on_to_later_rounds_is_listed(shop: Shop, ana: Client) -> None:
    offer = shop.offer("Flour")
    CollectedRest.objects.create(
        household=shop.household,
        hub=shop.hub,
        product=offer.product,
        offer=offer,
        missed=3,
        units=3,
        at_most_minor=240,
        until=date(2026, 12, 24),
        created_at=NOON - timedelta(days=1),
    )
    [rest] = ana.get("/api/v1/collected-rests/").json()["results"]
    assert (rest["product_name"], rest["units"], rest["unit_price_at_most"]) == ("Flour", 3, "2.40")
    stranger = client_of(make_household("Bo").members.get())
    assert stranger.get("/api/v1/collected-rests/").json()["results"] == []
