"""Signed links by which a mail's reader stops such mails without signing in (RFC 8058)."""

from collections.abc import Sequence

from django.conf import settings
from django.core import signing

from marketplace.errors import NotFound
from marketplace.rules.notices import NoticeKind

SALT = "windrow.stop-mails"


def stop_link(user_id: int, kinds: Sequence[str]) -> str:
    """The whole address. It says nothing but whose mails of which kinds stop, and does nothing until it is posted."""
    return f"{settings.SITE_URL}/me/notices/stop/{signing.dumps([user_id, list(kinds)], salt=SALT)}/"


def read_stop(signed: str) -> tuple[int, list[NoticeKind]]:
    """Whose mails of which kinds stop. Raises NotFound for anything that we did not sign."""
    try:
        user_id, kinds = signing.loads(signed, salt=SALT)
        return int(user_id), [NoticeKind(kind) for kind in kinds]
    except (signing.BadSignature, ValueError, TypeError) as unreadable:
        raise NotFound(kind="link", id=signed[:20]) from unreadable
