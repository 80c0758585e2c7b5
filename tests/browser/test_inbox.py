"""Inbox, wishes about messages and questions as a person meets them on a phone."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, SMALL, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TELL = """
from django.db import transaction
from marketplace.actions.notices.tell import tell
from marketplace.models import Reservation, User
from marketplace.rules.notices import NoticeKind
user = User.objects.get(email="ana@example.org")
with transaction.atomic():
    for n, kind in enumerate((NoticeKind.CLOSED, NoticeKind.READY, NoticeKind.CHANGED)):
        facts = {"round": "A round with quite a long name", "product": "Donaudampfschifffahrtsgesellschaftskapitaen",
                 "total_minor": 123456, "currency": "EUR", "lines": 3, "place": "Rua das Flores", "agree": True}
        tell(kind=kind, user_ids=[user.pk], key="browser-KEY", facts=facts, link="/inbox/")
    from django.db import connection
    connection.run_on_commit.clear()
found = Reservation.objects.get(household__members=user, round=LATE)
import json
print(json.dumps({"reservation": found.pk, "offer": found.lines.first().offer_id}))
"""


def told(server: Server, key: str) -> dict[str, Any]:
    code = TELL.replace("KEY", key).replace("LATE", str(server.facts["late"]))
    found: dict[str, Any] = json.loads(server.run(code))
    return found


def serious(page: Page) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [
        (rule["id"], [node["target"] for node in rule["nodes"]][:3])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [SMALL, DESKTOP], ids=["360", "desktop"])
def test_no_page_has_a_serious_finding_or_scrolls_sideways(
    server: Server, open_page: Callable[..., Page], size: tuple[int, int], scheme: str
) -> None:
    ids = told(server, f"{size[0]}{scheme}")
    page = open_page(user="ana", size=size, scheme=scheme)
    for address in ("/inbox/", "/me/notices/", "/threads/", f"/threads/about/{ids['reservation']}/"):
        page.goto(address)
        assert serious(page) == [], address
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, address


def test_what_was_opened_is_no_longer_new(server: Server, open_page: Callable[..., Page]) -> None:
    told(server, "opened")
    page = open_page(user="ana", size=PHONE)
    page.goto("/inbox/")
    new = page.locator(".note-row.new")
    before = new.count()
    new.first.get_by_role("link").click()
    page.goto("/inbox/")
    expect(page.locator(".note-row.new")).to_have_count(before - 1)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator(".note-row.new")).to_have_count(0)


def test_wishes_are_kept_also_without_scripts(server: Server, open_page: Callable[..., Page]) -> None:
    for script in (True, False):
        page = open_page(user="ana", size=SMALL, script=script)
        page.goto("/me/notices/")
        group = page.get_by_role("group", name="News of my group")
        box = group.get_by_label("Mail")
        wanted = not box.is_checked()
        box.set_checked(wanted)
        page.get_by_role("button", name="Keep this").click()
        expect(page.get_by_role("status")).to_contain_text("Kept.")
        assert page.get_by_role("group", name="News of my group").get_by_label("Mail").is_checked() is wanted


def test_the_permission_for_notes_is_never_asked_for_without_a_tap(
    server: Server, open_page: Callable[..., Page]
) -> None:
    server_has_key = open_page(user="ana", size=PHONE)
    server_has_key.add_init_script(
        "window.asked = 0; Notification.requestPermission = async () => { window.asked++; return 'denied'; };"
    )
    server_has_key.goto("/me/notices/")
    server_has_key.wait_for_timeout(5000)
    assert server_has_key.evaluate("window.asked") == 0
    shown = server_has_key.locator("#push [data-state]:visible")
    expect(shown).to_have_count(1)  # one sentence says how it stands


def test_a_question_about_a_product_is_asked_and_shown_with_its_age(
    server: Server, open_page: Callable[..., Page]
) -> None:
    ids = told(server, "asked")
    page = open_page(user="ana", size=SMALL)
    page.goto(f"/threads/about/{ids['reservation']}/{ids['offer']}/")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#id_text_error")).to_contain_text("Write your question or answer.")
    page.get_by_label("Your message").fill("Is it ripe?\nhttps://evil.example")
    page.get_by_label("Who should answer?").select_option("merchant")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".said.mine .words")).to_contain_text("Is it ripe?")
    expect(page.locator(".said a")).to_have_count(0)
    expect(page.locator("main")).to_contain_text(re.compile("Waits for Quinta do Vale: asked just now"))
    assert serious(page) == []
