"""After the close on a phone: the way of the goods moves by itself, the code shows large, a problem is reported."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SMALL, Server
from tests.marketplace.after.pictures import picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# The other process tells by its outbox alone: the sweep of the server comes to it within seconds.
SOON_MS = 12_000


def tell(at: Server, step: str) -> None:
    """Somebody at the hub records a step, in another process."""
    at.run(
        "from marketplace import clock\nfrom marketplace.models import Reservation\n"
        "from marketplace.actions.handing_over.give_pickup_codes import give_pickup_codes\n"
        "from marketplace.published import record_progress\nfrom marketplace.rules.states import ProgressStep\n"
        f"ids = list(Reservation.objects.filter(round_id={at.facts['closed']}).values_list('pk', flat=True))\n"
        f"give_pickup_codes(reservation_ids=ids)\n"
        f"record_progress(reservation_ids=ids, step=ProgressStep('{step}'), at=clock.now())"
    )


def test_the_way_moves_on_an_open_page_without_a_reload(market: Server, open_page: Callable[..., Page]) -> None:
    tell(market, "received")
    page = open_page(user="ana", size=SMALL, at=market)
    page.goto(f"/rounds/{market.facts['closed']}/reservation/")
    page.evaluate("window.sameDocument = true")
    expect(page.locator(".way [aria-current=step]")).to_contain_text("Packed for you")
    tell(market, "packed")
    expect(page.locator(".way [aria-current=step]")).to_contain_text("Ready for you", timeout=SOON_MS)
    expect(page.locator(".hero")).to_contain_text("It is packed")
    assert page.evaluate("window.sameDocument")


def test_the_code_fills_the_screen_also_without_a_network(market: Server, open_page: Callable[..., Page]) -> None:
    tell(market, "packed")
    page = open_page(user="ana", size=SMALL, at=market)
    page.goto(f"/rounds/{market.facts['closed']}/reservation/")
    page.context.set_offline(True)
    page.get_by_role("button", name="Show it large").click()
    large = page.locator("#big-code")
    expect(large).to_be_visible()
    assert large.evaluate("e => [innerWidth - e.offsetWidth, innerHeight - e.offsetHeight]") == [0, 0]
    page.get_by_role("button", name="Done").click()
    expect(large).to_be_hidden()


def test_a_problem_is_reported_with_a_picture_and_a_mistake_loses_nothing(
    market: Server, open_page: Callable[..., Page]
) -> None:
    market.run(
        "from datetime import timedelta\nfrom marketplace import clock\nfrom marketplace.models import Handover\n"
        "now = clock.now()\n"
        f"Handover.objects.filter(round_id={market.facts['closed']})"
        ".update(starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1))"
    )
    page = open_page(user="ana", size=SMALL, at=market)
    page.goto(f"/rounds/{market.facts['closed']}/reservation/")
    page.get_by_role("link", name="Report a problem").click()
    page.get_by_role("radio", name="The order as a whole").check()
    page.set_input_files("[name=photos]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(300, 200)})
    page.get_by_role("button", name="Send it to the hub").click()
    expect(page.locator("#problem-kind")).to_have_text("Choose what is wrong.")
    expect(page.locator(".photos img")).to_have_count(1)
    expect(page.get_by_role("radio", name="The order as a whole")).to_be_checked()
    page.locator(".kind", has_text="Damaged").click()
    page.get_by_label("In your words").fill("The bag was torn.")
    page.get_by_role("button", name="Send it to the hub").click()
    expect(page.get_by_role("heading", name="The order as a whole")).to_be_visible()
    expect(page.locator("main")).to_contain_text("The bag was torn.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
