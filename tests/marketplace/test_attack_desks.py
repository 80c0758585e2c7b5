"""What people of a desk might try: held orders, foreign owners, promises changed behind households' backs."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from marketplace import clock
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.actions.release_order import release_order
from marketplace.errors import NotFound
from marketplace.models import Merchant, Product, PurchaseOrder, User
from marketplace.rules.states import WindowState
from tests.factories import make_hub, make_hub_staff, make_merchant, make_merchant_member, make_product
from tests.marketplace.api_ground import client_of, problem
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture
def merchant(market: Market) -> Merchant:
    merchant = market.merchant("Quinta")
    market.line(market.offer(merchant), 3)
    return merchant


@pytest.fixture
def member(merchant: Merchant) -> User:
    return make_merchant_member(merchant)


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def held_order(market: Market, merchant: Merchant) -> PurchaseOrder:
    """Closed two hours after the deadline, an hour after the merchant's own cut-off."""
    market.close(CLOSES_AT + timedelta(hours=2))
    order = market.order(merchant)
    assert order.held_for == "late_close"
    return order


def test_a_held_order_is_not_there_for_the_merchant(market: Market, merchant: Merchant, member: User) -> None:
    order = held_order(market, merchant)
    desk, api = signed_in(member), client_of(member)
    assert str(order) not in desk.get("/desk/").content.decode()
    assert str(order) not in desk.get("/desk/marketplace/purchaseorder/").content.decode()
    assert desk.get(f"/desk/marketplace/purchaseorder/{order.pk}/answer/").status_code == 404
    assert desk.post(f"/desk/marketplace/purchaseorder/{order.pk}/answer/", {"whole": "1"}).status_code == 404
    assert api.get("/api/v1/purchase-orders/").json()["results"] == []
    problem(api.get(f"/api/v1/purchase-orders/{order.pk}/"), 404, "not-found")
    problem(api.post(f"/api/v1/purchase-orders/{order.pk}/confirm/", {}, format="json"), 404, "not-found")
    with pytest.raises(NotFound):
        confirm_purchase_order(order_id=order.pk, by=member)
    order.refresh_from_db()
    assert (order.state, order.held_for) == ("issued", "late_close")


def test_once_released_the_merchant_sees_and_answers_it(market: Market, merchant: Merchant, member: User) -> None:
    order = held_order(market, merchant)
    coordinator = make_hub_staff(market.hub)
    assert str(order) in signed_in(coordinator).get("/hub/marketplace/purchaseorder/").content.decode()
    with clock.frozen(CLOSES_AT + timedelta(hours=3)):
        release_order(order_id=order.pk, by=coordinator)
    assert str(order) in signed_in(member).get("/desk/").content.decode()
    assert confirm_purchase_order(order_id=order.pk, by=member).state == "confirmed"


def form_of(product: Product, **changed: object) -> dict[str, object]:
    """The product's form as a browser sends it."""
    return {
        "merchant": product.merchant_id,
        "category": product.category_id,
        "name": product.name,
        "description": product.description,
        "gtin": product.gtin,
        "sku": product.sku,
        "pack": product.pack,
        "content_amount": product.content_amount,
        "content_unit": product.content_unit,
        "storage_class": product.storage_class,
        "shelf_life_days": product.shelf_life_days,
        "tax_class": product.tax_class_id,
        "allergens": "{}",
        "is_active": "on",
        **changed,
    }


def change_url(product: Product) -> str:
    return f"/desk/marketplace/product/{product.pk}/change/"


def test_a_product_stays_its_merchants_even_for_a_member_of_both(merchant: Merchant, member: User) -> None:
    other = make_merchant("Padaria")
    other.memberships.create(user=member)
    product = make_product(merchant)
    answer = signed_in(member).post(change_url(product), form_of(product, merchant=other.pk, name="Renamed"))
    assert answer.status_code == 302
    product.refresh_from_db()
    assert (product.merchant, product.name) == (merchant, "Renamed")


@pytest.mark.parametrize("state", ["scheduled", "open", "closed", "receiving"])
def test_what_is_on_offer_stays_what_was_promised(market: Market, merchant: Merchant, member: User, state: str) -> None:
    product = merchant.products.get()
    type(market.window).objects.filter(pk=market.window.pk).update(state=state)
    sent = form_of(
        product, name="Less", content_amount=7, catch_weight="on", shelf_life_days=1, description="new", is_active=""
    )
    assert signed_in(member).post(change_url(product), sent).status_code == 302
    before = {name: getattr(product, name) for name in ("name", "content_amount", "catch_weight", "shelf_life_days")}
    product.refresh_from_db()
    assert {name: getattr(product, name) for name in before} == before
    assert (product.description, product.is_active) == ("new", False)


def test_between_two_windows_a_product_may_change(market: Market, merchant: Merchant, member: User) -> None:
    product = merchant.products.get()
    type(market.window).objects.filter(pk=market.window.pk).update(state=WindowState.FULFILLED)
    assert signed_in(member).post(change_url(product), form_of(product, content_amount=7)).status_code == 302
    product.refresh_from_db()
    assert product.content_amount == 7


def test_a_foreign_product_is_neither_shown_nor_changed(member: User) -> None:
    product = make_product(make_merchant("Padaria"), "Secret loaf")
    desk = signed_in(member)
    for part in ("change", "history", "delete"):
        answer = desk.get(f"/desk/marketplace/product/{product.pk}/{part}/", follow=True)
        assert "Secret loaf" not in answer.content.decode()
    desk.post(change_url(product), form_of(product, name="Mine"))
    desk.post(f"/desk/marketplace/product/{product.pk}/delete/", {"post": "yes"})
    desk.post(
        "/desk/marketplace/product/", {"action": "delete_selected", "_selected_action": product.pk, "post": "yes"}
    )
    product.refresh_from_db()
    assert product.name == "Secret loaf"


def test_rows_of_an_inline_cannot_be_sent_along(market: Market, merchant: Merchant, member: User) -> None:
    offer = merchant.products.get().offers.get()
    step = offer.steps.get()
    sent = {
        "steps-TOTAL_FORMS": 1,
        "steps-INITIAL_FORMS": 1,
        "steps-0-id": step.pk,
        "steps-0-offer": offer.pk,
        "steps-0-from_quantity": 1,
        "steps-0-cost_minor": 9999,
        "steps-0-unit_price_minor": 9999,
    }
    assert signed_in(member).post(f"/desk/marketplace/offer/{offer.pk}/change/", sent).status_code == 403
    step.refresh_from_db()
    assert step.cost_minor == 100


@pytest.mark.parametrize("query", ["s=a&page=x", "s=a&page=99", "s=quinta"])
def test_the_search_of_the_desks_is_off(member: User, query: str) -> None:
    assert signed_in(member).get(f"/desk/search/?{query}").status_code == 404


@pytest.mark.parametrize("typed", ["9999-12-31T23:59", "0001-01-01T00:00", "2026-13-45T00:00", "soon", ""])
def test_an_impossible_closing_time_is_a_sentence(typed: str) -> None:
    market = Market(make_hub(time_zone="America/Los_Angeles"))
    url = f"/hub/marketplace/orderingwindow/{market.window.pk}/run/"
    answer = signed_in(make_hub_staff(market.hub)).post(url, {"do": "reopen", "closes_at": typed, "reason": "x"})
    assert answer.status_code == 422


def test_null_characters_reach_no_column(market: Market, merchant: Merchant, member: User) -> None:
    market.close()
    order = market.order(merchant)
    line = order.lines.get()
    typed = {f"confirmed-{line.pk}": "1", f"reason-{line.pk}": "fro\x00st"}
    url = f"/desk/marketplace/purchaseorder/{order.pk}/answer/"
    assert signed_in(member).post(url, typed).status_code == 302
    line.refresh_from_db()
    assert line.short_reason == "frost"


def test_a_filter_with_a_null_character_is_no_fault(member: User) -> None:
    answer = signed_in(member).get("/desk/marketplace/product/?storage_class__exact=%00")
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [{"line": []}, {"x": 1}, {"lines": [], "all": True}])
def test_a_mistyped_field_confirms_nothing(
    market: Market, merchant: Merchant, member: User, body: dict[str, object]
) -> None:
    market.close()
    order = market.order(merchant)
    answer = client_of(member).post(f"/api/v1/purchase-orders/{order.pk}/confirm/", body, format="json")
    problem(answer, 400, "invalid-request")
    order.refresh_from_db()
    assert order.state == "issued"


def test_a_mistyped_field_of_a_line_confirms_nothing(market: Market, merchant: Merchant, member: User) -> None:
    market.close()
    order = market.order(merchant)
    line = {"id": order.lines.get().pk, "confirmed": 3, "\ud800": 1}  # half a character
    body = json.dumps({"lines": [line]})
    url = f"/api/v1/purchase-orders/{order.pk}/confirm/"
    answer = client_of(member).post(url, body, content_type="application/json")
    assert problem(answer, 400, "invalid-request")["errors"][0]["pointer"] == "#/lines/0/\\ud800"
