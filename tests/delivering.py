"""The relay inside a test: what production does in workers, done at once and without pauses."""

from collections.abc import Iterator
from contextlib import contextmanager

from marketplace import clock, events, relay
from marketplace.events import Handler
from marketplace.models import HandledEvent


def deliver_all() -> int:
    """Deliver every event, also those that handlers tell meanwhile; how many. A failing handler fails the test."""
    delivered = 0
    while event_ids := list(relay.pending(clock.now()).values_list("pk", flat=True)):
        for event_id in event_ids:
            relay.deliver(event_id)
        delivered += len(event_ids)
    failed = list(HandledEvent.objects.exclude(state=HandledEvent.State.DONE).values_list("handler", "last_error"))
    assert not failed, failed
    return delivered


@contextmanager
def only_listening(topic: str, **handlers: Handler) -> Iterator[None]:
    """Subscribe these handlers, by name, to a topic, and nobody else, for a while."""
    before = events._subscriptions.pop(topic, [])
    try:
        for name, handler in handlers.items():
            events.on(topic, name=name)(handler)
        yield
    finally:
        events._subscriptions[topic] = before
