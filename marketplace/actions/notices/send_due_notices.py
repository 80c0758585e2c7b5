"""Send what is due of people's notices: mail and push, single or as one mail a day.

Claiming, sending and marking are three steps, none of them slow inside a transaction. A claim carries a word of its
own and an end: two senders never hold the same delivery, and what a dead one held is taken over when its claim ends.
Right before each sending the claim is renewed and the attempt counted. A sender that dies between the gateway's "yes"
and the mark leaves that one delivery to be sent a second time, all others of its claim once. The second copy carries
the same Message-ID, or the same push topic, by which mail programs and push services see that it is the same.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import translation

from marketplace import clock
from marketplace.actions.notices.mail import MailRun, NoAddress
from marketplace.actions.notices.push import push_notice
from marketplace.actions.notices.push_errors import NobodyToPush
from marketplace.models import Notice, NoticeDelivery
from marketplace.queries.notices import due_deliveries, hours_of, until_of
from marketplace.rules.notice_texts import Wording
from marketplace.rules.notice_times import Hours, after_quiet
from marketplace.rules.notices import REMINDERS, URGENT, Channel, NoticeKind

log = logging.getLogger(__name__)

# Longer than a gateway may take for one; renewed before each.
CLAIM = timedelta(minutes=3)
BATCH = 50
# Before the second, third … try; after the last one it is given up and stays in the inbox.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
_State = NoticeDelivery.State


def send_due_notices(*, words: Wording, seconds: float = 45) -> int:
    """Send everything that is due, for so many seconds at most; how many deliveries went out.

    Safe to run twice at once. One that fails never stops the others.
    """
    started, sent = clock.now(), 0
    with MailRun() as mails:
        while claimed := _claim():
            for together in _grouped(claimed):
                sent += _send(together, words, mails)
            if clock.now() - started > timedelta(seconds=seconds):
                break
    return sent


def _claim() -> list[NoticeDelivery]:
    """Take some due deliveries into one's hands, oldest first; whole digests."""
    now, word = clock.now(), uuid.uuid4().hex
    with transaction.atomic():
        free = due_deliveries(now).select_for_update(skip_locked=True)
        ids = set(free.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
        mails = NoticeDelivery.objects.filter(pk__in=ids, channel=Channel.EMAIL)
        readers = set(mails.values_list("notice__user_id", flat=True))
        daily = [user_id for user_id, hours in hours_of(readers).items() if hours.digest_at]
        if daily:
            theirs = Notice.objects.filter(user__in=daily).values("pk")
            ids |= set(free.filter(notice__in=theirs, channel=Channel.EMAIL).values_list("pk", flat=True))
        NoticeDelivery.objects.filter(pk__in=ids).update(claim=word, claimed_until=now + CLAIM)
    claimed = NoticeDelivery.objects.filter(claim=word, state=_State.WAITING)
    return list(claimed.select_related("notice__user").order_by("notice__user_id", "pk"))


def _grouped(claimed: Iterable[NoticeDelivery]) -> list[list[NoticeDelivery]]:
    """What goes out together: a person's mails where they are one a day, else each alone."""
    rows = list(claimed)
    hours = hours_of({row.notice.user_id for row in rows})
    groups = []
    for user_id, some in groupby(rows, key=lambda row: row.notice.user_id):
        mails = []
        for row in some:
            digest = hours.get(user_id, Hours()).digest_at is not None
            if digest and row.channel == Channel.EMAIL and NoticeKind(row.notice.kind) not in URGENT:
                mails.append(row)
            else:
                groups.append([row])
        if mails:
            groups.append(mails)
    return groups


def _send(together: list[NoticeDelivery], words: Wording, mails: MailRun) -> int:
    """Send what goes out together, and mark it; how many deliveries went out."""
    now = clock.now()
    hours = hours_of([together[0].notice.user_id]).get(together[0].notice.user_id, Hours())
    ready = [row for row in together if _is_wanted(row, now) and _is_time(row, hours, now) and _begin(row, now)]
    if not ready:
        return 0
    try:
        if ready[0].channel == Channel.PUSH:
            _push(ready[0].notice, words, now)
        else:
            mails.send([row.notice for row in ready], words, now)
    except (NoAddress, NobodyToPush) as nobody:
        _give_up(ready, str(nobody))
        return 0
    except Exception as error:  # whatever a gateway raises is one failed attempt, kept with its text
        log.warning("A notice by %s failed: %s", ready[0].channel, error)
        _failed(ready, f"{type(error).__name__}: {error}")
        return 0
    for row in ready:
        _mine(row).update(state=_State.SENT, sent_at=clock.now(), claimed_until=None, problem="")
    return len(ready)


def _push(notice: Notice, words: Wording, now: datetime) -> None:
    """In the reader's language, as mails are."""
    with translation.override(notice.user.language or settings.LANGUAGE_CODE):
        push_notice(notice, words(notice.kind, notice.facts, now), now)


def _mine(row: NoticeDelivery) -> QuerySet[NoticeDelivery]:
    return NoticeDelivery.objects.filter(pk=row.pk, claim=row.claim, state=_State.WAITING)


def _begin(row: NoticeDelivery, now: datetime) -> bool:
    """Renew the claim and count the attempt; False when somebody else has taken it over."""
    begun = _mine(row).update(claimed_until=now + CLAIM, attempts=F("attempts") + 1)
    row.attempts += begun
    return bool(begun)


def _is_wanted(row: NoticeDelivery, now: datetime) -> bool:
    """Whether it still says something: a message that was read meanwhile and a reminder whose time is over do not."""
    kind, until = NoticeKind(row.notice.kind), until_of(row.notice.facts)
    if kind is NoticeKind.MESSAGE and row.notice.read_at is not None:
        _give_up([row], "It was read before.")
        return False
    if kind in REMINDERS and until is not None and until <= now:
        _give_up([row], "Its time was over.")
        return False
    return True


def _is_time(row: NoticeDelivery, hours: Hours, now: datetime) -> bool:
    """Whether it may go out now: a retry, or a worker that comes late, may meet quiet hours."""
    if row.channel == Channel.EMAIL and hours.digest_at is not None:
        return True
    at = after_quiet(kind=NoticeKind(row.notice.kind), now=now, until=until_of(row.notice.facts), hours=hours)
    if at <= now:
        return True
    _mine(row).update(due_at=at, claimed_until=None)
    return False


def _give_up(rows: Iterable[NoticeDelivery], why: str) -> None:
    for row in rows:
        _mine(row).update(state=_State.GIVEN_UP, claimed_until=None, problem=why)


def _failed(rows: Iterable[NoticeDelivery], why: str) -> None:
    now = clock.now()
    for row in rows:
        if row.attempts > len(PAUSES):
            _give_up([row], why[:1000])
        else:
            pause = PAUSES[row.attempts - 1]
            _mine(row).update(due_at=now + pause, claimed_until=None, problem=why[:1000])
