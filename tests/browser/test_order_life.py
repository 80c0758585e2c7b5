"""One purchase order's life: at the two desks from issue to matched invoice, by the mail's link, and by the API."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SMALL, Server
from tests.browser.looking import serious
from tests.browser.seed_facts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

# A closed window of the seeded merchant: apples that will be short, pears in full, and cheese that is weighed.
SEED = """
from datetime import timedelta
from itertools import count
from tests import factories
factories._serial = count(9000)
from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.orders.order_link import link_url
from marketplace.models import HubRole, Merchant, Product, PurchaseOrder, Reservation, ReservationLine, Supply, User
from tests.factories import make_handover, make_household, make_offer, make_product, make_round, make_window
merchant = Merchant.objects.get()
supply = Supply.objects.get(merchant=merchant)
hub = supply.hub
now = clock.now()
HubRole.objects.get_or_create(hub=hub, user=User.objects.get(email="clara@example.org"), role="treasurer")
window = make_window(make_round(hub, "Order's round"), [supply], opens_at=now - timedelta(days=1), closes_at=now)
handover = make_handover(window.round)
cheese = make_product(merchant, "Mountain cheese")
Product.objects.filter(pk=cheese.pk).update(catch_weight=True)
quinces = make_product(merchant, "Quinces")
offers = [
    make_offer(window, make_product(merchant, "Apples"), ladder=((1, 100, 150),)),
    make_offer(window, make_product(merchant, "Pears"), ladder=((1, 120, 180),)),
    make_offer(window, cheese, ladder=((1, 400, 500),), price_unit="KGM", price_units_denominator=2),
]
for units, substitutes in ((6, [quinces.pk]), (4, [])):
    reservation = Reservation.objects.create(
        household=make_household(), round=window.round, handover=handover, created_at=now, changed_at=now
    )
    for offer in offers:
        ReservationLine.objects.create(
            reservation=reservation, offer=offer, window=window, firm=units, placed_at=now - timedelta(hours=1),
            substitutes=substitutes if offer == offers[0] else [],
        )
close_window(window_id=window.pk)
order = PurchaseOrder.objects.get(window=window)
link = link_url(order_id=order.pk, due_at=now + timedelta(days=1))
lines = order.lines.order_by("pk").values_list("pk", flat=True)
print(order.pk, order, *lines, "/orders/" + link.rsplit("/", 2)[-2] + "/")
"""


@pytest.fixture
def order(server: Server) -> dict[str, Any]:
    pk, number, apples, pears, cheese, link = server.run(SEED).split()[-6:]
    return {"pk": pk, "number": number, "apples": apples, "pears": pears, "cheese": cheese, "link": link}


def fits(page: Page) -> None:
    """Nothing is wider than the screen, and nothing serious is in anybody's way."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert serious(page) == []


def test_from_issued_to_matched_at_the_desks(order: dict[str, Any], open_page: Callable[..., Page]) -> None:
    desk, hub = f"/desk/marketplace/purchaseorder/{order['pk']}", f"/hub/marketplace/purchaseorder/{order['pk']}"
    rui = open_page(size=PHONE, user="rui")
    rui.goto("/desk/marketplace/purchaseorder/board/?tab=to_confirm")
    fits(rui)
    rui.click(f"text={order['number']}")
    fits(rui)
    # One short line with something else instead, one weighed: the first try forgets to say why.
    rui.fill(f"[name=confirmed-{order['apples']}]", "7")
    rui.fill(f"[name=weight-{order['cheese']}]", "5.240")
    rui.click("text=Send these quantities")
    expect(rui.locator("main")).to_contain_text("Say why fewer will come")
    expect(rui.locator(f"[name=weight-{order['cheese']}]")).to_have_value("5.240")
    rui.fill(f"[name=reason-{order['apples']}]", "hail")
    rui.click("text=Send something else instead")
    rui.select_option(f"[name=instead-{order['apples']}]", label="Quinces (up to 6)")
    rui.fill(f"[name=instead_units-{order['apples']}]", "3")
    rui.click("text=Send these quantities")
    expect(rui.locator("main")).to_contain_text("partly confirmed")
    expect(rui.locator("main")).to_contain_text("Apples: 7 will come instead of 10.")
    expect(rui.locator("main")).to_contain_text("Mountain cheese weighs 5.240 kg.")
    fits(rui)

    clara = open_page(size=DESKTOP, user="clara")
    clara.goto(f"{hub}/lines/")
    fits(clara)
    cut = clara.locator("form", has=clara.locator("h2", has_text="Take something off"))
    cut.locator("[name=line]").select_option(value=order["pears"])
    cut.locator("[name=units]").fill("2")
    cut.locator("[name=reason]").fill("a household moved away")
    cut.locator("[name=who]").fill("Rui's father")
    cut.locator("text=Take it off").click()
    expect(clara.locator("main")).to_contain_text("Pears: 8 ordered instead of 10.")
    expect(clara.locator("main")).to_contain_text("Rui's father agreed by phone")
    fits(clara)

    rui.goto(f"{desk}/answer/")
    rui.click("text=It is packed")
    rui.goto("/desk/marketplace/purchaseorder/board/?tab=to_ship")
    rui.click(f"text={order['number']}")
    rui.click("text=Send it off")
    rui.fill(f"[name=lot-{order['cheese']}]", "C-17")
    rui.click("text=Save these counts")
    expect(rui.locator("main")).to_contain_text("On its way")

    clara.goto(f"{hub}/receive/")
    clara.click("text=All of it is here")
    expect(clara.locator("main .po-state")).to_have_text("received")
    clara.click("main >> text=Invoice")
    fits(clara)
    clara.fill("[name=number]", "R-2026-17")
    clara.fill("[name=dated_on]", "2020-01-02")
    clara.fill(f"[name='amount-{order['apples']}']", "6.30")
    clara.fill(f"[name='amount-{order['pears']}']", "10.00")
    clara.click("text=Enter this invoice")
    # Apples are billed lower, for the households; pears too high, for the merchant unless somebody says otherwise.
    expect(clara.locator("main")).to_contain_text("€0.70 less: to the households")
    expect(clara.locator("main")).to_contain_text("the merchant: it is not paid")
    fits(clara)
    clara.click("text=Match it")
    expect(clara.locator("main")).to_contain_text("is owed to the merchant")
    clara.goto(f"{hub}/answer/")
    expect(clara.locator("main .po-state")).to_have_text("matched")
    fits(clara)


def test_the_mails_link_on_a_small_phone_without_scripts_or_a_session(
    order: dict[str, Any], open_page: Callable[..., Page]
) -> None:
    page = open_page(size=SMALL, script=False)
    page.goto(order["link"])
    expect(page.locator("h1")).to_have_text(order["number"])
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.click("text=Confirm everything")
    expect(page.locator("main")).to_contain_text("The hub knows what will come")
    page.click("summary:has-text('Change the answer')")
    page.fill(f"[name=confirmed-{order['apples']}]", "9")
    page.fill(f"[name=reason-{order['apples']}]", "one was bad")
    page.click("text=Send these quantities")
    expect(page.locator("main")).to_contain_text("of 10 ordered")
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "sessionid"]
    other = open_page(size=SMALL, scheme="dark")
    other.goto(order["link"])
    fits(other)
    other.goto(order["link"][:-2] + "x/")
    expect(other.locator("h1")).to_contain_text("nothing here")


def test_a_merchants_system_answers_by_the_api(order: dict[str, Any], open_page: Callable[..., Page]) -> None:
    asking = open_page().request
    signed = asking.post(
        "/api/v1/auth/login", data={"email": "rui@example.org", "password": PASSWORD}, headers={"User-Agent": "desk"}
    )
    token = {"X-Session-Token": signed.json()["meta"]["session_token"]}
    address = f"/api/v1/purchase-orders/{order['pk']}/"
    read = asking.get(address, headers=token)
    tag = {"If-Match": read.headers["etag"], **token}
    lines = [
        {"id": int(order["apples"]), "confirmed": 8, "reason": "hail"},
        {"id": int(order["pears"]), "confirmed": 10},
        {"id": int(order["cheese"]), "confirmed": 10, "weight": "5.1"},
    ]
    answered = asking.post(f"{address}confirm/", data={"lines": lines}, headers=tag)
    assert (answered.status, answered.json()["state"]) == (200, "partly_confirmed")
    assert asking.post(f"{address}confirm/", data={"lines": lines}, headers=tag).status == 412
    assert asking.post(f"{address}confirm/", data={"lines": lines}, headers=token).status == 428
    shipped = asking.post(f"{address}ship/", data={}, headers={"If-Match": answered.headers["etag"], **token})
    assert (shipped.status, shipped.json()["state"]) == (200, "shipped")
    page = open_page(user="clara", size=DESKTOP)
    page.goto(f"/hub/marketplace/purchaseorder/{order['pk']}/answer/")
    expect(page.locator("main")).to_contain_text("The merchant answered, by its own system")
