"""The hand-out list on a phone whose network goes away, and a second phone that sees what the first one ticked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SMALL, Server
from tests.browser.kept import load_kept

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


TICKS = """
from marketplace.models import HandOutTick
print(HandOutTick.objects.count(), *HandOutTick.objects.values_list("kind", flat=True))
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


def test_the_list_works_offline_across_a_reload_and_its_ticks_are_sent_once(
    address: str, open_page: Callable[..., Page], server: Server
) -> None:
    page = open_page(user="bela", size=SMALL, worker=True)
    load_kept(page, address)
    sent: list[str] = []
    page.on("response", lambda answer: sent.append(answer.url) if answer.request.method == "POST" else None)
    page.context.set_offline(True)
    page.click(".hand-over")
    expect(page.locator("[data-row]")).to_have_class("hand handed_over unsent")
    page.reload()
    expect(page.locator("[data-bar=kept]")).to_contain_text("No connection. You see this page as it was")
    expect(page.locator("[data-row]")).to_have_class("hand handed_over unsent")
    expect(page.locator("[data-queue]")).to_contain_text("kept on this device")
    assert sent == []
    page.context.set_offline(False)
    expect(page.locator("[data-row]")).to_have_class("hand handed_over")
    expect(page.locator("[data-progress]")).to_have_text("1 of 1 handed over.")
    page.reload()
    expect(page.locator("[data-row]")).to_have_class("hand handed_over")
    assert [one.removeprefix(server.url) for one in sent] == [f"{address}ticks/"]
    assert server.run(TICKS) == "1 handed_over\n"


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
