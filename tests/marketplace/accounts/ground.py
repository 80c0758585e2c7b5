"""The ground of the tests of signing in: browsers that type what their mail says."""

import re
from typing import Any

from django.core import mail
from django.test import Client

CODE = re.compile(r"^    ([A-Z]{6})$", re.MULTILINE)


def newest_code() -> str:
    """The code in the mail that came last; it stands in the subject too."""
    newest = mail.outbox[-1]
    found = CODE.search(str(newest.body))
    assert found, newest.body
    assert found[1] in newest.subject
    return found[1]


def sign_up(client: Client, name: str = "Ana", email: str = "ana@example.org", **more: str) -> Any:
    """Fill in the first page; the answer leads to the code."""
    return client.post("/signup/", {"name": name, "email": email, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
