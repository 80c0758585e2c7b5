"""The refusals that apps rely on by name, each through its real door: nothing changed, and the next step is told."""

from dataclasses import replace
from typing import Any

import pytest

from marketplace import clock
from marketplace.actions.offers.change_offer import change_offer
from marketplace.models import Offer
from marketplace.queries.offer_changes import terms_now
from marketplace.rules.clearing.terms import PriceStep
from tests.factories import make_hub_staff
from tests.marketplace.api_ground import Client, key, problem
from tests.marketplace.reserving_ground import Shop, everything, want

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def send(shop: Shop, client: Client, method: str, *lines: tuple[Offer, int], headers: Any = None, **terms: Any) -> Any:
    body = {"lines": [{"offer_id": offer.pk, "firm": firm, **terms} for offer, firm in lines]}
    path = f"/api/v1/rounds/{shop.round.pk}/reservation/"
    with clock.frozen(shop.at):
        return getattr(client, method)(path, body, format="json", headers=headers or key())


def test_after_its_deadline_a_window_is_closed_and_what_was_there_is_kept(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    send(shop, ana, "post", (offer, 2))
    shop.at, before = shop.window.closes_at, everything()
    told = problem(send(shop, ana, "patch", (offer, 3)), 409, "window-closed")
    assert (told["facts"]["window_id"], told["facts"]["closes_at"]) == (shop.window.pk, "2026-11-22T18:00:00Z")
    assert told["detail"].endswith("What you had reserved stays as it was.")
    assert everything() == before


def test_where_nothing_is_left_the_stock_is_short(shop: Shop, ana: Client) -> None:
    gone, before = shop.offer("Eggs", cap=0), everything()
    told = problem(send(shop, ana, "post", (gone, 2)), 409, "stock-short")
    assert told["facts"] == {"offer_id": gone.pk, "asked": 2, "kept": 0}
    assert told["next_step"]
    assert everything() == before
    bread = shop.offer("Bread")
    first, second = send(shop, ana, "post", (gone, 2), (bread, 1)).json()["lines"]
    assert (first["status"], first["reason"], second["status"]) == ("refused", "stock_short", "sure")
    assert shop.lines() == {bread.pk: 1}


def test_in_the_last_stretch_more_than_a_case_misses_is_too_much(shop: Shop, ana: Client) -> None:
    offer = shop.offer(case=6)
    shop.reserve(want(offer, 6))
    shop.to_filling()
    shop.others_reserve(offer, 6)
    before = everything()
    told = problem(send(shop, ana, "patch", (offer, 7)), 409, "limit-exceeded")
    assert told["facts"] == {"offer_id": offer.pk, "at_most": 0}
    assert everything() == before


def test_terms_that_became_worse_since_they_were_read_are_not_agreed_to_in_silence(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    shop.others_reserve(offer, 1)
    worse = replace(terms_now(offer), ladder=(PriceStep(1, 195, 260),))
    change_offer(offer_id=offer.pk, terms=worse, reason="Hail", by=make_hub_staff(shop.hub))
    before = everything()
    told = problem(send(shop, ana, "post", (offer, 2), seen_version=1), 409, "price-changed")
    assert (told["facts"]["offer_id"], told["facts"]["seen"], told["facts"]["version"]) == (offer.pk, 1, 2)
    assert everything() == before
    assert send(shop, ana, "post", (offer, 2), seen_version=2).status_code == 201


def test_a_key_that_comes_with_something_else_is_refused_in_words_that_fit_any_address(shop: Shop, ana: Client) -> None:
    offer = shop.offer()
    send(shop, ana, "post", (offer, 2), headers=key("k"))
    told = problem(send(shop, ana, "post", (offer, 3), headers=key("k")), 409, "request-key-reused")
    assert told["title"] == "This was sent before, with something else in it."
    assert told["detail"] == "What was sent first was kept. Nothing was changed now."
    assert "basket" not in " ".join((told["title"], told["detail"], told["next_step"]))
    assert shop.lines() == {offer.pk: 2}
