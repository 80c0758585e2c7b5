"""The installed app: its own pages without a network, and never those of somebody else in the same browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import HOME, SMALL, Server, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CODES = (
    "from marketplace.models import Reservation\n"
    "from marketplace.actions.handing_over.give_pickup_codes import give_pickup_codes\n"
    "ids = list(Reservation.objects.filter(round_id={round}).values_list('pk', flat=True))\n"
    "give_pickup_codes(reservation_ids=ids)"
)
CONTROLLED = """new Promise((done) => {
  if (navigator.serviceWorker.controller) done(true);
  navigator.serviceWorker.addEventListener("controllerchange", () => done(true));
})"""
OWN_CACHES = "async () => (await caches.keys()).filter((name) => name.startsWith('own-'))"


@pytest.fixture
def code_page(server: Server) -> str:
    """Ana's reservation with its pickup code."""
    server.run(CODES.format(round=server.facts["closed"]))
    return f"/rounds/{server.facts['closed']}/reservation/"


def load_kept(page: Page, address: str) -> None:
    """Loads a page until its worker holds it."""
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for _try in range(100):
        if page.evaluate("caches.match(location.pathname, { ignoreVary: true }).then(Boolean)"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{address} was not kept")


def test_the_code_opens_without_a_network_and_is_gone_for_whoever_comes_next(
    code_page: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(user="ana", size=SMALL, worker=True)
    load_kept(page, code_page)
    code = page.locator(".ticket .code").first.inner_text()
    page.context.set_offline(True)
    page.goto(code_page)
    expect(page.locator(".ticket .code").first).to_have_text(code)
    expect(page.locator("[data-bar=kept]")).to_contain_text("No connection. You see this page as it was")
    assert page.locator(".hero").evaluate("e => getComputedStyle(e).display") == "grid"  # with its styles
    page.goto("/")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.get_by_role("link", name="Your reservation: Tuesday's round").click()
    expect(page.locator(".ticket .code").first).to_have_text(code)

    page.context.set_offline(False)
    page.goto("/me/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(HOME)
    assert page.evaluate(OWN_CACHES) == []
    sign_in(page, "bela")
    page.goto("/me/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto(code_page)
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(page.locator("[data-kept-pages]")).to_be_hidden()
    assert code not in page.content()


def test_a_lost_session_without_signing_out_leaves_nothing_to_the_next_person(
    code_page: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(user="ana", size=SMALL, worker=True)
    load_kept(page, code_page)
    assert len(page.evaluate(OWN_CACHES)) == 1
    page.context.clear_cookies()
    sign_in(page, "bela")
    assert page.evaluate(OWN_CACHES) == []
    page.context.set_offline(True)
    page.goto(code_page)
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()


def test_a_newer_version_waits_for_a_tap(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=SMALL, worker=True)
    page.goto("/offline/")
    # Another address for the same scope: what the browser had from the release before.
    page.evaluate("navigator.serviceWorker.register('/service-worker.js?older').then(() => true)")
    page.evaluate(CONTROLLED)
    page.reload()
    expect(page.locator("[data-bar=newer]")).to_contain_text("There is a newer version of this page.", timeout=30_000)
    with page.expect_event("load"):
        page.get_by_role("button", name="Reload").click()
    expect(page.locator("[data-bar=newer]")).to_have_count(0)


def test_the_install_hint_is_offered_once_and_a_no_is_remembered(
    code_page: str, open_page: Callable[..., Page]
) -> None:
    page = open_page(user="ana", size=SMALL)
    page.goto(code_page)
    hint = page.locator("[data-install]")
    expect(hint).to_be_hidden()
    offer = (
        "dispatchEvent(Object.assign(new Event('beforeinstallprompt'), { prompt() {}, userChoice: Promise.resolve() }))"
    )
    page.evaluate(offer)
    expect(hint.get_by_role("button", name="Put it there")).to_be_visible()
    hint.get_by_role("button", name="No, thank you").click()
    expect(hint).to_be_hidden()
    page.reload()
    page.evaluate(offer)
    expect(hint).to_be_hidden()
