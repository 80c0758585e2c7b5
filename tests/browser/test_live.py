"""An open page beside a real worker: figures that move, a household's own lines, a network that fails, the close."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# A person sees it within two seconds; a busy machine gets twice that.
SOON_MS = 4000


def card(page: Page, name: str) -> Locator:
    return page.locator("[data-offer]").filter(has_text=name).first


def more(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"More {name}", exact=True).click()


def figures_of(row: Locator) -> int:
    """How many units the row says are reserved."""
    return int((row.get_attribute("aria-label") or "").split()[0])


def test_a_reservation_elsewhere_moves_an_open_page_without_a_reload(
    market: Server, open_page: Callable[..., Page]
) -> None:
    watching, buying = open_page(user="ana", at=market), open_page(user="bela", size=DESKTOP, at=market)
    for page in (watching, buying):
        page.goto(f"/rounds/{market.facts['open']}/")
    watching.evaluate("window.sameDocument = true")
    before = figures_of(card(watching, "Leeks").locator(".row"))
    for _tap in range(7):
        more(buying, "Leeks")
    expect(buying.locator("#basket")).to_contain_text("7 Leeks")
    row = re.compile(f"^{before + 7} of ")
    expect(card(watching, "Leeks").locator(".row")).to_have_attribute("aria-label", row, timeout=SOON_MS)
    expect(card(watching, "Leeks").locator(".sentence")).to_contain_text(f"{before + 7} reserved:")
    expect(card(watching, "Leeks").locator(".price b")).to_have_text("€2.40")
    expect(card(watching, "Leeks").locator(".price small").first).to_be_empty()  # no longer "at most"
    assert watching.evaluate("window.sameDocument")


def test_own_lines_follow_in_other_tabs_and_on_other_devices(market: Server, open_page: Callable[..., Page]) -> None:
    phone, laptop = open_page(user="ana", at=market), open_page(user="ana", size=DESKTOP, at=market)
    tab = laptop.context.new_page()
    for page in (phone, laptop, tab):
        page.goto(f"/rounds/{market.facts['open']}/?category=bread")
        page.evaluate("window.sameDocument = true")
    before = int(card(laptop, "Country loaf").locator("[name=firm]").first.input_value())
    more(laptop, "Country loaf")
    expect(card(tab, "Country loaf").locator("output")).to_have_text(str(before + 1), timeout=SOON_MS)
    phone.evaluate("dispatchEvent(new Event('focus'))")  # taken into the hand again
    expect(card(phone, "Country loaf").locator("output")).to_have_text(str(before + 1), timeout=SOON_MS)
    for page in (phone, tab):
        expect(page.locator("#basket")).to_contain_text("Reserved")
        assert page.evaluate("window.sameDocument")


def test_a_tap_without_a_network_is_kept_and_sent_later(market: Server, open_page: Callable[..., Page]) -> None:
    page, other = open_page(user="ana", at=market), open_page(user="bela", at=market)
    for one in (page, other):
        one.goto(f"/rounds/{market.facts['open']}/?category=pantry")
    page.context.set_offline(True)
    expect(page.locator("#stale")).to_contain_text("numbers may be old")
    more(page, "Honey")
    expect(card(page, "Honey").locator(".note")).to_contain_text("not reserved yet")
    more(other, "Olive oil, new harvest")
    expect(other.locator("#basket")).to_contain_text("Olive oil")
    page.context.set_offline(False)
    expect(page.locator("#basket")).to_contain_text("Honey", timeout=SOON_MS)
    expect(card(page, "Honey").locator(".note")).to_contain_text("reserved. Sure as soon as")
    expect(page.locator("#stale")).to_be_empty()
    expect(card(page, "Olive oil").locator(".row")).to_have_attribute("aria-label", re.compile("^[1-9]"))


def test_the_page_closes_by_itself_and_the_outcome_explains_every_line(
    market: Server, open_page: Callable[..., Page]
) -> None:
    page, empty = open_page(user="ana", at=market), open_page(user="bela", at=market)
    market.run(
        "from datetime import timedelta\nfrom marketplace import clock\nfrom marketplace.models import OrderingWindow\n"
        "soon = clock.now() + timedelta(seconds=9)\n"
        f"OrderingWindow.objects.filter(round_id={market.facts['late']}).update(fills_at=soon, closes_at=soon)"
    )
    for one in (page, empty):
        one.goto(f"/rounds/{market.facts['late']}/")
    expect(empty.locator("#basket")).to_contain_text("Tap + and it is reserved")
    expect(page.locator(".clock b")).to_have_text("Closed", timeout=15_000)
    expect(page.locator(".stepper button:enabled")).to_have_count(0)
    for one in (page, empty):
        expect(one.locator("#basket")).not_to_contain_text("Tap +")
    expect(page.locator(".sentence").first).to_contain_text("Not ordered", timeout=20_000)  # it came by itself
    page.get_by_role("link", name="See what you get").click()
    expect(page.get_by_role("heading", name="What you get")).to_be_visible()
    expect(page.locator(".lines .tag")).to_have_text(["not this time"] * 3)
    expect(page.locator(".lines")).to_contain_text("fewer than the smallest order. Nothing is charged.")
