"""Without a mouse, without seeing, without motion, on paper: the quantity, the host's board, the hand-out list."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Whatever moves on the page, by how long it moves.
MOVING = """() => [...document.querySelectorAll("*")].flatMap((element) => ["", "::before", "::after"].map((part) => {
  const style = getComputedStyle(element, part || null);
  const times = `${style.transitionDuration}, ${style.animationName === "none" ? "0s" : style.animationDuration}`;
  return times.split(", ").some((time) => parseFloat(time) > 0) ? `${element.tagName}.${element.className}` : "";
})).filter(Boolean).slice(0, 5)"""


def tab_to(page: Page, wanted: Locator, at_most: int = 60) -> None:
    """Comes to the element with the tab key alone."""
    for _press in range(at_most):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("the tab key never came to it")


def seen_focus(wanted: Locator) -> bool:
    """Whether the element shows that the keyboard is on it."""
    shown: bool = wanted.evaluate("e => e.matches(':focus-visible') && getComputedStyle(e).outlineStyle !== 'none'")
    return shown


def test_the_quantity_is_changed_and_told_without_a_mouse(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(user="bela", size=PHONE)
    page.goto(f"/rounds/{server.facts['open']}/")
    more = page.get_by_role("button", name="More Vine tomatoes", exact=True)
    told = page.get_by_role("status", name="Your Vine tomatoes")
    more.focus()
    page.keyboard.press("Shift+Tab")
    tab_to(page, more)
    assert seen_focus(more)
    page.keyboard.press("Enter")
    expect(told).to_contain_text("1")
    page.keyboard.press("Space")
    expect(told).to_contain_text("2")
    less = page.get_by_role("button", name="Less Vine tomatoes", exact=True)
    page.keyboard.press("Shift+Tab")
    expect(less).to_be_focused()
    page.keyboard.press("Enter")
    expect(told).to_contain_text("1")
    expect(page.locator("#basket")).to_contain_text("Vine tomatoes")


def test_every_link_of_the_board_says_where_it_leads_and_is_reached_by_the_keyboard(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(user="dora")
    page.goto("/hosting/")
    links = page.locator("main .actions a")
    names = [link.get_attribute("aria-label") or link.inner_text() for link in links.all()]
    assert len(set(names)) == len(names)
    list_of_the_closed = page.get_by_role("link", name="Hand out: Rua das Flores, Tuesday's round")
    tab_to(page, list_of_the_closed)
    assert seen_focus(list_of_the_closed)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/hosting/handovers/{server.facts['handover_closed']}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rua das Flores")


@pytest.fixture
def hand_out(server: Server, open_page: Callable[..., Page]) -> Page:
    """The list of the closed round, with Ana on it."""
    page = open_page(user="dora", size=PHONE)
    page.goto(f"/hosting/handovers/{server.facts['handover_closed']}/")
    return page


def test_goods_are_handed_out_and_taken_back_without_a_mouse(hand_out: Page) -> None:
    tick = hand_out.get_by_role("button", name="Hand over: Ana")
    tab_to(hand_out, hand_out.get_by_role("searchbox", name="Code or name"))
    tab_to(hand_out, tick, at_most=1)
    assert seen_focus(tick)
    hand_out.keyboard.press("Enter")
    expect(hand_out.get_by_role("status").filter(has_text="handed over")).to_contain_text("1 of 1 handed over.")
    expect(tick).to_be_disabled()
    undo = hand_out.get_by_role("button", name="Undo: Ana")
    expect(undo).to_be_focused()
    hand_out.keyboard.press("Enter")
    expect(hand_out.get_by_role("status").filter(has_text="handed over")).to_contain_text("0 of 1 handed over.")
    expect(tick).to_be_focused()
    expect(hand_out.get_by_role("button", name="Not collected: Ana")).to_be_visible()


@pytest.mark.parametrize("address", ["/rounds/{open}/", "/gallery/", "/hosting/handovers/{handover_closed}/", "/me/"])
def test_nothing_moves_for_whoever_asked_for_less_motion(
    server: Server, open_page: Callable[..., Page], address: str
) -> None:
    page = open_page(user="dora")
    page.emulate_media(reduced_motion="reduce")
    page.goto(address.format(**server.facts))
    assert page.evaluate(MOVING) == []


def test_on_paper_the_hand_out_list_has_boxes_names_and_goods_and_no_buttons(hand_out: Page) -> None:
    hand_out.emulate_media(media="print")
    row = hand_out.locator("[data-row]")
    expect(row.locator(".box")).to_be_visible()
    expect(row.locator(".name")).to_have_text("Ana")
    expect(row.locator(".goods li")).not_to_have_count(0)
    expect(row.locator(".goods")).to_be_visible()
    for hidden in (".site-head nav", ".site-foot", ".find", "[data-no-show]", ".crumb"):
        expect(hand_out.locator(hidden).first).to_be_hidden()
    assert hand_out.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_on_paper_a_reservation_has_its_lines_and_sums_and_no_buttons(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(user="ana", scheme="dark")
    page.goto(f"/rounds/{server.facts['closed']}/reservation/")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".lines").first).to_contain_text("Vine tomatoes")
    expect(page.locator(".sums .total").first).to_be_visible()
    for hidden in (".site-head nav", ".site-foot", "main .crumb"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.locator("main button:visible").count() == 0
    dark = page.evaluate("getComputedStyle(document.querySelector('main h1')).color")
    assert dark == "rgb(29, 42, 28)"  # ink on paper, whatever the screen shows
