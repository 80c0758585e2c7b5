"""Tell: put a notice into people's inboxes and on its way by the channels that they want."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError

from marketplace import clock
from marketplace.events import wake
from marketplace.models import Notice, NoticeDelivery, NoticePreference
from marketplace.rules.notices import DEFAULTS, SENT_CHANNELS, NoticeKind

SEND_TASK = "marketplace.send_due_notices"


def tell(*, kind: NoticeKind, user_ids: Iterable[int], key: str, facts: Mapping[str, Any], link: str = "") -> int:
    """Tell each person once, in the caller's transaction; how many were told that had not been.

    `key` names the occasion within the kind; `facts` are plain JSON, as the kind's sentence needs them
    (notice_words.py); `link` is the path of the page to go to. Raises outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError(f"tell({kind!r}) outside a transaction could tell what never happened.")
    wanted, now = sorted(set(user_ids)), clock.now()
    known = set(Notice.objects.filter(user__in=wanted, kind=kind, key=key).values_list("user_id", flat=True))
    new = [user_id for user_id in wanted if user_id not in known]
    if not new:
        return 0
    Notice.objects.bulk_create(
        [Notice(user_id=u, kind=kind, key=key, facts=dict(facts), link=link, created_at=now) for u in new],
        ignore_conflicts=True,
    )
    notices = Notice.objects.filter(user__in=new, kind=kind, key=key)
    said = {
        (user_id, channel): answer
        for user_id, channel, answer in NoticePreference.objects.filter(user__in=new, kind=kind).values_list(
            "user_id", "channel", "wanted"
        )
    }
    NoticeDelivery.objects.bulk_create(
        [
            NoticeDelivery(notice=notice, channel=channel, due_at=now)
            for notice in notices
            for channel in SENT_CHANNELS
            if said.get((notice.user_id, channel), channel in DEFAULTS[kind])
        ],
        ignore_conflicts=True,
    )
    wake(SEND_TASK)
    return len(new)
