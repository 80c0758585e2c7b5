"""`manage.py demo` as people start it: a process of its own, watched from outside."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

ROOT = Path(__file__).resolve().parents[2]
# Half a minute at most on a busy machine: the environment, the tables and the whole market.
START_SECONDS = 120
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def command(*options: str) -> list[str]:
    return [sys.executable, "manage.py", "demo", *options]


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "WINDROW_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.local"}


def free_port() -> int:
    """Below 32768: a client that knocks too early on a port above may connect to itself."""
    for port in range(18_200, 18_400):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)):
                return port
    raise AssertionError("no free port")


class Demo:
    """A running demo; its lines are read as they come."""

    def __init__(self, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            command("--port", str(port), "--minutes", "1.5"),
            cwd=ROOT,
            env=environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.lines: Queue[str] = Queue()
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.lines.put(line)

    def wait_for(self, words: str, seconds: float = START_SECONDS) -> str:
        """The first line with these words."""
        until = time.monotonic() + seconds
        seen = []
        while (left := until - time.monotonic()) > 0:
            try:
                seen.append(self.lines.get(timeout=left))
            except Empty:
                break
            if words in seen[-1]:
                return seen[-1]
        raise AssertionError(f"{words!r} was not said within {seconds} s: {seen}")

    def stop(self) -> float:
        """Ask as Ctrl-C does; seconds until the process ended."""
        asked = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=20)
        return time.monotonic() - asked


@contextmanager
def running(folder: Path, port: int) -> Iterator[Demo]:
    demo = Demo(folder, port)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.process.kill()
            demo.process.wait()
        demo.reader.join(timeout=10)


def open_round(address: str) -> int:
    """The short round, once the first page offers it beside the weekly one."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        page = httpx.get(f"{address}/", timeout=20).raise_for_status().text
        if "Quick round" in page:
            return max(int(number) for number in re.findall(r"/rounds/(\d+)/", page))
        time.sleep(0.5)
    raise AssertionError("no round opened")


def first_change(address: str, round_id: int) -> dict[str, Any]:
    """The first hint that says what changed."""
    socket_address = f"{address.replace('http', 'ws')}/ws/rounds/{round_id}/"
    with connect(socket_address, origin=Origin(address), open_timeout=20) as hints:
        until = time.monotonic() + 40
        while (left := until - time.monotonic()) > 0:
            hint: dict[str, Any] = json.loads(hints.recv(timeout=left))
            if hint["type"] == "round.changed":
                return hint
    raise AssertionError("nothing changed")


def test_one_life_ends_sound_with_one_json_object_and_leaves_no_data(tmp_path: Path) -> None:
    ended = subprocess.run(
        command("--once", "--json"),
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["sound"] is True
    assert told["reservations"] > 100
    assert len(told["orders"]) == 16
    assert {order["dispatch"] for order in told["orders"]} == {"sent"}
    assert told["total"] == sum(order["total"] for order in told["orders"])
    assert told["units_ordered"] == sum(order["units"] for order in told["orders"])
    assert all(check["looked_at"] > 0 and not check["broken"] for check in told["checks"])
    assert not (tmp_path / "windrow.sqlite3").exists()


def test_a_demo_runs_live_stops_at_once_and_goes_on_where_it_was(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as demo:
        demo.wait_for("A new market stands in")
        demo.wait_for("Quick round 1 opens at")
        round_id = open_round(demo.address)
        hint = first_change(demo.address, round_id)
        assert hint["round"] == round_id
        refused = subprocess.run(
            command("--port", str(port)),
            cwd=ROOT,
            env=environment(tmp_path / "other"),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert refused.returncode == 1
        assert f"Port {port} is taken" in refused.stderr
        assert demo.stop() < 10
        assert demo.process.returncode == 0
    with socket.socket() as knocking:
        assert knocking.connect_ex(("127.0.0.1", port)) != 0
    with running(tmp_path, port) as again:
        assert str(tmp_path) in again.wait_for("Found the market of an earlier start")
        again.wait_for("make demo NEW=1")
        again.wait_for("Ctrl-C stops everything")
        assert again.stop() < 10
        assert again.process.returncode == 0
