"""What the first page costs: `python -m benchmarks.pages` prints JSON.

Queries and compressed HTML of a round page with 50 offers, and the bytes of its first view in Chromium, everything
that comes over the wire counted (headers too), from a server process of the embedded form.
"""

import gzip
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

OFFERS = 50
ROOT = Path(__file__).resolve().parent.parent
BUDGET = {"queries": 8, "html_gzip_bytes": 25_000, "wire_bytes": 110_000, "api_queries_after_login": 2}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "static").mkdir()
        os.environ.update(WINDROW_DATA_DIR=folder, DJANGO_SETTINGS_MODULE="config.settings.local", DATABASE_URL="")
        figures = _in_process()
        figures["wire"] = _in_chromium(figures.pop("address"), figures.pop("session"))
        figures["wire_bytes"] = sum(figures["wire"].values())
    print(json.dumps({**figures, "budget": BUDGET}, indent=2))


def _in_process() -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    call_command("migrate", verbosity=0)
    round_id, user = _seed()
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    address = f"/rounds/{round_id}/"
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        page = client.get(address, headers={"Accept-Encoding": "identity"})
    html = page.content
    figures: dict[str, Any] = {
        "offers": html.count(b"<article"),
        "queries": len(captured),
        "html_bytes": len(html),
        "html_gzip_bytes": len(gzip.compress(html, 6)),
        "address": address,
        "session": client.cookies["sessionid"].value,
    }
    figures["api_queries_after_login"] = _api_queries(client, round_id)
    return figures


def _api_queries(client: Any, round_id: int) -> int | None:
    """Statements of the API's list of 50 offers beside those that find session and user; None without an API."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = f"/api/v1/offers/?round={round_id}&page_size={OFFERS}"
    if client.get(address).status_code != 200:
        return None
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured) - 2


def _seed() -> tuple[int, Any]:
    """A round of two windows with 50 offers that all were reserved, a basket of three lines."""
    from marketplace import clock
    from marketplace.actions.refresh_demand import Watch, refresh_demand
    from marketplace.actions.reserve import reserve
    from marketplace.rules.wanted import WantedLine
    from tests import factories

    now = clock.now()
    hub = factories.make_hub()
    merchants = [factories.make_merchant(name) for name in ("Quinta do Vale", "Padaria Norte", "Leite da Serra")]
    supplies = [factories.make_supply(merchant, hub) for merchant in merchants]
    round_ = factories.make_round(hub, "Thursday's round", now.date())
    factories.make_handover(round_)
    opens_at = now - timedelta(hours=2)
    windows = [
        factories.make_window(round_, supplies, opens_at=opens_at, closes_at=now + timedelta(hours=hours))
        for hours in (9, 40)
    ]
    offers = []
    for n in range(OFFERS):
        product = factories.make_product(merchants[n % 3], f"Product of the valley number {n:02}")
        ladder = ((6, 150 + 7 * n, 190 + 9 * n), (24, 140 + 7 * n, 180 + 9 * n))
        offers.append(factories.make_offer(windows[n % 2], product, case=6, ladder=ladder))
    user = None
    for who in range(3):
        user = factories.make_household(f"Household {who}").members.get()
        chosen = offers if who < 2 else offers[:3]
        lines = [WantedLine(offer_id=o.pk, firm=1 + (o.pk * (who + 3)) % 9) for o in chosen]
        reserve(round_id=round_.pk, lines=lines, request_key="seed", by=user)
    refresh_demand(watch=Watch())
    return round_.pk, user


def _in_chromium(address: str, session: str) -> dict[str, int]:
    """Bytes that a first view takes from the network, by kind."""
    from playwright.sync_api import sync_playwright

    from tests.services.chromium import find

    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "error"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/login/")
        with sync_playwright() as playwright:
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=find(), args=arguments)
            context = browser.new_context(viewport={"width": 390, "height": 844})
            context.add_cookies([{"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/"}])
            page = context.new_page()
            wire = _counted(context.new_cdp_session(page))
            page.goto(f"http://127.0.0.1:{port}{address}", wait_until="load")
            page.wait_for_timeout(1500)
            browser.close()
        return wire
    finally:
        server.terminate()
        server.wait(10)


def _counted(session: Any) -> dict[str, int]:
    """Counts what the network brings from now on."""
    kinds: dict[str, str] = {}
    wire: dict[str, int] = {}

    def starts(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event.get("type", "Other")

    def ends(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        wire[kind] = wire.get(kind, 0) + int(event["encodedDataLength"])

    session.on("Network.responseReceived", starts)
    session.on("Network.loadingFinished", ends)
    session.send("Network.enable")
    return wire


def _free_port() -> int:
    for port in range(24_000, 32_000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no free port")


def _wait_for(url: str) -> None:
    for _n in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


if __name__ == "__main__":
    main()
