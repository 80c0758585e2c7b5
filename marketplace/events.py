"""Events: told in the transaction that makes them true, delivered at least once, handled once (docs/adr/0003).

`emit` writes an outbox row; `on` subscribes a handler to a topic. What a topic carries stands in `topics.py`.
Delivery is `relay.py`'s part.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from marketplace import clock
from marketplace.models import OutboxEvent
from marketplace.topics import TOPICS

Handler = Callable[..., None]
DELIVER_TASK = "marketplace.deliver_event"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One handler of one topic; `name` is stable, since it is stored with what was handled."""

    topic: str
    name: str
    handler: Handler


_subscriptions: dict[str, list[Subscription]] = {}


def on(topic: str, *, name: str) -> Callable[[Handler], Handler]:
    """Subscribe a function to a topic. It is called with the payload as keyword arguments, in its own transaction."""

    def subscribe(handler: Handler) -> Handler:
        known = _subscriptions.setdefault(topic, [])
        if any(s.name == name for s in known):
            raise ValueError(f"Two handlers of {topic} are named {name}.")
        known.append(Subscription(topic=topic, name=name, handler=handler))
        return handler

    return subscribe


def subscriptions(topic: str) -> tuple[Subscription, ...]:
    """Who listens to a topic, in the order of subscription (no order is promised)."""
    return tuple(_subscriptions.get(topic, ()))


def subscribed_topics() -> frozenset[str]:
    """Every topic that somebody listens to."""
    return frozenset(_subscriptions)


def emit(topic: str, **payload: Any) -> OutboxEvent:
    """Tell that something happened, in the caller's transaction. Raises outside one, or on a payload that the
    topic does not describe."""
    if not connection.in_atomic_block:
        raise TransactionManagementError(f"emit({topic!r}) outside a transaction could tell what never happened.")
    _check(topic, payload)
    event = OutboxEvent.objects.create(topic=topic, payload=payload, created_at=clock.now())
    wake(DELIVER_TASK, event.pk)
    return event


def wake(task: str, *args: Any) -> None:
    """Send a Celery message by name once the transaction commits; a lost message costs time, never truth."""
    transaction.on_commit(lambda: _send(task, args), robust=True)


def _send(task: str, args: tuple[Any, ...]) -> None:
    current_app.send_task(task, args=args, retry=False)


def _check(topic: str, payload: Mapping[str, Any]) -> None:
    described = TOPICS.get(topic)
    if described is None:
        raise ValueError(f"{topic!r} is not in topics.py.")
    if set(payload) != set(described):
        raise ValueError(f"{topic!r} carries {sorted(described)}, not {sorted(payload)}.")
