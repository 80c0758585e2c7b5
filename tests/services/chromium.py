"""Chromium for browser tests: CHROMIUM names it, else PATH, else Playwright's own copy, else Debian's package."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.services import packages
from tests.services.errors import ServiceMissing

VARIABLE = "CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str:
    """The path of a Chromium that runs; raises ServiceMissing with the reason when there is none to be had."""
    given = os.environ.get(VARIABLE)
    found = given or _on_this_machine() or _of_playwright() or _from_debian()
    try:
        done = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except OSError as error:
        raise ServiceMissing(f"Chromium: {found} does not run: {error}") from error
    if done.returncode:
        raise ServiceMissing(f"Chromium: `{found} --version` failed: {done.stderr.strip()[-400:]}")
    return found


def _on_this_machine() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def _of_playwright() -> str | None:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    copies = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(copies[-1]) if copies else None


def _from_debian() -> str:
    # Without a font every page is a field of boxes, and its measures are wrong.
    packages.install("Chromium", "chromium", "fonts-liberation")
    found = _on_this_machine()
    if found is None:
        raise ServiceMissing("Chromium: installed the package chromium and still found none on PATH")
    return found
