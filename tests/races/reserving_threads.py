"""A market in real time, and threads with database connections of their own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from threading import Barrier, Event, Thread
from typing import TypeVar

from django.db import connection, transaction

from marketplace import clock
from marketplace.actions.reserve import ReservationAnswer, reserve
from marketplace.models import Capacity, Household, HouseholdMember, Offer, OrderingWindow, User, WindowSupply
from marketplace.rules.wanted import WantedLine
from tests.factories import (
    make_handover,
    make_hub,
    make_merchant,
    make_offer,
    make_product,
    make_round,
    make_supply,
    make_window,
)

T = TypeVar("T")
_keys = count(1)


def at_once(acts: Sequence[Callable[[], T]], seconds: float = 60) -> list[T | Exception]:
    """Run each in a thread of its own, all started together; what each returned or raised, in order."""
    results: list[T | Exception] = [TimeoutError()] * len(acts)
    start = Barrier(len(acts))

    def run(index: int) -> None:
        try:
            start.wait()
            results[index] = acts[index]()
        except Exception as error:  # the test judges it
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index,), daemon=True) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    return results


@contextmanager
def in_background(act: Callable[[], T]) -> Iterator[Callable[[], T | Exception]]:
    """Start in a thread; yields a function that waits for the result."""
    results: list[T | Exception] = []

    def run() -> None:
        try:
            results.append(act())
        except Exception as error:  # the test judges it
            results.append(error)
        finally:
            connection.close()

    thread = Thread(target=run, daemon=True)
    thread.start()

    def result() -> T | Exception:
        thread.join(30)
        return results[0] if results else TimeoutError()

    yield result
    thread.join(30)


@contextmanager
def counter_held(capacity: Capacity | None) -> Iterator[Callable[[], None]]:
    """Hold a counter's row, so that whoever reserves stops there: decided, but not yet written. Yields the release."""
    assert capacity is not None
    held, release = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Capacity.objects.select_for_update().get(pk=capacity.pk)
            held.set()
            release.wait(30)

    with in_background(hold):
        assert held.wait(10)
        try:
            yield release.set
        finally:
            release.set()


def waits_for_a_lock(number: int = 1) -> None:
    """Return once that many sessions wait for a lock."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0] >= number:
                return
            cursor.execute("SELECT pg_sleep(0.02)")
    raise AssertionError("Nobody came to wait.")


@dataclass
class Market:
    """One open window, with as many households as a test needs."""

    closes_in: timedelta = timedelta(hours=2)
    window: OrderingWindow = field(init=False)

    def __post_init__(self) -> None:
        self.hub = make_hub()
        self.merchant = make_merchant()
        self.round = make_round(self.hub)
        self.handover = make_handover(self.round)
        now = clock.now()
        self.window = make_window(
            self.round, opens_at=now - timedelta(hours=1), closes_at=now + self.closes_in, filling=timedelta(0)
        )
        WindowSupply.objects.create(
            window=self.window, supply=make_supply(self.merchant, self.hub), orders_due_at=now + timedelta(hours=3)
        )

    def offer(self, cap: int | None = None, case: int = 1) -> Offer:
        return make_offer(self.window, make_product(self.merchant), cap=cap, case=case)

    def people(self, number: int) -> list[User]:
        """That many people, each a household."""
        first = User.objects.count()
        users = User.objects.bulk_create(
            User(email=f"person-{first + n}@example.org", name=f"Person {first + n}", password="!")
            for n in range(number)
        )
        households = Household.objects.bulk_create(Household(name=user.name) for user in users)
        HouseholdMember.objects.bulk_create(
            HouseholdMember(household=household, user=user) for household, user in zip(households, users, strict=True)
        )
        return users

    def reserving(self, by: User, *wishes: tuple[Offer, int], key: str = "") -> Callable[[], ReservationAnswer]:
        """The act of reserving, to be run in a thread."""
        lines = [WantedLine(offer_id=offer.pk, firm=units) for offer, units in wishes]
        key = key or f"race-{next(_keys)}"
        return lambda: reserve(round_id=self.round.pk, lines=lines, request_key=key, by=by)
