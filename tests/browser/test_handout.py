"""The hand-out list on a phone whose network goes away, and a second phone that sees what the first one ticked."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, SMALL, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEED = """
from marketplace.models import Handover, HandOutTick, HandoverProgress, PickupCode, PickupPointHost, Reservation, User
handover = Handover.objects.get(round_id={round})
HandOutTick.objects.all().delete()
HandoverProgress.objects.all().delete()
bela = User.objects.get(email="bela@example.org")
PickupPointHost.objects.get_or_create(pickup_point=handover.pickup_point, user=bela)
held = Reservation.objects.get(handover=handover)
PickupCode.objects.update_or_create(reservation=held, defaults={{"code": "K7WQ2M"}})
print(handover.pk, held.pk)
"""


@pytest.fixture
def address(server: Server) -> str:
    """The list of the closed round, whose point Bela hosts; Ana collects there."""
    handover, _ = server.run(SEED.format(round=server.facts["closed"])).split()
    return f"/hosting/handovers/{handover}/"


def test_taps_wait_without_a_network_survive_a_reload_and_reach_the_other_phone(
    address: str, open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(size=SMALL, user="bela")
    page.goto(address)
    row = page.locator("[data-row]")
    page.context.set_offline(True)
    page.click(".hand-over")
    expect(row).to_have_class("hand handed_over unsent")
    expect(page.locator("[data-queue]")).to_contain_text("kept on this device")
    page.context.set_offline(False)
    expect(row).to_have_class("hand handed_over")
    expect(page.locator("[data-progress]")).to_have_text("1 of 1 handed over.")
    second = open_page(user="bela")
    second.goto(address)
    expect(second.locator("[data-said]")).to_contain_text("Handed over")
    page.click("[data-undo]")
    expect(page.locator("[data-progress]")).to_have_text("0 of 1 handed over.")
    second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(second.locator("[data-row]")).to_have_class("hand")


def test_a_queue_is_sent_after_the_page_was_closed_without_a_network(
    address: str, open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(user="bela")
    page.goto(address)
    page.context.set_offline(True)
    page.click("[data-no-show]")
    expect(page.locator("[data-queue]")).to_contain_text("kept on this device")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(address)
    expect(page.locator("[data-progress]")).to_have_text("0 of 1 handed over, 1 not collected.")


def test_a_scanned_code_finds_its_household(address: str, open_page: Callable[..., Page]) -> None:
    page = open_page(user="bela")
    page.goto(address)
    page.fill("[data-find]", "k7wq-2m")
    page.press("[data-find]", "Enter")
    expect(page.locator("[data-row]")).to_have_class("hand found")
    expect(page.locator(".hand-over")).to_be_focused()
    page.fill("[data-find]", "Nobody")
    page.press("[data-find]", "Enter")
    expect(page.locator("[data-queue]")).to_have_text("No household here has this code.")


def test_without_a_script_a_tap_still_hands_over(address: str, open_page: Callable[..., Page]) -> None:
    page = open_page(user="bela", script=False)
    page.goto(address)
    page.click(".hand-over")
    expect(page.locator("[data-said]")).to_contain_text("Handed over")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SMALL, DESKTOP])
def test_hosts_pages_have_no_finding_and_fit(
    address: str, open_page: Callable[..., Page], size: tuple[int, int], scheme: str
) -> None:
    page = open_page(user="bela", size=size, scheme=scheme)
    for path in (
        address,
        "/hosting/",
        f"{address}move/",
        f"{address}deputies/",
        f"{address}shifts/",
        "/groups/",
        "/groups/start/",
        "/shifts/",
    ):
        page.goto(path)
        found = (
            Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"]
        )
        bad = [(v["id"], v["nodes"][0]["target"]) for v in found if v["impact"] in ("serious", "critical")]
        assert bad == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
