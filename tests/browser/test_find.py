"""What the round page costs a phone, and finding without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import SMALL, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# A phone on a slow line: first view of a round (docs/benchmarks.md).
MOST_REQUESTS, MOST_BYTES, MOST_HTML, MOST_SCRIPT = 12, 150_000, 25_000, 25_000


def test_the_first_view_of_a_round_stays_within_its_budget(server: Server, open_page: Callable[..., Page]) -> None:
    page, answers = open_page(size=SMALL), []

    def note(answer: Response) -> None:
        answers.append((answer.url.removeprefix(server.url), answer.request.sizes()["responseBodySize"]))

    page.on("response", note)
    page.goto(f"/rounds/{server.facts['open']}/", wait_until="networkidle")
    assert len(answers) <= MOST_REQUESTS, answers
    assert sum(size for _, size in answers) <= MOST_BYTES
    assert answers[0][1] <= MOST_HTML
    assert sum(size for address, size in answers if address.endswith(".js")) <= MOST_SCRIPT


def test_a_round_is_searched_and_filtered_without_scripts(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=SMALL, script=False)
    page.goto(f"/rounds/{server.facts['open']}/")
    page.get_by_text("Filters and order").click()
    page.get_by_label("Order").select_option("name")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("[data-offer] h3").first).to_have_text("Carrots in a bunch")
    page.get_by_text("Filters and order").click()
    page.get_by_label("nuts", exact=True).check()
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Nothing fits these filters")).to_be_visible()
    page.get_by_role("link", name="Take off: without nuts").click()
    expect(page.locator("[data-offer]").first).to_be_visible()


def test_the_device_tells_its_place_on_a_tap_alone(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=SMALL)
    page.goto("/places/")
    page.get_by_role("button", name="Use where this device is").click()
    expect(page.get_by_text("Your device did not tell where it is.")).to_be_visible()
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 38.71, "longitude": -9.14})
    page.get_by_role("button", name="Use where this device is").click()
    page.wait_for_url(f"{server.url}/")
    expect(page.get_by_text("the place that you showed").first).to_be_visible()
