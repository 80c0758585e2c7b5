"""Events take effect once, whatever fails, comes twice or gets lost on the way."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from marketplace import clock, relay
from marketplace.actions.deliver_events import deliver_again
from marketplace.errors import IllegalMove, NotAllowed, NotFound
from marketplace.events import emit, on, subscriptions
from marketplace.models import HandledEvent, OutboxEvent, StateChange, Supply
from marketplace.topics import TOPICS
from tests.delivering import deliver_all, only_listening
from tests.factories import NOON, make_hub, make_merchant, make_supply, make_user

pytestmark = pytest.mark.django_db
TOPIC = "dispatch.exhausted"
State = HandledEvent.State


class Bell:
    """A handler that leaves a row for every ring, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.rings = 0

    def __call__(self, *, dispatch_id: int, order_id: int) -> None:
        make_supply(make_merchant(), make_hub())
        self.rings += 1
        if self.failures >= self.rings:
            raise ConnectionError("the line is busy")


def tell() -> OutboxEvent:
    with transaction.atomic():
        return emit(TOPIC, dispatch_id=1, order_id=2)


def settled(event: OutboxEvent) -> bool:
    event.refresh_from_db()
    return event.settled_at is not None


def test_an_event_is_delivered_to_every_handler_and_settled() -> None:
    first, second = Bell(), Bell()
    with only_listening(TOPIC, first=first, second=second):
        event = tell()
        assert relay.deliver(event.pk)
    assert (first.rings, second.rings) == (1, 1)
    assert settled(event)
    assert set(event.handled.values_list("handler", "state")) == {("first", State.DONE), ("second", State.DONE)}


def test_a_second_delivery_does_nothing() -> None:
    bell = Bell()
    with only_listening(TOPIC, bell=bell):
        event = tell()
        relay.deliver(event.pk)
        OutboxEvent.objects.update(settled_at=None)  # as if the first worker died before it settled the event
        assert relay.deliver(event.pk)
        assert relay.deliver(event.pk)
    assert bell.rings == 1
    assert settled(event)


def test_an_event_without_handlers_is_settled_at_once() -> None:
    with only_listening(TOPIC):
        event = tell()
        assert relay.deliver(event.pk)
    assert settled(event)


def test_an_unknown_event_is_nothing_to_do() -> None:
    assert relay.deliver(999)


def test_a_failing_handler_leaves_no_trace_and_does_not_hold_the_others() -> None:
    failing, other = Bell(failures=99), Bell()
    with only_listening(TOPIC, failing=failing, other=other), clock.frozen(NOON):
        event = tell()
        assert not relay.deliver(event.pk)
    assert other.rings == 1
    assert Supply.objects.count() == 1  # only the other's: what the failing one wrote was undone
    row = event.handled.get(handler="failing")
    assert (row.state, row.attempts, row.next_try_at) == (State.FAILED, 1, NOON + timedelta(seconds=5))
    assert row.last_error == "ConnectionError: the line is busy"
    assert not settled(event)


def test_a_failing_handler_is_tried_with_growing_pauses_and_then_parked() -> None:
    bell = Bell(failures=99)
    with only_listening(TOPIC, bell=bell):
        with clock.frozen(NOON):
            event = tell()
        for ring, seconds in enumerate((0, 5, 35, 155, 755, 4355)):
            due = NOON + timedelta(seconds=seconds)
            if ring:
                with clock.frozen(due - timedelta(seconds=1)):
                    assert relay.deliver_pending() == 0
            with clock.frozen(due):
                relay.deliver_pending()
            assert bell.rings == ring + 1
    row = event.handled.get()
    assert (row.state, row.attempts, row.next_try_at) == (State.PARKED, 6, None)
    assert settled(event)


def test_a_handler_that_works_again_is_done() -> None:
    bell = Bell(failures=1)
    with only_listening(TOPIC, bell=bell):
        with clock.frozen(NOON):
            event = tell()
            relay.deliver(event.pk)
            relay.deliver(event.pk)  # too early: it pauses
        with clock.frozen(NOON + timedelta(seconds=5)):
            assert relay.deliver_pending() == 1
    assert bell.rings == 2
    row = event.handled.get()
    assert (row.state, row.attempts, row.last_error) == (State.DONE, 2, "")
    assert settled(event)


def test_an_attempt_whose_worker_died_counts_and_in_the_end_parks_the_handler() -> None:
    bell = Bell()
    with only_listening(TOPIC, bell=bell):
        with clock.frozen(NOON):
            event = tell()
        for attempt in range(1, 7):  # each worker dies right after it began
            with clock.frozen(NOON + timedelta(hours=attempt * 2)):
                assert [n for _, n in relay._begin(event)] == [attempt]
        row = event.handled.get()
        assert (row.state, row.last_error) == (State.FAILED, relay.UNFINISHED)
        with clock.frozen(NOON + timedelta(hours=20)):
            assert relay.deliver(event.pk)
    row.refresh_from_db()
    assert (row.state, bell.rings) == (State.PARKED, 0)


def test_a_wake_up_that_got_lost_is_made_good_by_the_sweep() -> None:
    bell = Bell()
    with only_listening(TOPIC, bell=bell):
        tell(), tell()
        assert relay.deliver_pending() == 2
        assert relay.deliver_pending() == 0
    assert bell.rings == 2


def test_events_that_pause_do_not_keep_newer_ones_from_the_sweep() -> None:
    failing = Bell(failures=99)
    with only_listening(TOPIC, failing=failing), clock.frozen(NOON):
        for _ in range(3):
            tell()
        relay.deliver_pending(limit=3)
        newer = tell()
        assert relay.deliver_pending(limit=3) == 1
        assert newer.handled.count() == 1


def test_a_handler_may_tell_further_events() -> None:
    heard: list[int] = []

    def tells(*, dispatch_id: int, order_id: int) -> None:
        emit("purchase_order.voided", order_id=order_id, window_id=7, merchant_id=8)

    def hears(*, order_id: int, window_id: int, merchant_id: int) -> None:
        heard.append(order_id)

    with only_listening(TOPIC, tells=tells), only_listening("purchase_order.voided", hears=hears):
        tell()
        assert deliver_all() == 2
    assert heard == [2]


@pytest.mark.django_db(transaction=True)
def test_telling_outside_a_transaction_is_refused_and_writes_nothing() -> None:
    with pytest.raises(TransactionManagementError):
        emit(TOPIC, dispatch_id=1, order_id=2)
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize(
    ("topic", "payload"),
    [("window.exploded", {}), (TOPIC, {"dispatch_id": 1}), (TOPIC, {"dispatch_id": 1, "order_id": 2, "mood": "bad"})],
)
def test_what_the_topics_do_not_describe_is_refused(topic: str, payload: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"topics|carries"):
        emit(topic, **payload)
    assert not OutboxEvent.objects.exists()


def test_two_handlers_of_a_topic_cannot_share_a_name() -> None:
    with only_listening(TOPIC, bell=Bell()), pytest.raises(ValueError, match="bell"):
        on(TOPIC, name="bell")(Bell())


def test_every_topic_that_moves_a_window_is_shown_to_those_who_watch() -> None:
    moves = [topic for topic in TOPICS if topic.startswith("window.")]
    assert [len(subscriptions(topic)) >= 1 for topic in moves] == [True] * len(moves)


def test_staff_can_have_a_parked_handler_delivered_again() -> None:
    staff = make_user("Sofia", is_staff=True)
    bell = Bell(failures=1)
    with only_listening(TOPIC, bell=bell):
        event = tell()
        relay.deliver(event.pk)
        row = event.handled.get()
        HandledEvent.objects.update(state=State.PARKED, attempts=6, next_try_at=None)
        relay.deliver(event.pk)
        assert settled(event)
        deliver_again(handled_id=row.pk, by=staff)
        assert not settled(event)
        deliver_all()
    assert bell.rings == 2
    assert settled(event)
    change = StateChange.objects.get(kind="handled_event")
    assert (change.object_id, change.from_state, change.to_state, change.by) == (row.pk, "parked", "failed", staff)


def test_only_staff_may_and_only_what_is_parked() -> None:
    staff = make_user("Sofia", is_staff=True)
    with only_listening(TOPIC, bell=Bell()):
        event = tell()
        relay.deliver(event.pk)
        row = event.handled.get()
        with pytest.raises(NotAllowed):
            deliver_again(handled_id=row.pk, by=make_user("Ana"))
        with pytest.raises(IllegalMove):
            deliver_again(handled_id=row.pk, by=staff)
        with pytest.raises(NotFound):
            deliver_again(handled_id=row.pk + 1, by=staff)
    row.refresh_from_db()
    assert row.state == State.DONE
