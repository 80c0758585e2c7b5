"""Every page, on a phone and a desk, light and dark: nothing that axe calls serious, nothing that scrolls sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, SMALL, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = (
    ("home", "/", 200),
    ("login", "/login/", 200),
    ("open round", "/rounds/{open}/", 200),
    ("one kind of goods", "/rounds/{open}/?category=bread", 200),
    ("nothing of that kind", "/rounds/{open}/?category=none", 200),
    ("nothing found", "/rounds/{open}/?q=zzzzz&without=nuts", 200),
    ("another order", "/rounds/{open}/?sort=name", 200),
    ("one product", "/rounds/{open}/goods/1/", 200),
    ("places", "/places/?q=rua", 200),
    ("coming round", "/rounds/{coming}/", 200),
    ("closed round", "/rounds/{closed}/", 200),
    ("one offer", "/rounds/{open}/offers/1/", 200),
    ("empty basket", "/rounds/{coming}/basket/", 200),
    ("basket", "/rounds/{late}/basket/", 200),
    ("final reservation", "/rounds/{closed}/reservation/", 200),
    ("reservation", "/rounds/{late}/reservation/", 200),
    ("gallery", "/gallery/", 200),
    ("nowhere", "/nowhere/", 404),
)


def serious(page: Page) -> list[dict[str, Any]]:
    found = Axe().run(page).response["violations"]
    return [
        {"id": rule["id"], "where": [node["target"] for node in rule["nodes"]][:3]}
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_page_has_a_serious_finding(
    server: Server, open_page: Callable[..., Page], size: tuple[int, int], scheme: str
) -> None:
    page = open_page(user="ana", size=size, scheme=scheme)
    findings = {}
    for name, address, status in PAGES:
        # The script of the rules needs a page whose policy it may break.
        answer = page.goto(address.format(**server.facts))
        assert answer is not None
        assert answer.status == status, name
        found = serious(page)
        if found:
            findings[name] = found
    assert findings == {}


@pytest.mark.parametrize("size", [SMALL, PHONE], ids=["360", "390"])
def test_no_page_scrolls_sideways(server: Server, open_page: Callable[..., Page], size: tuple[int, int]) -> None:
    page = open_page(user="ana", size=size)
    wide = {}
    for name, address, _status in PAGES:
        page.goto(address.format(**server.facts))
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            wide[name] = beyond
    assert wide == {}


def test_touch_targets_of_the_stepper_are_44_pixels(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="ana", size=SMALL)
    page.goto(f"/rounds/{server.facts['open']}/")
    box = page.locator(".stepper button").first.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (44, 44)
