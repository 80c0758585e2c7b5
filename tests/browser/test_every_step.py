"""The pages that stand within a flow of signing in and of keeping an account safe: looked at like every other page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Server
from tests.browser.looking import findings_of, resize
from tests.browser.mails import code_for
from tests.browser.seed_facts import PASSWORD
from tests.browser.test_sign_in import app_code, with_device

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]


def look(page: Page, title: str) -> None:
    """At the page with this heading."""
    expect(page.locator("h1")).to_have_text(title)
    assert findings_of(page) == [], title
    resize(page, PHONE)


def test_steps_of_the_code_by_mail(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=PHONE)
    page.goto("/login/")
    page.get_by_label("E-mail").fill("bela@example.org")
    page.get_by_role("button", name="Send me a code").click()
    look(page, "Look at your mail")


def test_steps_of_a_new_account_up_to_its_first_password(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=PHONE)
    page.goto("/signup/?next=/me/security/password/first/")
    page.get_by_label("Name").fill("Ines")
    page.get_by_label("E-mail").fill("ines@example.org")
    page.get_by_role("button", name="Send me the code").click()
    look(page, "Look at your mail")
    page.get_by_label("Code", exact=True).fill(code_for(server, "ines@example.org") + " ")
    page.wait_for_url("**/me/security/password/first/")
    look(page, "A password")


def test_steps_of_a_forgotten_password(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=PHONE)
    page.goto("/login/password/")
    page.get_by_label("E-mail").fill("bela@example.org")
    page.get_by_role("button", name="Send me the code").click()
    look(page, "Look at your mail")
    page.get_by_label("Code", exact=True).fill(code_for(server, "bela@example.org") + " ")
    look(page, "Your new password")


def test_steps_of_an_app_a_passkey_and_recovery_codes(server: Server, open_page: Callable[..., Page]) -> None:
    where = server.url.replace("127.0.0.1", "localhost")  # passkeys belong to names, never to numbers
    page = open_page(size=PHONE)
    page.context.add_cookies([{"name": "sessionid", "value": server.facts["sessions"]["bela"], "url": where}])
    with_device(page)
    page.goto(f"{where}/me/security/app/")
    look(page, "Is it you?")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_text("The phone cannot read it").click()
    secret = page.locator(".secret").inner_text()
    look(page, "Authenticator app")
    page.get_by_label("The six digits that the app shows now").fill(app_code(secret))
    page.get_by_role("button", name="Switch it on").click()
    look(page, "Recovery codes")
    page.goto(f"{where}/me/security/recovery-codes/new/")
    look(page, "New recovery codes")
    page.goto(f"{where}/me/security/passkeys/add/")
    page.get_by_label("Name of this device").fill("Bela's phone")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("link", name="Rename or remove").click()
    look(page, "Passkey")
    page.get_by_role("link", name="Remove this passkey").click()
    look(page, "Remove a passkey")
    page.goto(f"{where}/me/security/")
    look(page, "Signing in and safety")
    page.goto(f"{where}/me/security/app/off/")
    look(page, "Switch the app off")
    page.goto(f"{where}/me/security/again/code/?next=/me/")
    look(page, "Is it you?")
    page.goto(f"{where}/me/security/again/mail/?next=/me/")
    look(page, "Is it you?")


def test_the_second_step_of_signing_in(server: Server, open_page: Callable[..., Page]) -> None:
    server.run(
        "from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret; from marketplace.models import User;"
        "TOTP.activate(User.objects.get(email='bela@example.org'), generate_totp_secret())"
    )
    page = open_page(size=PHONE)
    page.goto("/login/")
    page.click("main summary")
    page.fill("[name=login]", "bela@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[value=password]")
    page.wait_for_url("**/login/second-step/**")
    look(page, "The second step")


def test_the_way_to_a_desk_without_a_second_step(strict_server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=PHONE, user="rui", at=strict_server)
    page.goto("/desk/")
    look(page, "Before you enter the desk")


def test_the_step_from_ticked_products_to_changing_them(server: Server, open_page: Callable[..., Page]) -> None:
    page = open_page(size=PHONE, user="rui")
    page.goto("/desk/marketplace/product/")
    page.get_by_role("checkbox", name="Choose Vine tomatoes").check()
    page.get_by_role("button", name="Change the ticked ones").click()
    look(page, "Change many products")
