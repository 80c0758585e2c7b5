"""Where no socket gets through, the shared snapshot is asked for instead, and the page says that it may be old."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SMALL, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RESERVE = (
    "from marketplace.models import Offer, User\nfrom marketplace.actions.reserve import reserve\n"
    "from marketplace.actions.refresh_demand import Watch, refresh_demand\n"
    "from marketplace.rules.wanted import WantedLine\n"
    "offer = Offer.objects.get(window__round_id={round}, product__name='Jam of the year 2000')\n"
    "reserve(round_id={round}, lines=[WantedLine(offer_id=offer.pk, firm={firm})], request_key='ws{firm}',"
    " by=User.objects.get(email='bela@example.org'))\nrefresh_demand(watch=Watch())"
)


def test_numbers_move_and_are_said_to_be_maybe_old_without_a_socket(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(user="ana", size=SMALL)
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    asked: list[int] = []
    page.on("response", lambda answer: asked.append(answer.status) if answer.url.endswith("/live/") else None)
    page.goto(f"/rounds/{server.facts['crowded']}/")
    page.evaluate("window.sameDocument = true")
    expect(page.locator("#stale")).to_contain_text("so they may be old", timeout=30_000)
    server.run(RESERVE.format(round=server.facts["crowded"], firm=7))
    row = page.locator("[data-offer]").filter(has_text="Jam of the year 2000").locator(".row")
    expect(row).to_have_attribute("aria-label", "7 of 12 reserved, 6 sure, 1 waiting", timeout=40_000)
    expect(page.locator("#stale")).to_contain_text("so they may be old")
    page.wait_for_event(
        "response", lambda answer: answer.url.endswith("/live/") and answer.status == 304, timeout=60_000
    )
    assert page.evaluate("window.sameDocument")
    assert set(asked) == {200, 304}
