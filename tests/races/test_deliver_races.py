"""An event that many workers deliver at once takes effect once; demand that many refresh at once counts evenly."""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from marketplace import relay
from marketplace.actions.refresh_demand import LEASE, Watch, refresh_demand
from marketplace.events import emit
from marketplace.models import Category, HandledEvent, Lease, OfferDemand, OutboxEvent, ReservationLine
from tests.delivering import only_listening
from tests.factories import (
    make_handover,
    make_household,
    make_hub,
    make_merchant,
    make_offer,
    make_product,
    make_round,
    make_window,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TOPIC = "dispatch.exhausted"
WORKERS = 8


def at_once(work: Callable[[int], object], workers: int = WORKERS) -> None:
    """Run the work in threads that start together; the first failure is raised."""
    barrier, failures = Barrier(workers), list[BaseException]()

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            work(number)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]


def count(*, dispatch_id: int, order_id: int) -> None:
    """A handler whose effect can be counted; it takes a moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.02)")
    unique = f"{dispatch_id}-{uuid4()}"
    Category.objects.create(slug=unique, name=unique)


def tell(events: int) -> list[int]:
    with transaction.atomic():
        return [emit(TOPIC, dispatch_id=number, order_id=2).pk for number in range(events)]


def test_control_without_the_handled_row_every_worker_takes_effect() -> None:
    tell(1)
    at_once(lambda _: count(dispatch_id=0, order_id=2))
    assert Category.objects.count() > 1


def test_one_event_delivered_by_many_takes_effect_once() -> None:
    with only_listening(TOPIC, count=count):
        (event_id,) = tell(1)
        at_once(lambda _: relay.deliver(event_id))
        relay.deliver(event_id)
    assert Category.objects.count() == 1
    assert OutboxEvent.objects.filter(settled_at__isnull=False).count() == 1


def test_many_sweeps_at_once_deliver_each_event_once() -> None:
    with only_listening(TOPIC, count=count):
        event_ids = tell(20)
        at_once(lambda _: relay.deliver_pending())
        relay.deliver_pending()
    assert Category.objects.count() == len(event_ids)
    assert HandledEvent.objects.filter(state=HandledEvent.State.DONE, attempts=1).count() == len(event_ids)
    assert not OutboxEvent.objects.filter(settled_at__isnull=True).exists()


def test_processes_that_refresh_at_once_give_each_change_its_own_version() -> None:
    round_ = make_round(make_hub())
    handover = make_handover(round_)
    window = make_window(round_)
    offer = make_offer(window, make_product(make_merchant()))
    reservation = round_.reservations.create(
        household=make_household(), handover=handover, created_at=window.opens_at, changed_at=window.opens_at
    )
    ReservationLine.objects.create(
        reservation=reservation, offer=offer, window=window, firm=1, placed_at=window.opens_at
    )
    versions = []
    for firm in (2, 3, 4):
        ReservationLine.objects.update(firm=firm)
        Lease.objects.filter(name=LEASE).update(until=window.opens_at)
        told: list[int] = []
        at_once(lambda _, told=told: told.append(refresh_demand(watch=Watch())))  # type: ignore[misc]
        assert sum(told) == 1
        versions.append(OfferDemand.objects.get(pk=offer.pk).version)
    assert versions == [1, 2, 3]
