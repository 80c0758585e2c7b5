"""The whole way of two people at 390 px: a link in a chat, a place, a basket with a range, a friend who makes the price
fall on both screens, a lost network, the close with its reasons, and one tap for the usual in the next round."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]
# A person sees a change within two seconds; a busy machine gets three times that.
SOON_MS = 6000
CODE = re.compile(r"^    ([A-Z]{6})$", re.MULTILINE)


def told(server: Server, call: str) -> dict[str, Any]:
    """What a function of walk_seed prints, run in the server's environment."""
    answer: dict[str, Any] = json.loads(server.run(f"from tests.browser.walk_seed import *\n{call}") or "{}")
    return answer


def code_for(server: Server, address: str) -> str:
    """The code of the newest mail to this address."""
    folder = Path(server.environment["WINDROW_DATA_DIR"]) / "mails"
    newest = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    found = CODE.search(next(text for text in (path.read_text() for path in newest) if f"To: {address}" in text))
    assert found
    return found[1]


def card(page: Page, name: str) -> Locator:
    return page.locator("[data-offer]").filter(has_text=name).first


def more(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"More {name}", exact=True).click()


def come_by_link(page: Page, server: Server, facts: dict[str, Any], name: str) -> None:
    """Open the group's link, start an account with a code from the mail, and join."""
    page.goto(f"/join/{facts['invitation']}/")
    expect(page.get_by_role("heading", name="Evening table")).to_be_visible()
    page.get_by_role("link", name="Sign in and join").click()
    address = f"{name.lower()}@example.org"
    if not page.url.split("?")[0].endswith("/signup/"):
        page.locator("a[href^='/signup/']").first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code_for(server, address) + " ")
    page.wait_for_url(f"**/join/{facts['invitation']}/")
    page.get_by_role("button", name="Join the group").click()
    page.goto(f"/rounds/{facts['round']}/")


def test_from_a_link_in_a_chat_to_the_usual_of_the_next_round(market: Server, open_page: Callable[..., Page]) -> None:
    facts = told(market, "first()")
    here = f"/rounds/{facts['round']}/"
    mara, nuno = open_page(at=market), open_page(at=market)

    # A link in a chat; looking around and picking a place come before any account.
    mara.goto(f"/join/{facts['invitation']}/")
    mara.get_by_role("link", name="Friday's round").click()
    expect(card(mara, "Vine tomatoes")).to_be_visible()
    mara.goto("/places/")
    mara.get_by_role("button", name=re.compile("Library")).click()
    expect(mara.locator("main")).to_contain_text("Library")
    come_by_link(mara, market, facts, "Mara")

    # Three products, one of them with a range.
    more(mara, "Vine tomatoes")
    expect(mara.locator("#basket")).to_contain_text("Reserved, change until")
    card(mara, "Vine tomatoes").get_by_role("button", name=re.compile("^and up to 2")).click()
    expect(card(mara, "Vine tomatoes").locator("output")).to_have_text("1up to 2")
    more(mara, "Rye sourdough")
    more(mara, "Rye sourdough")
    more(mara, "Honey")
    expect(card(mara, "Honey").locator(".note")).to_contain_text("reserved. Sure as soon as")

    # The network goes and comes back: nothing is lost.
    mara.context.set_offline(True)
    expect(mara.locator("#stale")).to_contain_text("numbers may be old")
    more(mara, "Honey")
    expect(card(mara, "Honey").locator(".note")).to_contain_text("not reserved yet")
    mara.context.set_offline(False)
    expect(card(mara, "Honey").locator(".note")).to_contain_text("reserved. Sure as soon as", timeout=SOON_MS)
    expect(card(mara, "Honey").locator("output")).to_have_text("2")
    expect(mara.locator("#stale")).to_be_empty(timeout=SOON_MS)

    # A friend comes by the same link; the price falls on both screens, without a reload.
    come_by_link(nuno, market, facts, "Nuno")
    expect(card(nuno, "Rye sourdough").locator(".price b")).to_have_text("€2.40", timeout=SOON_MS)
    expect(card(mara, "Rye sourdough").locator(".price b")).to_have_text("€2.40", timeout=SOON_MS)
    mara.evaluate("window.sameDocument = true")
    more(nuno, "Rye sourdough")
    more(nuno, "Rye sourdough")
    expect(nuno.locator("#basket")).to_contain_text("Reserved, change until")
    for page in (mara, nuno):
        expect(card(page, "Rye sourdough").locator(".price b")).to_have_text("€2.10", timeout=SOON_MS)
    assert mara.evaluate("window.sameDocument")

    # Second thoughts.
    mara.get_by_role("button", name="Less Honey", exact=True).click()
    expect(card(mara, "Honey").locator("output")).to_have_text("1")
    expect(mara.locator("#basket")).to_contain_text("Reserved, change until")

    # The window closes by itself, and every line says what came of it.
    told(market, f"close_in({facts['round']}, 8)")
    mara.goto(here)
    expect(mara.locator(".clock b").first).to_have_text("Closed", timeout=30_000)
    mara.get_by_role("link", name="See what you get").click()
    expect(mara.get_by_role("heading", name="What you get")).to_be_visible()
    lines = mara.locator(".lines")
    expect(lines).to_contain_text("Rye sourdough")
    expect(lines).to_contain_text("€4.20")
    expect(lines).to_contain_text("fewer than the smallest order. Nothing is charged.")

    # The next round: one tap, and it says what it will add.
    following = told(market, "following()")
    mara.goto(f"/rounds/{following['round']}/usual/")
    expect(mara.get_by_role("heading", name="Your usual")).to_be_visible()
    expect(mara.locator(".picks").first).to_contain_text("2 Rye sourdough")
    mara.get_by_role("button", name="Reserve what is ticked").click()
    mara.goto(f"/rounds/{following['round']}/")
    expect(card(mara, "Rye sourdough").locator("output")).to_have_text("2")
    assert mara.evaluate("document.documentElement.scrollWidth <= 390")
