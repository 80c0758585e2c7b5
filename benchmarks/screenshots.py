"""Pictures of every page: `python -m benchmarks.screenshots [--into FOLDER] [--docs]`, also `make screenshots`.

Starts a demo of its own on a free loopback port with fresh data, signs in in every role, reserves as a person would,
waits for the close, and takes each page on a phone (390 px) and a desktop (1280 px), light and dark, the round also
from right to left. Prints one line of JSON: the folder and the pictures. Ends the demo itself.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FORMS = {
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
    "desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "desktop-dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
}
# The pictures that README shows.
IN_THE_DOCS = {
    "round-phone.png": "round-phone.png",
    "round-desktop.png": "round-desktop.png",
    "outcome-phone.png": "outcome-phone.png",
    "desk-desktop.png": "hub-desktop.png",
}
# Pages of each role while the window is open, and after it has closed; {round} is the one that people see.
OPEN_PAGES = {
    None: {"home": "/", "login": "/login/", "missing": "/nowhere/"},
    "household": {"round": "{round}", "basket": "{round}basket/", "gallery": "/gallery/"},
    "merchant": {"desk": "/desk/", "desk-products": "/desk/marketplace/product/"},
    "coordinator": {"hub": "/hub/", "hub-windows": "/hub/marketplace/orderingwindow/"},
}
CLOSED_PAGES = {
    "household": {"closed": "{round}", "outcome": "{round}reservation/"},
    "merchant": {"desk-late": "/desk/", "desk-orders": "/desk/marketplace/purchaseorder/"},
    "coordinator": {"hub-late": "/hub/"},
}
PATIENCE = 120.0
# Products in the basket of the pictures.
WANTED = 5


def free_port() -> int:
    """A loopback port below the range from which clients get theirs."""
    for port in range(18100, 18400):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("No free port between 18100 and 18400.")


@contextmanager
def demo(minutes: float) -> Iterator[dict[str, Any]]:
    """A running demo's greeting, as `manage.py demo --json` prints it."""
    with tempfile.TemporaryDirectory(prefix="windrow-pictures-") as folder:
        command = [sys.executable, "manage.py", "demo", "--json", "--port", str(free_port()), "--minutes", str(minutes)]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "WINDROW_DATA_DIR": folder}
        )
        try:
            assert process.stdout is not None
            greeting: dict[str, Any] = json.loads(process.stdout.readline())
            yield greeting
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def login_of(greeting: dict[str, Any], role: str) -> str:
    """The first login whose name begins with the role."""
    return next(str(email) for name, email in greeting["logins"].items() if name.startswith(role))


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    page.goto(f"{base}/login/")
    page.fill("input[type=email]", email)
    page.click("main summary")
    page.fill("input[type=password]", password)
    page.press("input[type=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def open_round(page: Page, base: str) -> str:
    """The address of the round that is open now, waiting for it to appear."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page.goto(base)
        for link in page.query_selector_all("a[href^='/rounds/']"):
            href = link.get_attribute("href") or ""
            page.goto(base + href)
            if page.query_selector("button[name=step][value='1']:not([disabled])"):
                return href
            page.goto(base)
            break
        time.sleep(1)
    raise TimeoutError("No round opened.")


def reserve(page: Page) -> None:
    """Reserves a few products as a person would, and says where to collect when asked. Raises when nothing was kept."""
    wanted = page.locator("[data-offer]:has(.stepper button[value='1']:not([disabled]))")
    numbers = [wanted.nth(n).get_attribute("data-offer") for n in range(min(WANTED, wanted.count()))]
    for place, number in enumerate(numbers):
        card = page.locator(f"[data-offer='{number}']")
        for _tap in range(1 + place % 3):
            card.locator(".stepper button[value='1']").click()
        page.wait_for_timeout(900)
        if card.locator(".note form").count():
            card.locator(".note form button").click()
            page.wait_for_timeout(900)
    if not page.locator("#basket .kept svg").count():
        raise RuntimeError("Nothing was reserved.")
    page.wait_for_timeout(2000)  # until the figures of all have followed


def pictures(browser: Browser, greeting: dict[str, Any], into: Path) -> list[str]:
    base, password = greeting["addresses"]["open rounds"].rstrip("/"), greeting["password"]
    taken: list[str] = []
    pages: dict[tuple[str | None, str], Page] = {}
    for role in (None, "household", "merchant", "coordinator"):
        for form, settings in FORMS.items():
            page = browser.new_context(**settings).new_page()  # type: ignore[arg-type]
            if role is not None:
                sign_in(page, base, login_of(greeting, role), password)
            pages[role, form] = page
    shown = open_round(pages["household", "phone"], base)
    reserve(pages["household", "phone"])
    _take(pages, OPEN_PAGES, base, shown, into, taken)
    page = pages["household", "phone"]
    page.goto(base + shown)
    page.evaluate("document.documentElement.dir = 'rtl'")
    _shoot(page, into / "round-phone-rtl.png", taken)
    wait_for_the_close(page, base + shown)
    wait_for_an_order(pages["merchant", "phone"], base)
    _take(pages, CLOSED_PAGES, base, shown, into, taken)
    return taken


def wait_for_the_close(page: Page, address: str) -> None:
    """Until every window of the round has closed and is counted. The page comes by itself; here it is asked."""
    until = time.monotonic() + PATIENCE * 4
    while time.monotonic() < until:
        page.goto(f"{address}reservation/")
        if page.get_by_role("heading", name="What you get").count():
            return
        page.wait_for_timeout(2000)
    raise TimeoutError("The round did not close.")


def wait_for_an_order(page: Page, base: str) -> None:
    """Until the merchant is asked for an answer, which is a moment after the close; robots answer soon."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        page.goto(f"{base}/desk/")
        if page.locator("a[href*='/purchaseorder/'][href$='/answer/']").count():
            return
        page.wait_for_timeout(1000)


def _take(
    pages: dict[tuple[str | None, str], Page],
    wanted: dict[Any, dict[str, str]],
    base: str,
    shown: str,
    into: Path,
    taken: list[str],
) -> None:
    for (role, form), page in pages.items():
        for name, path in wanted.get(role, {}).items():
            page.goto(base + path.format(round=shown))
            page.wait_for_timeout(300)
            _shoot(page, into / f"{name}-{form}.png", taken)


def _shoot(page: Page, path: Path, taken: list[str]) -> None:
    page.screenshot(path=path)
    taken.append(path.name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--docs", action="store_true", help="also renew docs/pictures")
    options = parser.parse_args()
    for folder in (options.into, ROOT / "docs" / "pictures"):
        folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with demo(options.minutes) as greeting, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        taken = pictures(browser, greeting, options.into)
        browser.close()
    if options.docs:
        for name, picture in IN_THE_DOCS.items():
            shutil.copyfile(options.into / picture, ROOT / "docs" / "pictures" / name)
    print(json.dumps({"folder": str(options.into), "pictures": taken}))


if __name__ == "__main__":
    main()
