"""Pictures of every page, made from a running demo: phone and desktop, light and dark, right to left, empty and late.

Run `make screenshots`; ARGS="--docs" also renews the selection in docs/pictures. Nothing but the demo's own processes
is started; the folder `screenshots/` is ignored by git. Which pages: screenshots_plan.py.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

from benchmarks.screenshots_plan import CLOSED, FORMS, IN_THE_DOCS, OPEN, RTL, RTL_FORM, Pages

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs" / "pictures"
PATIENCE = 240.0
# Products in the basket of the pictures; a picture's greatest height; the weight of one in the documents.
WANTED, TALLEST, DOCS_BYTES = 5, 2400, 120_000


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
            process.wait(60)


class Camera:
    """Takes the pictures of one demo; `facts` are the numbers that stand in the plan's paths."""

    def __init__(self, browser: Browser, greeting: dict[str, Any], into: Path) -> None:
        self.browser, self.into = browser, into
        self.base = str(greeting["addresses"]["open rounds"]).rstrip("/")
        self.logins: dict[str, str] = greeting["logins"]
        self.password: str = greeting["password"]
        self.addresses: dict[str, str] = greeting["addresses"]
        self.facts: dict[str, str] = {}
        self.sessions: dict[str, Any] = {}
        self.taken: list[str] = []
        self.problems: list[str] = []

    def page(self, login: str, settings: dict[str, object]) -> Page:
        """A page in a context of its own, signed in as the first login whose name begins so."""
        state = self._session(login) if login else None
        page = self.browser.new_context(**settings, storage_state=state).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(60_000)
        return page

    def _session(self, login: str) -> Any:
        """Each login signs in once: the door counts how often."""
        if login not in self.sessions:
            email = next(email for name, email in self.logins.items() if name.startswith(login))
            page = self.browser.new_page()
            page.set_default_timeout(60_000)
            page.goto(f"{self.base}/login/")
            page.fill("input[name=login]", email)
            page.click("main summary")
            page.fill("input[type=password]", self.password)
            page.press("input[type=password]", "Enter")
            page.wait_for_url(lambda url: "/login/" not in url)
            self.sessions[login] = page.context.storage_state()
            page.close()
        return self.sessions[login]

    def look_up(self) -> None:
        """Wait until a short round takes reservations, then find the numbers of everything that has a page."""
        page = self.page("household 1", FORMS["phone"])
        self.facts["round"] = self._open_round(page)
        join = {name: address for name, address in self.addresses.items() if name.startswith("join ")}
        invitation, hub = [address.removeprefix(self.base) for address in join.values()]
        self.facts |= {"invitation": invitation, "hub_join": hub}
        reserve(page, self.base + self.facts["round"])
        self._find(page, "offer", self.facts["round"], r"/goods/(\d+)/")
        self._find(page, "past", "/me/reservations/", r"(/rounds/\d+/)reservation/", last=True)
        self._find(page, "claim", f"{self.facts['past']}reservation/", r"/claims/(\d+)/")
        self._find(page, "thread", "/threads/", r"/threads/(\d+)/")
        self._find(page, "group", "/groups/", r"/groups/(\d+)/")
        page = self.page("host at", FORMS["phone"])
        self._find(page, "point", "/hosting/", r"/hosting/points/(\d+)/")
        self._find(page, "handover", "/hosting/", r"/hosting/handovers/(\d+)/")
        self._find(page, "shifts", "/hosting/", r"/hosting/handovers/(\d+)/", last=True)

    def _open_round(self, page: Page) -> str:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            page.goto(self.base)
            link = page.locator("a[href^='/rounds/']").filter(has_text="Quick round").first
            if link.count():
                return str(link.get_attribute("href"))
            page.wait_for_timeout(1000)
        raise TimeoutError("No round opened.")

    def _find(self, page: Page, fact: str, path: str, pattern: str, *, last: bool = False) -> None:
        page.goto(self.base + path)
        found = re.findall(pattern, page.content())
        if found:
            self.facts[fact] = str(found[-1 if last else 0])
        else:
            self.problems.append(f"{path} leads to no {fact}")

    def take(self, plan: tuple[Pages, ...], forms: tuple[str, ...]) -> None:
        """Every page in these forms; what the documents show in its own form, whatever was asked for."""
        for pages in plan:
            for form, settings in FORMS.items():
                names = tuple(name for name in pages.paths if form in forms or f"{name}-{form}" in IN_THE_DOCS)
                if names:
                    self._take(pages, names, form, settings)
            if pages.rtl and RTL_FORM in forms:
                self._take(pages, pages.rtl, RTL_FORM, RTL)

    def _take(self, pages: Pages, names: tuple[str, ...], form: str, settings: dict[str, object]) -> None:
        page = self.page(pages.login, settings)
        for name in names:
            try:
                path = pages.paths[name].format(**self.facts)
            except KeyError:
                continue  # told already: nothing leads there
            try:
                answer = page.goto(self.base + path)
            except Error as error:
                self.problems.append(f"{name}: {error.message.splitlines()[0]}")
                continue
            page.wait_for_timeout(250)
            if answer is not None and answer.status >= 400 and name != "nowhere":
                self.problems.append(f"{name}: {answer.status} at {path}")
            self._shoot(page, f"{name}-{form}")
        page.context.close()

    def _shoot(self, page: Page, name: str) -> None:
        size: dict[str, int] = page.evaluate(
            "({width: innerWidth, tall: document.documentElement.scrollHeight,"
            " wide: document.documentElement.scrollWidth})"
        )
        if size["wide"] > size["width"]:
            self.problems.append(f"{name}: {size['wide'] - size['width']} px too wide")
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["tall"], TALLEST)}
        page.screenshot(path=self.into / f"{name}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
        self.taken.append(name)

    def wait_for_the_close(self) -> None:
        """Until every window of the round has closed and the merchants have their orders."""
        page = self.page("household 1", FORMS["phone"])
        until = time.monotonic() + PATIENCE * 4
        while time.monotonic() < until:
            with suppress(Error):  # the page comes anew by itself at the close, and then ours is broken off
                page.goto(f"{self.base}{self.facts['round']}reservation/")
            if page.get_by_role("heading", name="What you get").count():
                page.wait_for_timeout(3000)
                return
            page.wait_for_timeout(2000)
        raise TimeoutError("The round did not close.")


def reserve(page: Page, address: str) -> None:
    """Reserve a few products as a person would. Raises when nothing was kept."""
    page.goto(address)
    wanted = page.locator("[data-offer]:has(.stepper button[value='1']:not([disabled]))")
    numbers = [wanted.nth(n * 4).get_attribute("data-offer") for n in range(min(WANTED, wanted.count() // 4))]
    for place, number in enumerate(numbers):
        card = page.locator(f"[data-offer='{number}']")
        for _tap in range(1 + place % 3):
            card.locator(".stepper button[value='1']").click()
        page.wait_for_timeout(900)
        if card.locator(".note form").count():
            card.locator(".note form button").click()
            page.wait_for_timeout(900)
    page.wait_for_timeout(2000)  # until the figures of all have followed


def for_the_docs(picture: Path) -> bytes:
    """The picture's upper part as WebP, light enough for a repository."""
    with Image.open(picture) as opened:
        shown = opened.convert("RGB").crop((0, 0, opened.width, min(opened.height, 844 if opened.width < 800 else 900)))
    for quality in (82, 70, 58, 45, 30):
        out = BytesIO()
        shown.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= DOCS_BYTES:
            break
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--minutes", type=float, default=8.0, help="length of the round that is pictured")
    parser.add_argument("--docs", action="store_true", help="also renew docs/pictures")
    parser.add_argument("--forms", nargs="+", default=[*FORMS, RTL_FORM], choices=[*FORMS, RTL_FORM])
    options = parser.parse_args()
    forms = tuple(options.forms)
    for folder in (options.into, DOCS):
        folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with demo(options.minutes) as greeting, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        camera = Camera(browser, greeting, options.into)
        camera.look_up()
        camera.take(OPEN, forms)
        camera.wait_for_the_close()
        camera.take(CLOSED, forms)
        browser.close()
    if options.docs:
        for name, file in IN_THE_DOCS.items():
            if name not in camera.taken:
                camera.problems.append(f"no picture {name} for the documents")
                continue
            (DOCS / f"{file}.webp").write_bytes(for_the_docs(options.into / f"{name}.png"))
    told = {"folder": str(options.into), "pictures": len(camera.taken), "problems": camera.problems}
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
