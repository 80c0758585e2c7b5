"""Every page that we write, on a phone and a desk, light and dark: nothing that axe calls serious, nothing that scrolls
sideways, nothing too small for a thumb. Of unfold's own lists and forms, nothing that is not listed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, SMALL, Server
from tests.browser.every_page import FRESH, MISSING, PAGES, UNFOLD
from tests.browser.looking import CONTRAST, findings_of, resize, serious
from tests.browser.seed_facts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BASELINE = Path(__file__).with_name("axe_baseline.json")


def show_that_it_is_me(page: Page) -> None:
    page.goto("/me/security/again/?next=/me/security/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/me/security/")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("whose", PAGES)
def test_no_page_has_a_serious_finding_or_scrolls_sideways(
    server: Server, open_page: Callable[..., Page], whose: str
) -> None:
    page = open_page(user=whose.split(",")[0], size=PHONE)
    if whose == FRESH:
        show_that_it_is_me(page)
    findings: dict[str, list[Any]] = {}
    for address in PAGES[whose]:
        path = address.format(**server.facts)
        answer = page.goto(path)
        assert answer is not None
        arrived = (answer.status, page.url.removeprefix(server.url))
        if arrived != (404 if address == MISSING else 200, path):
            findings[address] = [arrived]
        elif found := findings_of(page, touched="/widget/" not in address):
            findings[address] = found
    assert findings == {}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", UNFOLD)
def test_unfolds_pages_have_no_finding_beyond_the_list_that_may_only_shrink(
    server: Server, open_page: Callable[..., Page], who: str
) -> None:
    listed: dict[str, list[str]] = json.loads(BASELINE.read_text())
    page = open_page(user=who, size=DESKTOP)
    new, gone = {}, {}
    for address in UNFOLD[who]:
        answer = page.goto(address.format(**server.facts))
        assert answer is not None
        assert answer.status == 200, address
        found, known = rules_broken(page), set(listed.get(address, []))
        if found - known:
            new[address] = sorted(found - known)
        if known - found:
            gone[address] = sorted(known - found)
    assert new == {}, "new findings"
    assert gone == {}, f"no longer found: remove it from {BASELINE.name}"


def rules_broken(page: Page) -> set[str]:
    """The rules that axe finds broken, in either size and scheme; unfold's dark form is chosen by a class."""
    found: set[str] = set()
    for size in (PHONE, DESKTOP):
        resize(page, size)
        found |= {rule for rule, _where in serious(page)}
        page.evaluate("document.documentElement.classList.add('dark')")
        found |= {f"{rule}, dark" for rule, _where in serious(page, CONTRAST)}
        page.evaluate("document.documentElement.classList.remove('dark')")
    return found


def test_the_list_names_only_pages_that_are_looked_at() -> None:
    looked_at = {address for addresses in UNFOLD.values() for address in addresses}
    assert set(json.loads(BASELINE.read_text())) <= looked_at


def test_touch_targets_of_the_stepper_are_44_pixels(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="ana", size=SMALL)
    page.goto(f"/rounds/{server.facts['open']}/")
    box = page.locator(".stepper button").first.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (44, 44)
