"""The mails that carry notices: text first, the same as plain HTML, one link to leave that needs no sign-in."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.template.loader import render_to_string
from django.utils import translation

from marketplace.actions.notices.stop_links import stop_link
from marketplace.models import Notice, User
from marketplace.rules.notice_texts import NoticeText, Wording


class NoAddress(Exception):
    """The person has no address any more: erased, or no longer active."""


class MailRun:
    """One connection to an SMTP gateway for all mails of a run; a broken one is made anew for the next mail.

    Other back ends take each mail by itself: the embedded form writes one file for each.
    """

    def __init__(self) -> None:
        self._gateway: BaseEmailBackend | None = None

    def __enter__(self) -> "MailRun":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._hang_up()

    def send(self, notices: Sequence[Notice], words: Wording, now: datetime) -> None:
        """Send the notices of one person as one mail. Raises NoAddress, or what the gateway raises."""
        if self._gateway is None:
            self._gateway = get_connection()
            if isinstance(self._gateway, SmtpBackend):
                self._gateway.open()
        try:
            accepted = self._gateway.send_messages([mail_of(notices, words, now)])
        except NoAddress:
            raise
        except Exception:
            self._hang_up()
            raise
        if not isinstance(self._gateway, SmtpBackend):
            self._hang_up()
        if not accepted:
            raise OSError("The mail back end accepted no recipient.")

    def _hang_up(self) -> None:
        if self._gateway is not None:
            with suppress(Exception):  # it is given up either way
                self._gateway.close()
            self._gateway = None


def mail_of(notices: Sequence[Notice], words: Wording, now: datetime) -> EmailMultiAlternatives:
    """The mail of one notice, or of several as a digest, in the reader's language. All are of one person."""
    user = notices[0].user
    if not user.is_active or user.erased_at is not None or "@" not in user.email:
        raise NoAddress("The person has no address any more.")
    with translation.override(user.language or settings.LANGUAGE_CODE):
        texts = [words(notice.kind, notice.facts, now) for notice in notices]
        name = "notice" if len(notices) == 1 else "digest"
        values = _values(user, notices, texts)
        subject = " ".join(render_to_string(f"emails/{name}_subject.txt", values).split())
        body = render_to_string(f"emails/{name}.txt", values)
        page = render_to_string(f"emails/{name}.html", values)
    mail = EmailMultiAlternatives(
        subject=subject,
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[user.email],
        headers={
            # The same for a second copy of the same deliveries, so that it is seen to be one.
            "Message-ID": f"<notice-{notices[0].pk}-{notices[-1].pk}@{_host()}>",
            "List-Unsubscribe": f"<{values['stop']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(page, "text/html")
    return mail


def _values(user: User, notices: Sequence[Notice], texts: Sequence[NoticeText]) -> dict[str, Any]:
    items = [
        {"text": text, "link": f"{settings.SITE_URL}{notice.link or '/inbox/'}"}
        for notice, text in zip(notices, texts, strict=True)
    ]
    language = translation.get_language() or settings.LANGUAGE_CODE
    return {
        "name": user.name,
        "items": items,
        "first": items[0],
        "language": language,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "stop": stop_link(user.pk, sorted({notice.kind for notice in notices})),
        "wishes": f"{settings.SITE_URL}/me/notices/",
    }


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "windrow"
