"""Tell: put a notice into people's inboxes and on its way by the channels that they want."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError

from marketplace import clock, realtime
from marketplace.events import wake
from marketplace.models import Notice, NoticeDelivery, NoticePreference
from marketplace.queries.notices import hours_of, inbox_group, until_of
from marketplace.rules.notice_times import Hours, due_at
from marketplace.rules.notices import DEFAULTS, SENT_CHANNELS, NoticeKind

SEND_TASK = "marketplace.send_due_notices"
# People at once in one statement: a hub's followers may be thousands.
CHUNK = 500
# More people than these find the mark on their next page; a hint each would be a flood of its own.
HINTED = 200


def tell(
    *,
    kind: NoticeKind,
    user_ids: Iterable[int],
    key: str,
    facts: Mapping[str, Any],
    link: str = "",
    facts_of: Mapping[int, Mapping[str, Any]] | None = None,
) -> int:
    """Tell each person once, in the caller's transaction; how many were told that had not been.

    `key` names the occasion within the kind; `facts` are plain JSON, as the kind's sentence needs them
    (notice_words.py), `facts_of` what differs from person to person; `link` is the path of the page to go to. Raises
    outside a transaction. Five queries for each 500 people.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError(f"tell({kind!r}) outside a transaction could tell what never happened.")
    now, told = clock.now(), 0
    for some in _chunks(sorted(set(user_ids))):
        new = _write(kind, some, key, facts, facts_of or {}, link, now)
        if new:
            _put_on_its_way(kind, key, new, now)
            told += len(new)
            if told <= HINTED:
                _hint(new)
    if told:
        wake(SEND_TASK)
    return told


def _chunks(user_ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(user_ids)
    while some := list(islice(rest, CHUNK)):
        yield some


def _write(
    kind: NoticeKind,
    user_ids: list[int],
    key: str,
    facts: Mapping[str, Any],
    facts_of: Mapping[int, Mapping[str, Any]],
    link: str,
    now: datetime,
) -> list[int]:
    """The notices' rows; whom they are new to. A teller beside this one wins or loses row by row."""
    known = set(Notice.objects.filter(user__in=user_ids, kind=kind, key=key).values_list("user_id", flat=True))
    new = [user_id for user_id in user_ids if user_id not in known]
    Notice.objects.bulk_create(
        [
            Notice(user_id=u, kind=kind, key=key, facts={**facts, **facts_of.get(u, {})}, link=link, created_at=now)
            for u in new
        ],
        ignore_conflicts=True,
    )
    return new


def _put_on_its_way(kind: NoticeKind, key: str, user_ids: list[int], now: datetime) -> None:
    said = {
        (user_id, channel): answer
        for user_id, channel, answer in NoticePreference.objects.filter(user__in=user_ids, kind=kind).values_list(
            "user_id", "channel", "wanted"
        )
    }
    hours, plain = hours_of(user_ids), Hours()
    notices = Notice.objects.filter(user__in=user_ids, kind=kind, key=key).values_list("pk", "user_id", "facts")
    NoticeDelivery.objects.bulk_create(
        [
            NoticeDelivery(
                notice_id=notice_id,
                channel=channel,
                due_at=due_at(
                    kind=kind, channel=channel, now=now, until=until_of(facts), hours=hours.get(user_id, plain)
                ),
            )
            for notice_id, user_id, facts in notices
            for channel in SENT_CHANNELS
            if said.get((user_id, channel), channel in DEFAULTS[kind])
        ],
        ignore_conflicts=True,
    )


def _hint(user_ids: Iterable[int]) -> None:
    for user_id in user_ids:
        realtime.push(inbox_group(user_id), {"type": "inbox.changed"})
