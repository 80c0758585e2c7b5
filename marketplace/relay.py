"""Delivers what was told: every subscribed handler of an event takes effect once (docs/adr/0003).

An attempt is counted before it runs, in a transaction of its own, so that a handler that kills its worker is paused
and parked like one that raises. The handler then runs in its own transaction, whose first statement moves
`HandledEvent` to done: a second delivery finds it done, or waits for it and finds it done.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from marketplace import clock
from marketplace.events import Subscription, subscriptions
from marketplace.models import HandledEvent, OutboxEvent

logger = logging.getLogger(__name__)

# Before the second, third … attempt; after the last one a failing handler is parked.
PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
)
# What stands in `last_error` while an attempt runs, and stays when nobody came back from it.
UNFINISHED: Final = "The attempt did not finish."
BATCH: Final = 200

_State = HandledEvent.State


def deliver(event_id: int) -> bool:
    """Run every handler of the event that is due; True when nothing is left to do for it.

    Safe to call twice at once, and for an event that is settled or unknown. A failing handler is logged and tried
    again after its pause; it never holds the others.
    """
    event = OutboxEvent.objects.filter(pk=event_id, settled_at__isnull=True).first()
    if event is None:
        return True
    for subscription, attempt in _begin(event):
        _run(event, subscription, attempt)
    return _settle(event)


def pending(now: datetime) -> QuerySet[OutboxEvent]:
    """Events with a handler that is due: never begun, or whose pause is over."""
    failed = HandledEvent.objects.filter(event=OuterRef("pk"), state=_State.FAILED)
    due = Q(Exists(failed.filter(next_try_at__lte=now))) | ~Q(Exists(failed))
    return OutboxEvent.objects.filter(due, settled_at__isnull=True).order_by("pk")


def deliver_pending(*, limit: int = BATCH) -> int:
    """Deliver what no wake-up delivered, oldest first; how many events it looked at."""
    ids = list(pending(clock.now()).values_list("pk", flat=True)[:limit])
    for event_id in ids:
        deliver(event_id)
    return len(ids)


def _begin(event: OutboxEvent) -> list[tuple[Subscription, int]]:
    """Count an attempt for each handler that is due; the handlers with the number of their attempt.

    While somebody else does the same for this event, there is nothing to do (SKIP LOCKED).
    """
    with transaction.atomic():
        mine = OutboxEvent.objects.select_for_update(skip_locked=True).filter(pk=event.pk, settled_at__isnull=True)
        if not mine.exists():
            return []
        now = clock.now()
        known = {row.handler: row for row in event.handled.all()}
        begun = []
        for subscription in subscriptions(event.topic):
            attempt = _next_attempt(event, subscription.name, known.get(subscription.name), now)
            if attempt:
                begun.append((subscription, attempt))
        return begun


def _next_attempt(event: OutboxEvent, name: str, row: HandledEvent | None, now: datetime) -> int:
    """Count one attempt of one handler; 0 when it is done, parked or pausing."""
    if row is None:
        HandledEvent.objects.create(
            event=event, handler=name, state=_State.FAILED, next_try_at=now + PAUSES[0], last_error=UNFINISHED
        )
        return 1
    if row.state != _State.FAILED or row.next_try_at is None or row.next_try_at > now:
        return 0
    if row.attempts > len(PAUSES):  # its last attempt never came back
        _move(event, name, row.attempts, state=_State.PARKED, next_try_at=None)
        return 0
    attempt = row.attempts + 1
    counted = _move(event, name, row.attempts, attempts=attempt, next_try_at=now + _pause(attempt))
    return attempt if counted else 0


def _run(event: OutboxEvent, subscription: Subscription, attempt: int) -> None:
    """One attempt: the mark "done" and the handler's effect in one transaction."""
    try:
        with transaction.atomic():
            if _move(event, subscription.name, attempt, state=_State.DONE, next_try_at=None, last_error=""):
                subscription.handler(**event.payload)
    except Exception as error:  # whatever a handler raises is its own affair: the others go on
        logger.exception("Handler %s failed on event %s (%s)", subscription.name, event.pk, event.topic)
        _note_failure(event, subscription.name, attempt, error)


def _note_failure(event: OutboxEvent, name: str, attempt: int, error: Exception) -> None:
    message = f"{type(error).__name__}: {error}"[:2000]
    if attempt > len(PAUSES):
        _move(event, name, attempt, state=_State.PARKED, next_try_at=None, last_error=message)
    else:
        _move(event, name, attempt, next_try_at=clock.now() + _pause(attempt), last_error=message)


def _move(event: OutboxEvent, name: str, attempt: int, **fields: object) -> bool:
    """Compare and set: only this attempt, only while it is not done."""
    row = HandledEvent.objects.filter(event=event, handler=name, state=_State.FAILED, attempts=attempt)
    return bool(row.update(**fields))


def _pause(attempt: int) -> timedelta:
    return PAUSES[min(attempt, len(PAUSES)) - 1]


def _settle(event: OutboxEvent) -> bool:
    """Mark the event settled once every handler is done or parked."""
    over = set(event.handled.exclude(state=_State.FAILED).values_list("handler", flat=True))
    if {subscription.name for subscription in subscriptions(event.topic)} - over:
        return False
    OutboxEvent.objects.filter(pk=event.pk, settled_at__isnull=True).update(settled_at=clock.now())
    return True
