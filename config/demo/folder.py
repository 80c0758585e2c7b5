"""The demo's own data folder: one process at a time, and how to begin anew."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

DATABASE = "windrow.sqlite3"
MAILS = "mails"
LOCK = "demo.lock"


class AlreadyRunning(Exception):
    """Another process runs a demo on this folder. Argument: the folder."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder; the operating system lets go of it however the process ends. Raises AlreadyRunning."""
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(folder) from error
        yield


def begin_anew(folder: Path) -> None:
    """Remove the demo's database and mails; nothing else in the folder is touched."""
    connections.close_all()
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / MAILS, ignore_errors=True)
