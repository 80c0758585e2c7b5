"""Servers of a test run: a private folder, a free port, an unprivileged user, and an end that leaves nothing behind."""

import contextlib
import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.services.errors import ServiceMissing

# Below the ephemeral range: a client that retries a port there, while nothing listens yet, may connect to itself.
PORTS = range(18000, 32000)
FOLDERS = "windrow-test-"
PR_SET_PDEATHSIG = 1


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    for _ in range(200):
        port = random.choice(PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServiceMissing(f"no free port on 127.0.0.1 between {PORTS.start} and {PORTS.stop}")


def wait_until_it_answers(answers: Callable[[], bool], process: subprocess.Popen[bytes], *, seconds: float) -> bool:
    """True as soon as `answers` does; False when the process has ended or the time is over."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        if answers():
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def private_folder(service: str, owner: str | None) -> Iterator[Path]:
    """A folder of this process for one service, owned by `owner` and removed at the end.

    Folders of runs that were killed outright are removed by the next run: their names carry the process id.
    """
    for old in Path(tempfile.gettempdir()).glob(f"{FOLDERS}{service}-*"):
        if not _is_alive(old.name.split("-")[3]):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDERS}{service}-{os.getpid()}-"))
    try:
        if owner:
            account = pwd.getpwnam(owner)
            os.chown(folder, account.pw_uid, account.pw_gid)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # another user's
    return True


def unprivileged_user() -> str | None:
    """Whom servers run as when this process is root (PostgreSQL refuses root); None for "as this process"."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise ServiceMissing("running as root, and neither the user postgres nor nobody exists to run servers as")


def as_user(owner: str | None) -> dict[str, object]:
    """Arguments of subprocess calls that run the command as that user."""
    if owner is None:
        return {}
    account = pwd.getpwnam(owner)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def start(
    command: Sequence[str], *, folder: Path, owner: str | None, goodbye: signal.Signals
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own, its output in the folder's `log`.

    A session of its own: Ctrl-C reaches the tests, not their server. When this process dies without a word, the kernel
    sends the server the `goodbye` signal (Linux).
    """

    def follow_the_parent() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(goodbye))

    with (folder / "log").open("ab") as log:
        return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=follow_the_parent,  # safe: servers start before any thread does
            **as_user(owner),
        )


def stop(process: subprocess.Popen[bytes], *signals: signal.Signals) -> None:
    """Send each signal and wait 15 s for it to work, at last KILL to the whole session."""
    for one in signals:
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            process.send_signal(one)
            process.wait(timeout=15)
        if process.poll() is not None:
            return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def log_of(folder: Path) -> str:
    """The last lines that a server wrote, for an error message."""
    with contextlib.suppress(FileNotFoundError):
        return "\n".join((folder / "log").read_text(errors="replace").splitlines()[-12:])
    return ""
