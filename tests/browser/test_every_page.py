"""Every page, on a phone and a desk, light and dark: nothing that axe calls serious, nothing that scrolls sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, SMALL, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Whose browser it is: every page there is looked at once, then in every size and scheme.
PAGES = {
    "": (
        "/",
        "/login/",
        "/login/password/",
        "/signup/",
        "/offline/",
        "/places/",
        "/rounds/{open}/",
        "/rounds/{open}/goods/1/",
        "/join/{invitation}/",
        "/me/shares/join/{share_link}/",
        "/widget/rounds/{open}/",
        "/nowhere/",
    ),
    "ana": (
        "/",
        "/rounds/{open}/",
        "/rounds/{open}/?category=none",
        "/rounds/{open}/?q=zzzzz&without=nuts",
        "/rounds/{open}/?sort=name",
        "/rounds/{open}/goods/1/",
        "/rounds/{open}/offers/1/",
        "/places/?q=rua",
        "/rounds/{coming}/",
        "/rounds/{coming}/basket/",
        "/rounds/{closed}/",
        "/rounds/{closed}/reservation/",
        "/rounds/{late}/basket/",
        "/rounds/{late}/reservation/",
        "/claims/{claim}/",
        "/me/reservations/",
        "/gallery/",
    ),
    "dora": (
        "/rounds/{crowded}/basket/",
        "/rounds/{crowded}/reservation/",
        "/rounds/{crowded}/changes/",
        "/rounds/{crowded}/usual/",
        "/me/",
        "/me/household/",
        "/me/shares/",
        "/me/shares/new/{crowded}/{offer}/",
        "/me/data/",
        "/me/data/erase/",
        "/me/usual/",
        "/me/standing/",
        "/me/wishes/",
        "/me/notices/",
        "/inbox/",
        "/threads/",
        "/threads/{thread}/",
        "/threads/about/{reservation}/{offer}/",
        "/hubs/ribeira/join/",
    ),
    "dora ": (
        "/groups/",
        "/groups/start/",
        "/groups/{group}/",
        "/groups/{group}/edit/",
        "/groups/{group}/rounds/{crowded}/",
        "/hosting/",
        "/hosting/points/{point}/",
        "/hosting/handovers/{handover}/",
        "/hosting/handovers/{handover}/move/",
        "/hosting/handovers/{handover}/deputies/",
        "/hosting/handovers/{handover}/shifts/",
        "/shifts/",
        "/me/security/",
        "/me/security/email/",
        "/me/security/password/",
    ),
}
MISSING = "/nowhere/"
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def serious(page: Page, options: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What axe finds on the page that it calls serious or critical, with the first places."""
    found = Axe().run(page, options=options).response["violations"]
    return [
        {"id": rule["id"], "where": [node["target"] for node in rule["nodes"]][:3]}
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


def findings_of(page: Page) -> list[Any]:
    """On a phone and on a desk by every rule; of the dark form what depends on colours; and what is too wide."""
    found: list[Any] = []
    for size in (SMALL, PHONE, DESKTOP):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            found.append(f"{beyond} px wider than {size[0]}")
        if size == SMALL:
            continue
        for scheme, options in (("light", None), ("dark", CONTRAST)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of its two names
            found += [(size[0], scheme, rule) for rule in serious(page, options)]
        page.emulate_media(color_scheme="light")
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("whose", PAGES)
def test_no_page_has_a_serious_finding_or_scrolls_sideways(
    server: Server, open_page: Callable[..., Page], whose: str
) -> None:
    page = open_page(user=whose.strip(), size=PHONE)
    findings: dict[str, list[Any]] = {}
    for address in PAGES[whose]:
        path = address.format(**server.facts)
        answer = page.goto(path)
        assert answer is not None
        arrived = (answer.status, page.url.removeprefix(server.url))
        if arrived != (404 if address == MISSING else 200, path):
            findings[address] = [arrived]
            continue
        if found := findings_of(page):
            findings[address] = found
    assert findings == {}


def test_touch_targets_of_the_stepper_are_44_pixels(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="ana", size=SMALL)
    page.goto(f"/rounds/{server.facts['open']}/")
    box = page.locator(".stepper button").first.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (44, 44)
