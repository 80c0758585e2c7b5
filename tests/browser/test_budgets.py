"""What a round of fifty offers costs a phone on a slow line, and that it works there."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import PHONE, SMALL, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_REQUESTS, MOST_BYTES, MOST_HTML, MOST_SCRIPT = 12, 150_000, 25_000, 25_000
# 50 kbit/s each way and 800 ms there and back, in Chromium's own throttling; bytes per second.
SLOW = {"offline": False, "latency": 800, "downloadThroughput": 6_250, "uploadThroughput": 6_250}
RESERVED_WITHIN_SECONDS = 15


def answers_of(page: Page) -> list[Response]:
    found: list[Response] = []
    page.on("response", lambda answer: found.append(answer))
    return found


def size_of(answer: Response) -> int:
    return answer.request.sizes()["responseBodySize"]


def forget_files(page: Page) -> None:
    """Nothing of the pages before stays in the browser's cache."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")


def test_the_first_view_of_fifty_offers_stays_within_its_budget(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="ana", size=SMALL)
    forget_files(page)
    answers = answers_of(page)
    page.goto(f"/rounds/{server.facts['crowded']}/", wait_until="networkidle")
    expect(page.locator(".offer")).to_have_count(50)
    costs = {answer.url.removeprefix(server.url): size_of(answer) for answer in answers}
    assert len(answers) <= MOST_REQUESTS, costs
    assert sum(costs.values()) <= MOST_BYTES, costs
    assert size_of(answers[0]) <= MOST_HTML
    assert 0 < sum(size for address, size in costs.items() if address.endswith(".js")) <= MOST_SCRIPT


def test_who_saves_data_gets_no_font_no_picture_and_no_socket(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="ana", size=SMALL, headers={"Save-Data": "on"})
    forget_files(page)
    answers, sockets = answers_of(page), []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"/rounds/{server.facts['crowded']}/", wait_until="networkidle")
    expect(page.locator(".offer")).to_have_count(50)
    addresses = [answer.url.removeprefix(server.url) for answer in answers]
    assert not [one for one in addresses if one.endswith(".woff2") or "/pictures/" in one or "motifs" in one]
    assert sockets == []
    page.get_by_role("button", name="More Jam of the year 1990", exact=True).click()
    expect(page.locator("#basket")).to_contain_text("Jam of the year 1990")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_on_a_very_slow_line_a_reservation_works_within_fifteen_seconds(
    server: Server, open_page: Callable[..., Page], script: bool
) -> None:
    name = f"Jam of the year {1975 if script else 1976}"
    page = open_page(user="bela", size=PHONE, script=script)
    forget_files(page)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    began = time.monotonic()
    page.goto(f"/rounds/{server.facts['crowded']}/", wait_until="commit")
    page.get_by_role("button", name=f"More {name}", exact=True).click(no_wait_after=True)
    expect(page.locator("#basket")).to_contain_text(name, timeout=60_000)
    expect(page.locator("#basket .saved, #basket .kept").first).to_contain_text("Reserved")
    assert time.monotonic() - began <= RESERVED_WITHIN_SECONDS
