"""A household's way from signing in to its reservation, on a phone; with scripts and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def plus(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"More {name}", exact=True).click()


def test_reserving_three_products_on_a_phone(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="ana")
    page.get_by_role("link", name="Thursday's round").click()
    for name in ("Vine tomatoes", "Rye sourdough", "Honey"):
        plus(page, name)
    plus(page, "Honey")
    card = page.locator("[data-offer]").filter(has_text="Honey").first
    expect(card.locator("output")).to_have_text("2")
    expect(page.locator("#basket")).to_contain_text("€9.60")
    expect(page.locator("#basket")).to_contain_text("Reserved")
    page.get_by_role("link", name="Review").click()
    expect(page.get_by_role("heading", name="Your basket")).to_be_visible()
    page.get_by_role("button", name="Keep it so").click()
    expect(page.get_by_role("heading", name="Your reservation")).to_be_visible()
    for name in ("Vine tomatoes", "Rye sourdough", "Honey"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_the_plus_button_keeps_the_focus_while_numbers_arrive(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="bela", size=DESKTOP)
    page.goto(f"/rounds/{server.facts['open']}/")
    button = page.get_by_role("button", name="More Leeks", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#basket")).to_contain_text("Leeks")
    expect(button).to_be_focused()


def test_everything_works_without_scripts(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="bela", script=False)
    page.goto(f"/rounds/{server.facts['open']}/?category=bread")
    plus(page, "Country loaf")
    assert page.url.split("#")[0].endswith("?category=bread")
    expect(page.locator("[data-offer]").filter(has_text="Country loaf").locator("output")).to_have_text("1")
    page.get_by_role("link", name="Review").click()
    page.get_by_role("button", name="Less Country loaf", exact=True).click()
    expect(page.locator("main")).not_to_contain_text("Country loafMore")


def test_a_late_tap_says_what_was_kept(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="ana")
    page.goto(f"/rounds/{server.facts['late']}/")
    server.run(
        "from datetime import timedelta\nfrom marketplace import clock\nfrom marketplace.models import OrderingWindow\n"
        f"OrderingWindow.objects.filter(round_id={server.facts['late']})"
        ".update(fills_at=clock.now() - timedelta(hours=1), closes_at=clock.now() - timedelta(seconds=1))"
    )
    card = page.locator("[data-offer]").first
    card.get_by_role("button", name=re.compile("^More")).click()
    expect(card.locator(".problem")).to_contain_text("Not kept: 5 × ")
    expect(card.locator(".problem")).to_contain_text("What you had reserved stays as it was: 4.")
    expect(card.locator("output")).to_have_text("4")


def test_a_page_that_missed_hints_catches_up(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=DESKTOP)
    page.goto(f"/rounds/{server.facts['open']}/")
    card = page.locator("[data-offer]").filter(has_text="Carrots").first
    expect(card.locator(".sentence")).to_have_text("Nobody has reserved yet. 6 together make it sure.")
    offer = card.get_attribute("data-offer")
    server.run(
        "from marketplace.models import User\nfrom marketplace.actions.reserve import reserve\n"
        "from marketplace.actions.refresh_demand import Watch, refresh_demand\n"
        "from marketplace.rules.wanted import WantedLine\n"
        f"reserve(round_id={server.facts['open']}, lines=[WantedLine(offer_id={offer}, firm=7)], request_key='c',"
        " by=User.objects.get(email='bela@example.org'))\nrefresh_demand(watch=Watch())"
    )
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(card.locator(".sentence")).to_have_text("7 reserved: 6 sure, 1 waits for 5 more.")
    expect(card.locator(".row")).to_have_attribute("aria-label", "7 of 12 reserved, 6 sure, 1 waiting")
    expect(card.locator(".price b")).to_have_text("€2.40")
