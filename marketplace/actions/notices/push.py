"""Push one notice to every browser of its person: encrypted for each (RFC 8291), with a time to live and a topic."""

import json
import logging
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus

import requests
from django.conf import settings
from django.utils import translation
from pywebpush import WebPushException, webpush

from marketplace import clock
from marketplace.actions.notices.push_address import check_target
from marketplace.actions.notices.push_errors import BadEndpoint, NobodyToPush, PushRefused
from marketplace.actions.notices.push_keys import private_key
from marketplace.models import Notice, PushSubscription
from marketplace.queries.notices import until_of
from marketplace.rules.notice_texts import NoticeText
from marketplace.rules.notices import URGENT, NoticeKind

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
# A phone that was off longer finds it in the inbox.
KEPT = timedelta(hours=24)
LONGEST_BODY = 600
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


def push_notice(notice: Notice, text: NoticeText, now: datetime) -> None:
    """Push to all browsers; done when one took it. A browser that its service no longer knows is removed.

    Raises NobodyToPush where no browser (or no key) is left, PushRefused where none took it now.
    """
    if not private_key():
        raise NobodyToPush("Push has no key here.")
    browsers = list(PushSubscription.objects.filter(user_id=notice.user_id, user__is_active=True).order_by("pk"))
    taken, problems = 0, []
    for browser in browsers:
        try:
            taken += _push(browser, notice, text, now)
        except PushRefused as refused:
            problems.append(str(refused))
    if not taken and problems:
        raise PushRefused("; ".join(problems))
    if not taken:
        raise NobodyToPush("No browser is left.")


def _push(browser: PushSubscription, notice: Notice, text: NoticeText, now: datetime) -> int:
    """1 when the browser's service took it, 0 when it no longer knows the browser. Raises PushRefused."""
    try:
        check_target(browser.endpoint)
        with requests.Session() as session:
            session.trust_env = False  # no proxy, no stored password
            session.max_redirects = 0
            webpush(
                subscription_info={
                    "endpoint": browser.endpoint,
                    "keys": {"p256dh": browser.p256dh, "auth": browser.auth},
                },
                data=payload(notice, text),
                vapid_private_key=private_key(),
                vapid_claims={"sub": settings.VAPID_SUBJECT},
                ttl=time_to_live(notice, now),
                headers={"Topic": topic(notice), "Urgency": "high" if NoticeKind(notice.kind) in URGENT else "normal"},
                timeout=TIMEOUT_SECONDS,
                requests_session=session,
            )
    except WebPushException as refused:
        if refused.response is not None and refused.response.status_code in _GONE:
            browser.delete()
            return 0
        raise PushRefused(str(refused)[:300]) from refused
    except BadEndpoint as bad:
        log.warning("Push subscription %s was removed: %s", browser.pk, bad)
        browser.delete()
        return 0
    except ValueError as unusable:  # keys that are no keys
        log.warning("Push subscription %s has unusable keys: %s", browser.pk, unusable)
        browser.delete()
        return 0
    except (requests.RequestException, OSError) as away:
        raise PushRefused(f"{type(away).__name__}: {away}"[:300]) from away
    PushSubscription.objects.filter(pk=browser.pk).update(last_sent_at=clock.now())
    return 1


def payload(notice: Notice, text: NoticeText) -> str:
    """What the worker in the browser shows (static/js/push_worker.js)."""
    body = " ".join(part for part in (text.total, text.body) if part)
    told = {
        "title": text.title[:120],
        "body": body[:LONGEST_BODY],
        "link": f"/inbox/{notice.pk}/",
        "tag": topic(notice),
        "language": translation.get_language() or "en",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def topic(notice: Notice) -> str:
    """At most 32 characters that name the occasion: a second copy replaces the first, shown or not."""
    return sha256(f"{notice.user_id}:{notice.kind}:{notice.key}".encode()).hexdigest()[:32]


def time_to_live(notice: Notice, now: datetime) -> int:
    """Seconds for which the service keeps it for a phone that is off: to the end of its use, a day at most."""
    until = until_of(notice.facts)
    left = KEPT if until is None else min(KEPT, until - now)
    return max(60, int(left.total_seconds()))
