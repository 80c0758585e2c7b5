"""The whole house as processes: database, broker, server and worker, started and stopped by a test."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from redis import Redis

from tests.services import private

ROOT = Path(__file__).resolve().parents[2]
# A database number of its own, so that this house's messages and those of the test run do not mix.
REDIS_NUMBER = 7


class House:
    """Processes that share a SQLite file and a Redis."""

    def __init__(self, folder: Path, redis_url: str) -> None:
        self.folder, self.database = folder, folder / "windrow.sqlite3"
        self.redis_url = f"{redis_url.rpartition('/')[0]}/{REDIS_NUMBER}"
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
            "WINDROW_DATA_DIR": str(folder),
            "DATABASE_URL": "",
            "REDIS_URL": self.redis_url,
            "PYTHONPATH": str(ROOT),
        }
        self._processes: list[subprocess.Popen[bytes]] = []
        self._other: subprocess.Popen[str] | None = None
        with Redis.from_url(self.redis_url) as client:
            client.flushdb()

    def migrate(self) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
        subprocess.run(command, env=self._environment, check=True, cwd=ROOT)

    def step(self, name: str, *numbers: int) -> Any:
        """Have the other process do one step of steps.py; what it answers."""
        if self._other is None:
            command = [sys.executable, "-m", "tests.realtime.steps"]
            pipe = subprocess.PIPE
            self._other = subprocess.Popen(command, env=self._environment, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        assert self._other.stdin is not None
        assert self._other.stdout is not None
        self._other.stdin.write(f"{json.dumps([name, *numbers])}\n")
        self._other.stdin.flush()
        return json.loads(self._other.stdout.readline())

    def kill_other(self) -> None:
        """End the other process without a word; the next step starts a new one."""
        if self._other is not None:
            self._other.kill()
            self._other.communicate()
            self._other = None

    def serve(self) -> str:
        """Start the ASGI server; host and port."""
        port = private.free_port()
        self._start("-m", "uvicorn", "config.asgi:application", "--port", str(port), "--log-level", "warning")
        wait_for(lambda: _listens(port), seconds=30, what=lambda: private.log_of(self.folder))
        return f"127.0.0.1:{port}"

    def work(self) -> subprocess.Popen[bytes]:
        """Start a worker with the beat in it; it has begun once this returns."""
        queues, schedule = "closing,planning,notify,analysis", str(self.folder / "beat")
        worker = self._start(
            *("-m", "celery", "-A", "config.celery", "worker", "--beat", "--schedule", schedule),
            *("--queues", queues, "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO"),
        )
        begun = self.log().count("ready.")
        wait_for(lambda: self.log().count("ready.") > begun, seconds=40, what=self.log)
        return worker

    def log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def handled(self, event_id: int) -> list[tuple[str, str, int]]:
        """Who dealt with an event: (handler, state, attempts)."""
        query = "SELECT handler, state, attempts FROM marketplace_handledevent WHERE event_id = ? ORDER BY handler"
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query, [event_id]).fetchall()

    def unacknowledged(self) -> int:
        """Messages that a worker took and did not finish."""
        with Redis.from_url(self.redis_url) as client:
            return int(client.hlen("unacked"))

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a process and its children without a word."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        self.kill_other()
        for process in reversed(self._processes):
            if process.poll() is None:
                private.stop(process, signal.SIGTERM)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                env=self._environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process


def wait_for(condition: Callable[[], bool], *, seconds: float, what: Callable[[], str]) -> None:
    """Wait until the condition holds; fail with `what` when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what()
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
