"""The one control for quantity: two taps make a range, and every sentence says what was consented to."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from marketplace import clock
from marketplace.actions.refresh_demand import Watch, refresh_demand
from marketplace.models import Offer, ReservationLine
from marketplace.queries import shop as shop_queries
from marketplace.rules.money import format_minor
from marketplace.views.quantity import stepper_of
from tests.factories import NOON, make_handover, make_product
from tests.marketplace.pages_ground import CLOSES_AT, Shop, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCRIPT = {"HX-Request": "true"}
CASES: dict[str, Any] = {"case": 12, "ladder": ((6, 195, 240), (36, 170, 210))}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    return Shop()


def keep(client: Client, shop: Shop, offer: Offer, **typed: object) -> str:
    """Sends the line's form as a script does; returns the reply."""
    keep.key = getattr(keep, "key", 0) + 1  # type: ignore[attr-defined]
    form = {"request_key": f"k{keep.key}", **typed}  # type: ignore[attr-defined]
    return client.post(shop.line_address(offer), form, headers=SCRIPT).content.decode()


def said(shop: Shop, client: Client, offer: Offer) -> str:
    """The sentence of the line as the page shows it."""
    user = client.get("/").wsgi_request.user
    row = shop_queries.offer_row(user, shop.round.pk, offer.pk)
    assert row is not None
    return stepper_of(row, currency="EUR", round_id=shop.round.pk, request_key="p").means


def test_the_first_plus_is_firm_and_the_second_tap_takes_the_range_that_it_names(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer(**CASES)
    reply = keep(client, shop, offer, firm=0, step=1)
    assert 'name="extra" value="1:case"' in reply
    assert "and up to <b>2</b>" in reply
    assert "if it completes a case of 12" in reply
    reply = keep(client, shop, offer, firm=1, extra="1:case")
    line = ReservationLine.objects.get()
    assert (line.firm, line.flexible, line.flexible_for) == (1, 1, "case")
    assert said(shop, client, offer) == (
        "You get 1. Up to 1 more only if it completes a case of 12; never above €2.40 each."
    )
    assert "Only 1" in reply


@pytest.mark.parametrize(
    ("use", "words"),
    [
        ("case", "only if they complete a case of 12"),
        ("price", "if they complete a case of 12 or bring everybody a lower price"),
        ("order", "whenever that helps the order: for a case, a lower price, or the merchant's smallest order"),
    ],
)
def test_each_use_of_the_extra_has_its_words_with_figures(shop: Shop, use: str, words: str) -> None:
    client, _ = signed_in()
    offer = shop.offer(**CASES)
    keep(client, shop, offer, firm=5, up_to=7, flexible_for=use)
    assert said(shop, client, offer) == f"You get 5. Up to 2 more {words}; never above €2.40 each."


def test_a_limit_and_all_or_nothing_are_said_too(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer(**CASES)
    keep(client, shop, offer, firm=5, up_to="", limit="2.20", whole_only="on")
    assert said(shop, client, offer) == "You get all 5 or none. Only at €2.20 each or less."


def test_a_plain_number_needs_no_sentence(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer(**CASES)
    keep(client, shop, offer, firm=5, up_to="")
    assert said(shop, client, offer) == ""


def test_substitutes_and_the_last_day_of_collecting_are_kept_and_shown(shop: Shop) -> None:
    client, _ = signed_in()
    offer, other = shop.offer(**CASES), shop.offer("Green tomatoes")
    keep(client, shop, offer, firm=5, up_to="", substitutes=[other.product_id], collect_until="2026-12-10")
    line = ReservationLine.objects.get()
    assert (line.substitutes, str(line.collect_until)) == ([other.product_id], "2026-12-10")
    assert said(shop, client, offer) == (
        "You get 5. Or the substitute you chose. What is not reached is kept for the next rounds until 10 Dec."
    )


def test_a_later_plus_keeps_every_wish_of_the_sheet(shop: Shop) -> None:
    client, _ = signed_in()
    offer, other = shop.offer(**CASES), shop.offer("Green tomatoes")
    keep(
        client,
        shop,
        offer,
        firm=5,
        up_to=7,
        flexible_for="order",
        limit="2.30",
        substitutes=[other.product_id],
        collect_until="2026-12-10",
    )
    keep(client, shop, offer, firm=5, step=1)
    line = ReservationLine.objects.get()
    assert (line.firm, line.flexible, line.flexible_for) == (6, 2, "order")
    assert format_minor(line.max_unit_price_minor or 0, "EUR") == "2.30"
    assert (line.substitutes, str(line.collect_until)) == ([other.product_id], "2026-12-10")


def test_the_sheet_offers_the_other_products_of_the_kind(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer(**CASES)
    shop.offer("Green tomatoes", ladder=((1, 100, 150),))
    sheet = client.get(shop.line_address(offer), headers=SCRIPT).content.decode()
    assert "Green tomatoes" in sheet
    assert "at most €1.50" in sheet
    assert "<html" not in sheet
    assert "Only to complete a case of 12" in sheet
    assert "The next price is €2.10." in sheet


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"firm": 5, "up_to": 3}, "“Up to” is the larger number; leave it empty for no extra."),
        ({"firm": 5, "up_to": 500}, "At most 100 more than “at least”."),
        ({"firm": 5, "up_to": 7, "limit": "cheap"}, "Write the price alone, like 2.10."),
        ({"firm": 5, "up_to": "", "collect_until": "2026-11-22"}, "Choose a day within the next 92 days."),
        ({"firm": 5, "up_to": "", "collect_until": "2028-01-01"}, "Choose a day within the next 92 days."),
        ({"firm": 5, "up_to": "", "collect_until": "soon"}, "Enter a valid date."),
        ({"firm": -1, "up_to": ""}, "Ensure this value is greater than or equal to 0."),
    ],
)
def test_a_wrong_value_is_named_beside_its_field_and_nothing_changes(
    shop: Shop, typed: dict[str, object], sentence: str
) -> None:
    client, _ = signed_in()
    answer = client.post(shop.line_address(shop.offer()), {"request_key": "a", **typed})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert answer.content.decode().count('aria-invalid="true"') == 1
    for value in typed.values():
        assert f'value="{value}"' in answer.content.decode()
    assert not ReservationLine.objects.exists()


def test_plus_is_off_with_its_reason_where_all_is_reserved(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer(cap=2)
    reply = keep(client, shop, offer, firm=2, up_to="")
    assert "All of it is reserved. If somebody gives some back, it can be had again." in reply
    page = client.get(shop.address).content.decode()
    assert f'disabled aria-describedby="stop{offer.pk}"' in page


def test_plus_is_off_in_the_last_stretch_where_nothing_is_missing(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer()
    keep(client, shop, offer, firm=2, up_to="")
    refresh_demand(watch=Watch())
    with clock.frozen(shop.window.fills_at):
        stepper = client.get(shop.address).context["windows"][0].cards[0].stepper
    assert stepper.stop == (
        "In the last stretch only what fills a case or a price step can be added; nothing is missing here."
    )
    assert shop.window.closes_at == CLOSES_AT


def test_the_answer_to_each_tap_is_in_words(shop: Shop) -> None:
    client, _ = signed_in()
    single, cases, capped = shop.offer("Honey"), shop.offer("Leeks", **CASES), shop.offer("Truffles", cap=3)
    assert "2 reserved and sure, at most €2.40 each." in keep(client, shop, single, firm=2)
    assert "5 reserved. Sure as soon as 7 more are wanted." in keep(client, shop, cases, firm=5)
    assert "3 of 5 kept. There is not that much left." in keep(client, shop, capped, firm=5)
    refused = keep(client, shop, capped, firm=9)
    assert "Not changed, you have 3. There is not that much left." in refused
    assert "Taken out of your basket." in keep(client, shop, single, firm=0)


def test_units_that_are_offered_back_are_said_on_the_card_and_in_the_basket(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer()
    keep(client, shop, offer, firm=5)
    ReservationLine.objects.update(offered_back=2, offered_back_at=NOON)
    sentence = "2 of your 5 are offered to others; until somebody takes them they stay yours."
    assert sentence in client.get(shop.address).content.decode()
    assert sentence in client.get(f"{shop.address}basket/").content.decode()


def test_where_the_place_must_be_chosen_first_nothing_typed_is_lost(shop: Shop) -> None:
    client, _ = signed_in()
    offer, second = shop.offer(**CASES), make_handover(shop.round)
    other = make_product(shop.merchant, "Elsewhere")
    answer = client.post(
        shop.line_address(offer), {"request_key": "a", "firm": 5, "up_to": 7, "flexible_for": "price", "limit": "2.20"}
    )
    assert answer.status_code == 422
    carried = dict(answer.context["carried"])
    assert carried == {"firm": "5", "up_to": "7", "flexible_for": "price", "limit": "2.20"}
    client.post(shop.line_address(offer), {**carried, "request_key": "b", "handover": second.pk})
    line = ReservationLine.objects.get()
    assert (line.firm, line.flexible, line.flexible_for, line.max_unit_price_minor) == (5, 2, "price", 220)
    assert other.pk not in line.substitutes
