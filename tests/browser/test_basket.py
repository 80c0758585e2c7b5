"""The quantity control and the basket on a phone: two taps make a range, a lost network loses nothing, two devices."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.conftest import SMALL, Server
from tests.browser.test_every_page import serious

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SOON_MS = 6000


def card(page: Page, name: str) -> Locator:
    return page.locator("[data-offer]").filter(has_text=name).first


def plus(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"More {name}", exact=True)


def held(server: Server, user: str, offer: int) -> tuple[int, int]:
    """(firm, flexible) of the line of the household that the user acts for, as the server has it."""
    told = server.run(
        "from marketplace.access import household_of\n"
        "from marketplace.models import ReservationLine, User\n"
        f"household = household_of(User.objects.get(email='{user}@example.org'))\n"
        f"found = ReservationLine.objects.filter(offer={offer}, reservation__household=household)\n"
        "print(*(found.values_list('firm', 'flexible').first() or (0, 0)))"
    )
    firm, flexible = told.split()
    return int(firm), int(flexible)


@pytest.fixture
def shop(server: Server, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens the open round for a person."""

    def opened(user: str, **options: object) -> Page:
        page = open_page(user=user, **options)
        page.goto(f"/rounds/{server.facts['open']}/")
        return page

    return opened


def test_two_taps_make_a_range_and_its_words_say_what_was_agreed(shop: Callable[..., Page]) -> None:
    page = shop("bela")
    plus(page, "Rye sourdough").click()
    one = card(page, "Rye sourdough")
    take = one.get_by_role("button", name="and up to 2 if it completes a case of 6")
    take.click()
    expect(one.locator(".means")).to_have_text(
        "You get 1. Up to 1 more only if it completes a case of 6; never above €2.40 each."
    )
    expect(one.locator("output")).to_have_text("1up to 2")
    expect(page.locator("#basket")).to_contain_text("Reserved, change until")
    one.get_by_role("button", name="Only 1").click()
    expect(one.locator("output")).to_have_text("1")
    expect(one.locator(".means")).to_have_count(0)


def test_the_sheet_keeps_range_and_limit_and_a_later_plus_keeps_them_too(shop: Callable[..., Page]) -> None:
    page = shop("bela")
    one = card(page, "Olive oil")
    one.get_by_role("link", name="Range and limit").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_label("Up to")).to_be_focused()
    sheet.get_by_label("At least", exact=True).fill("3")
    sheet.get_by_label("Up to").fill("5")
    sheet.get_by_text("More: price limit").click()
    sheet.get_by_label("Pay at most, each").fill("cheap")
    sheet.get_by_role("button", name="Keep this").click()
    expect(sheet.locator(".error")).to_have_text("Write the price alone, like 2.10.")
    expect(sheet.get_by_label("Up to")).to_have_value("5")
    sheet.get_by_label("Pay at most, each").fill("2.20")
    sheet.get_by_role("button", name="Keep this").click()
    expect(sheet).to_have_count(0)
    expect(one.locator("output")).to_have_text("3up to 5")
    plus(page, "Olive oil, new harvest").click()
    expect(one.locator("output")).to_have_text("4up to 6")
    expect(page.locator("#basket")).to_contain_text("4–6 Olive oil, new harvest€8.80")  # the limit, not the price


def test_the_sheet_gives_the_focus_back_and_has_no_serious_finding(shop: Callable[..., Page]) -> None:
    page = shop("bela", size=SMALL)
    link = card(page, "Honey").get_by_role("link", name=re.compile("Range and limit ?: Honey"))
    link.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Honey")
    expect(sheet).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(link).to_be_focused()


def test_the_range_is_there_without_scripts(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="bela", script=False)
    page.goto(f"/rounds/{server.facts['open']}/")
    plus(page, "Country loaf").click()
    card(page, "Country loaf").get_by_role("button", name=re.compile("^and up to 2")).click()
    expect(card(page, "Country loaf").locator(".means")).to_contain_text("You get 1. Up to 1 more")
    card(page, "Country loaf").get_by_role("link", name="Change").click()
    page.get_by_label("Up to").fill("1")
    page.get_by_label("At least", exact=True).fill("4")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_text("“Up to” is the larger number")).to_be_visible()
    expect(page.get_by_label("At least", exact=True)).to_have_value("4")


def test_wishes_of_a_lost_network_outlive_a_reload_and_arrive_once(server: Server, shop: Callable[..., Page]) -> None:
    page = shop("bela")
    offer = int(card(page, "Leeks").get_attribute("data-offer") or 0)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.context.set_offline(True)
    for _tap in range(3):
        plus(page, "Leeks").click()
    expect(page.locator("#basket")).to_contain_text("Not saved yet: no connection, kept here")
    expect(card(page, "Leeks").locator(".note")).to_contain_text("not reserved yet")
    expect(card(page, "Leeks").locator("output")).to_have_text("3")
    assert held(server, "bela", offer) == (0, 0)
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#basket")).to_contain_text("3 Leeks", timeout=SOON_MS)
    expect(page.locator("#basket")).to_contain_text("Reserved, change until")
    expect(card(page, "Leeks").locator("output")).to_have_text("3")
    page.reload()
    expect(card(page, "Leeks").locator("output")).to_have_text("3")
    assert held(server, "bela", offer) == (3, 0)
    keys = {re.search(r'name="request_key"\s+(\w+)', request.post_data or "")[1] for request in sent}  # type: ignore[index]
    assert len(keys) == 1


def test_an_answer_that_was_lost_on_its_way_counts_once(server: Server, shop: Callable[..., Page]) -> None:
    page = shop("bela")
    offer = int(card(page, "Carrots").get_attribute("data-offer") or 0)

    def swallow(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    page.route(f"**/offers/{offer}/", swallow, times=1)
    plus(page, "Carrots in a bunch").click()
    expect(card(page, "Carrots").locator(".note")).to_contain_text("not reserved yet")
    assert held(server, "bela", offer) == (1, 0)
    plus(page, "Carrots in a bunch").click()
    expect(page.locator("#basket")).to_contain_text("2 Carrots", timeout=10_000)
    assert held(server, "bela", offer) == (2, 0)


def test_unsent_wishes_are_gone_after_signing_out(shop: Callable[..., Page]) -> None:
    page = shop("bela")
    page.context.set_offline(True)
    plus(page, "Honey").click()
    expect(page.locator("#basket")).to_contain_text("Not saved yet")
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('windrow:unsent:')).length") == 1
    page.evaluate("""() => {
        const form = Object.assign(document.createElement("form"), { action: "/logout/", method: "post" });
        form.addEventListener("submit", (event) => event.preventDefault());
        document.body.append(form);
        form.requestSubmit();
    }""")
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('windrow:unsent:')).length") == 0
    page.context.set_offline(False)


def test_two_devices_that_tap_at_once_both_count_and_say_so(
    server: Server, shop: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    phone = shop("bela")
    tablet = open_page(user="bela", size=SMALL)
    tablet.goto(f"/rounds/{server.facts['open']}/")
    offer = int(card(phone, "Whole milk").get_attribute("data-offer") or 0)
    plus(phone, "Whole milk").click()
    expect(phone.locator("#basket")).to_contain_text("1 Whole milk")
    plus(tablet, "Whole milk").click()
    expect(card(tablet, "Whole milk").locator("output")).to_have_text("2")
    expect(card(tablet, "Whole milk").locator(".note")).to_contain_text("Your household had made it 1 meanwhile")
    assert held(server, "bela", offer) == (2, 0)


def test_the_focused_control_is_never_behind_the_basket(shop: Callable[..., Page]) -> None:
    page = shop("bela", size=SMALL)
    plus(page, "Honey").click()
    expect(page.locator("#basket")).to_contain_text("Honey")
    page.evaluate("scrollTo(0, 0)")
    for _press in range(60):
        page.keyboard.press("Tab")
        hidden = page.evaluate("""() => {
            const at = document.activeElement.getBoundingClientRect(), bar = document.getElementById("basket");
            const over = bar.contains(document.activeElement) ? Infinity : bar.getBoundingClientRect().top;
            return at.height && at.bottom > over && document.activeElement.closest("main") !== null
                && getComputedStyle(bar).position === "fixed" ? document.activeElement.outerHTML.slice(0, 90) : "";
        }""")
        assert hidden == ""


def test_every_control_of_the_basket_is_44_pixels_high(server: Server, shop: Callable[..., Page]) -> None:
    page = shop("bela", size=SMALL)
    plus(page, "Honey").click()
    expect(page.locator("#basket")).to_contain_text("Honey")
    for address in (page.url, f"/rounds/{server.facts['open']}/basket/"):
        page.goto(address)
        small = page.evaluate("""() => [...document.querySelectorAll("main .stepper button, main .range :is(a, button),"
            + " main .choice, main summary, main .button")].filter((e) => e.offsetParent)
            .filter((e) => e.getBoundingClientRect().height < 43.9).map((e) => e.outerHTML.slice(0, 80))""")
        assert small == []
