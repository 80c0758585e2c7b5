"""Whoever works at a desk needs the second step at every door: apps' tokens and pages outside the desks as well."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from marketplace import clock
from marketplace.models import PurchaseOrder, User
from marketplace.rules.roles import Role
from tests.factories import make_household, make_hub_staff, make_merchant_member, make_user
from tests.marketplace.accounts.ground import is_signed_in
from tests.marketplace.accounts.test_second_step import PASSWORD, with_app
from tests.marketplace.api_ground import client_of, problem
from tests.marketplace.closing_ground import Market
from tests.marketplace.groups.ground import OPENS, Place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


def set_up(user: User) -> None:
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})


@pytest.fixture
def order() -> PurchaseOrder:
    market = Market()
    market.line(market.offer(market.merchant()), 3)
    market.close()
    return PurchaseOrder.objects.get()


def worker(order: PurchaseOrder, which: str) -> User:
    if which == "merchant":
        return make_merchant_member(order.merchant)
    if which == "staff":
        return make_user("Petra", is_staff=True)
    return make_hub_staff(order.window.round.hub, Role(which))


@pytest.mark.slow
@pytest.mark.parametrize("which", ["merchant", "staff", "coordinator", "treasurer", "dispatcher", "analyst"])
def test_a_token_without_it_reads_no_purchase_order(order: PurchaseOrder, settings: Settings, which: str) -> None:
    settings.MFA_REQUIRED = True
    user = worker(order, which)
    app = client_of(user)
    for address in ("/api/v1/purchase-orders/", f"/api/v1/purchase-orders/{order.pk}/"):
        problem(app.get(address), 403, "second-step-needed")
    set_up(user)
    assert app.get("/api/v1/purchase-orders/").json()["results"][0]["id"] == order.pk
    assert app.get(f"/api/v1/purchase-orders/{order.pk}/").status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("which", ["merchant", "coordinator"])
def test_nor_confirms_one(order: PurchaseOrder, settings: Settings, which: str) -> None:
    settings.MFA_REQUIRED = True
    app = client_of(worker(order, which))
    confirming = app.post(f"/api/v1/purchase-orders/{order.pk}/confirm/", {}, format="json", HTTP_IF_MATCH="*")
    problem(confirming, 403, "second-step-needed")
    order.refresh_from_db()
    assert order.state == "issued"


@pytest.mark.slow
def test_a_coordinator_without_it_reads_no_names_on_pages_either(settings: Settings) -> None:
    place = Place()
    place.orders("Anabela")
    place.close()
    coordinator = make_hub_staff(place.market.hub)
    browser = Client()
    browser.force_login(coordinator)
    with clock.frozen(OPENS):
        assert "Anabela" in browser.get(place.address).content.decode()
        settings.MFA_REQUIRED = True
        refused = browser.get(place.address)
        assert refused.status_code == 403
        assert "Anabela" not in refused.content.decode()
        assert "second step" in refused.content.decode()
        problem(client_of(coordinator).get(f"/api/v1{place.address}list/"), 403, "second-step-needed")


@pytest.mark.slow
def test_households_and_hosts_need_none(settings: Settings) -> None:
    settings.MFA_REQUIRED = True
    place = Place()
    place.orders("Anabela")
    place.close()
    host = client_of(place.host)
    assert host.get("/api/v1/reservations/").status_code == 200
    assert [row["id"] for row in host.get("/api/v1/hosting/handovers/").json()["results"]] == [place.handover.pk]
    problem(host.get("/api/v1/purchase-orders/999/"), 404, "not-found")


@pytest.mark.slow
def test_what_is_a_workers_own_as_a_household_stays_open(order: PurchaseOrder, settings: Settings) -> None:
    settings.MFA_REQUIRED = True
    user = worker(order, "coordinator")
    make_household("Carla's", user)
    app = client_of(user)
    told = app.get("/api/v1/me/").json()
    assert [held["role"] for held in told["roles"]] == ["household_member", "coordinator"]
    assert app.get("/api/v1/reservations/").status_code == 200


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)  # they end once the new step is stored
def test_the_first_second_step_ends_the_sessions_that_began_without_it(client: Client) -> None:
    ana = make_user("Ana", password=PASSWORD)
    stolen = Client()
    stolen.post("/login/", {"login": ana.email, "password": PASSWORD})
    stolen.get("/me/security/")
    assert is_signed_in(stolen)
    with_app(client, ana)
    assert is_signed_in(client)
    assert stolen.get("/me/security/")["Location"].startswith("/login/")
    assert UserSession.objects.filter(user=ana).count() == 1
