"""Signing in with a real browser: the code out of the mail, a passkey of a virtual device, an app, the second step."""

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import SMALL, Server
from tests.browser.seed_facts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CODE = re.compile(r"^    ([A-Z]{6})$", re.MULTILINE)


def newest_mail(server: Server, address: str) -> str:
    """The mail that this address got last."""
    folder = Path(server.environment["WINDROW_DATA_DIR"]) / "mails"
    mails = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return next(text for text in (path.read_text() for path in mails) if f"To: {address}" in text)


def code_for(server: Server, address: str) -> str:
    found = CODE.search(newest_mail(server, address))
    assert found
    return found[1]


def app_code(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    digest = hmac.new(b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def with_device(page: Page) -> None:
    """Give the browser a device that knows its owner by finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def start(page: Page, server: Server, name: str, address: str, where: str) -> None:
    """Open an account with a code out of the mail file."""
    page.goto(f"{where}/signup/?next=/me/security/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(address)
    page.get_by_role("button", name="Send me the code").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    # Pasted whole, with a space at its end: it is sent by itself.
    page.get_by_label("Code", exact=True).fill(code_for(server, address) + " ")
    page.wait_for_url("**/me/security/")


def assert_accessible(page: Page) -> None:
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    assert not found, found


def test_a_new_person_starts_with_a_code_adds_a_passkey_and_signs_in_with_it(
    server: Server, open_page: Callable[..., Page]
) -> None:
    page = open_page(size=SMALL)
    where = server.url.replace("127.0.0.1", "localhost")  # passkeys belong to names, never to numbers
    start(page, server, "Nova", "nova@example.org", where)
    with_device(page)
    assert_accessible(page)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of this device").fill("Nova's phone")
    assert_accessible(page)
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert_accessible(page)
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{where}/me/security/")
    expect(page.get_by_text("Nova's phone")).to_be_visible()
    page.goto(f"{where}/me/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{where}/")
    page.goto(f"{where}/login/?next=/me/security/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/me/security/")
    expect(page.get_by_text("nova@example.org")).to_be_visible()


def test_under_a_number_the_page_says_where_passkeys_work(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=SMALL)
    start(page, server, "Lua", "lua@example.org", server.url)
    page.goto("/me/security/passkeys/add/")
    expect(page.get_by_role("alert")).to_contain_text(server.url.replace("127.0.0.1", "localhost"))
    expect(page.get_by_role("button", name="Make the passkey")).to_be_disabled()


def test_staff_without_a_second_step_set_one_up_before_the_desk_opens(
    strict_server: Server, open_page: Callable[..., Page]
) -> None:
    strict_server.run(
        "from marketplace.models import Merchant, MerchantMember, User;"
        "MerchantMember.objects.create(merchant=Merchant.objects.get(), user=User.objects.get(email='ana@example.org'))"
    )
    page = open_page(user="ana", at=strict_server)
    page.goto("/desk/")
    expect(page.get_by_role("heading", name="Before you enter the desk")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Use an authenticator app").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("The phone cannot read it").click()
    secret = page.locator(".secret").inner_text()
    assert_accessible(page)
    page.get_by_label("The six digits that the app shows now").fill(app_code(secret))
    page.get_by_role("button", name="Switch it on").click()
    page.get_by_role("link", name="They are safe, go on").click()
    page.wait_for_url("**/desk/")


def test_another_way_in_when_the_mail_does_not_come(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=SMALL)
    page.goto("/login/")
    assert_accessible(page)
    page.get_by_label("E-mail").fill("bela@example.org")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("button", name=re.compile("Send it again in"))).to_be_disabled()
    assert_accessible(page)
    page.get_by_role("button", name="Another way in").click()
    page.get_by_label("E-mail").fill("bela@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in with the password").click()
    page.wait_for_url(f"{server.url}/")
