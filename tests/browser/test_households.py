"""One's own pages on a phone and a desk; and somebody who moves in by a link."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SMALL, Server
from tests.browser.test_every_page import serious

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = ("/me/", "/me/household/", "/me/shares/", "/me/data/", "/me/data/erase/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_ones_own_pages_have_no_serious_finding(
    server: Server, open_page: Callable[..., Page], size: tuple[int, int], scheme: str
) -> None:
    page = open_page(user="ana", size=size, scheme=scheme)
    findings = {}
    for address in (*PAGES, _hub_page(server)):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        if found := serious(page):
            findings[address] = found
    assert findings == {}


def test_ones_own_pages_do_not_scroll_sideways(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="ana", size=SMALL)
    wide = {}
    for address in (*PAGES, _hub_page(server)):
        page.goto(address)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            wide[address] = beyond
    assert wide == {}


def test_somebody_moves_in_by_the_link_that_another_phone_shows(server: Server, open_page: Callable[..., Page]) -> None:
    ana = open_page(user="ana")
    ana.goto("/me/household/")
    ana.get_by_role("button", name="Make an invitation").click()
    expect(ana.get_by_role("img", name="The link as a code to scan")).to_be_visible()
    link = ana.get_by_label("The link", exact=True).input_value()
    visitor = open_page()
    visitor.goto(link)
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("invites you into the household")
    visitor.get_by_role("link", name="Sign in").last.click()
    assert "next=" in visitor.url
    bela = open_page(user="bela", script=False)
    bela.goto(link)
    bela.get_by_role("button", name="Join the household").click()
    expect(bela.get_by_role("status")).to_contain_text("You reserve for")
    visitor.goto(link)
    expect(visitor.locator("main")).to_contain_text("can no longer be used")


def test_ones_data_comes_as_one_file(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="ana")
    page.goto("/me/data/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="One file, JSON").click()
    assert waiting.value.suggested_filename == "windrow-my-data.json"
    assert '"reservations": [' in waiting.value.path().read_text()


def _hub_page(server: Server) -> str:
    return server.run("from marketplace.models import Hub; print(f'/hubs/{Hub.objects.first().slug}/join/')").strip()
