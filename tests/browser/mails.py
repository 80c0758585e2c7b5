"""The mails that a server of the tests has written, and the codes in them."""

import re
from pathlib import Path

from tests.browser.conftest import Server

CODE = re.compile(r"^    ([A-Z]{6})$", re.MULTILINE)


def newest_mail(server: Server, address: str) -> str:
    """The mail that this address got last."""
    folder = Path(server.environment["WINDROW_DATA_DIR"]) / "mails"
    mails = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return next(text for text in (path.read_text() for path in mails) if f"To: {address}" in text)


def code_for(server: Server, address: str) -> str:
    """The code in the mail that this address got last."""
    found = CODE.search(newest_mail(server, address))
    assert found
    return found[1]
