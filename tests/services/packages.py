"""The last resort for a binary: the distribution's package, when this is Debian and we are root."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.services.errors import ServiceMissing


def install(service: str, *packages: str) -> None:
    """Install Debian packages without questions; raises ServiceMissing where that is not possible."""
    if shutil.which("apt-get") is None:
        raise ServiceMissing(f"{service}: not found, and this is no Debian to install {' '.join(packages)} on")
    if os.geteuid() != 0:
        raise ServiceMissing(f"{service}: not found; as root: apt-get install {' '.join(packages)}")
    # policy-rc.d has no say in most containers; RUNLEVEL=1 keeps packages from starting servers of their own.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    with (Path(tempfile.gettempdir()) / "windrow-test-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (
            ["apt-get", "-qq", "update"],
            ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", *packages],
        ):
            done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
            if done.returncode:
                reason = (done.stderr or done.stdout).strip()[-800:]
                raise ServiceMissing(f"{service}: `{' '.join(command)}` failed: {reason}")
