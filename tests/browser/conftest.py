"""A real server process on a free port with its own SQLite file, and pages in Chromium that look at it."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.seed_facts import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
HOME = re.compile(r"^http://[^/]+/$")
DATABASE, SEEDED = "windrow.sqlite3", "seeded.sqlite3"
PHONE, SMALL, DESKTOP = (390, 844), (360, 740), (1280, 900)


@dataclass(frozen=True)
class Server:
    """A running server: its address, environment and the numbers of what was seeded."""

    url: str
    environment: dict[str, str]
    facts: dict[str, Any]

    def begin_anew(self) -> None:
        """Everything is again as it was seeded: no test finds what another one left, in whatever order they come."""
        folder = Path(self.environment["WINDROW_DATA_DIR"])
        with (
            closing(sqlite3.connect(folder / SEEDED)) as seeded,
            closing(sqlite3.connect(folder / DATABASE, timeout=30)) as held,
        ):
            seeded.backup(held)

    def run(self, code: str) -> str:
        """Runs Python in the server's environment, in a process of its own; returns what it prints."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout


def _free_port() -> int:
    """A free port below the ephemeral range, so that no outgoing connection takes it meanwhile."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


@pytest.fixture(scope="session")
def server_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = _free_port()
    command = ["-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "warning"]
    with _serving(tmp_path_factory.mktemp("server"), command, port) as running:
        yield running


@pytest.fixture(scope="session")
def market_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = _free_port()
    with _serving(tmp_path_factory.mktemp("market"), ["manage.py", "run", "--port", str(port)], port) as running:
        yield running


@pytest.fixture(scope="session")
def strict_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = _free_port()
    command = ["-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "warning"]
    with _serving(tmp_path_factory.mktemp("strict"), command, port, MFA_REQUIRED="true") as running:
        yield running


@pytest.fixture
def server(server_process: Server) -> Server:
    """Pages and sockets alone: nothing closes and no hint comes while a test looks."""
    server_process.begin_anew()
    return server_process


@pytest.fixture
def market(market_process: Server) -> Server:
    """The embedded form, with its worker and timetable: windows close and hints come by themselves."""
    market_process.begin_anew()
    return market_process


@pytest.fixture
def strict_server(strict_process: Server) -> Server:
    """Pages where desks ask for a second step, as in production."""
    strict_process.begin_anew()
    return strict_process


def sign_in(page: Page, name: str) -> None:
    """Signs in with the password, by the form."""
    page.goto("/login/")
    page.click("main summary")
    page.fill("[name=login]", f"{name}@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[value=password]")
    page.wait_for_url(HOME)


@contextmanager
def _serving(folder: Path, command: list[str], port: int, **more: str) -> Iterator[Server]:
    """A Python program that serves a freshly seeded database until the block ends."""
    (folder / "static").mkdir()
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "WINDROW_DATA_DIR": str(folder),
        "PYTHONPATH": str(ROOT),
        **more,
    }
    seed = [sys.executable, "-m", "tests.browser.seed"]
    seeded = subprocess.run(seed, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    with closing(sqlite3.connect(folder / DATABASE)) as held, closing(sqlite3.connect(folder / SEEDED)) as kept:
        held.backup(kept)
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen([sys.executable, *command], env=environment, cwd=ROOT, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/login/", process)
        yield Server(url, environment, json.loads(seeded.stdout))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(15)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended at its start"
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


@pytest.fixture
def open_page(chromium_browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own; signs in by the form where a name is given.

    The site's worker stays away unless a test is about it: it would fetch files while others are measured.
    """
    contexts = []

    def opened(
        *,
        size: tuple[int, int] = PHONE,
        scheme: str = "light",
        script: bool = True,
        user: str = "",
        at: Server = server,
        worker: bool = False,
        headers: dict[str, str] | None = None,
    ) -> Page:
        context = chromium_browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=script,
            base_url=at.url,
            service_workers="allow" if worker else "block",
            extra_http_headers=headers or {},
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if user:
            sign_in(page, user)
        return page

    yield opened
    for context in contexts:
        context.close()
