"""A worker that is killed while it closes leaves nothing or everything; the next scan completes it exactly once.

The killed workers are processes (closing_process.py) that meet SIGKILL.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from marketplace import clock, locks
from marketplace.actions.close_due_windows import close_due_windows
from marketplace.models import (
    Allocation,
    ClearingRun,
    Dispatch,
    MerchantCounter,
    OfferOutcome,
    OrderingWindow,
    OutboxEvent,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderRevision,
    Reservation,
    ReservationLine,
    StateChange,
    WindowSupply,
)
from tests.factories import (
    make_handover,
    make_household,
    make_hub,
    make_merchant,
    make_offer,
    make_product,
    make_round,
    make_supply,
    make_window,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

MERCHANTS, OFFERS, LINES = 3, 4, 5
Kill = Callable[[OrderingWindow, str, int], str]


@pytest.fixture
def kill() -> Iterator[Kill]:
    """Have a process close the window and die at a point; "killed", or "ended" when it lived to the end."""
    settings = connection.settings_dict
    user = f"{settings['USER']}:{quote(settings['PASSWORD'])}@" if settings["PASSWORD"] else f"{settings['USER']}@"
    url = f"postgres://{user}{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.races.closing_process"],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdin
    assert worker.stdout
    asked, answered = worker.stdin, worker.stdout

    def close_and_kill(window: OrderingWindow, point: str, number: int = 0) -> str:
        asked.write(f"{window.pk} {point} {number}\n")
        asked.flush()
        answer = answered.readline().strip()
        # The server may still be busy with what the dead one sent; the lock waits until that is rolled back.
        with transaction.atomic():
            locks.window_exclusive(window.pk)
        return answer

    yield close_and_kill
    asked.close()
    assert worker.wait(10) == 0
    answered.close()


@pytest.fixture
def window() -> OrderingWindow:
    """A due window in which every offer leaves a case open, so that every table gets rows."""
    return due_window(lines=LINES)


def due_window(lines: int) -> OrderingWindow:
    hub = make_hub()
    round_, now = make_round(hub), clock.now()
    handover = make_handover(round_)
    past = now - timedelta(seconds=1)
    window = make_window(round_, opens_at=now - timedelta(hours=2), closes_at=past, filling=timedelta(0))
    offers = []
    for _ in range(MERCHANTS):
        merchant = make_merchant()
        supply = make_supply(merchant, hub)
        WindowSupply.objects.create(window=window, supply=supply, orders_due_at=now + timedelta(hours=9))
        offers += [make_offer(window, make_product(merchant), case=4) for _ in range(OFFERS)]
    for _ in range(lines):
        reservation = Reservation.objects.create(
            round=round_, household=make_household(), handover=handover, created_at=now, changed_at=now
        )
        ReservationLine.objects.bulk_create(
            ReservationLine(reservation=reservation, offer=offer, window=window, firm=1, placed_at=now)
            for offer in offers
        )
    return window


def written(window: OrderingWindow) -> tuple[str, dict[str, int]]:
    """The state of the window and how many rows of each kind its closing left."""
    events = OutboxEvent.objects.filter(topic__in=("window.closed", "purchase_order.issued"))
    return OrderingWindow.objects.get(pk=window.pk).state, {
        "runs": ClearingRun.objects.filter(window=window).count(),
        "outcomes": OfferOutcome.objects.filter(run__window=window).count(),
        "allocations": Allocation.objects.filter(run__window=window).count(),
        "orders": PurchaseOrder.objects.filter(window=window).count(),
        "lines": PurchaseOrderLine.objects.filter(order__window=window).count(),
        "revisions": PurchaseOrderRevision.objects.filter(order__window=window).count(),
        "dispatches": Dispatch.objects.filter(revision__order__window=window).count(),
        "numbers": sum(MerchantCounter.objects.values_list("last_order_number", flat=True)),
        "events": events.filter(payload__window_id=window.pk).count(),
        "changes": StateChange.objects.filter(kind="window", object_id=window.pk).count(),
    }


def everything(lines: int) -> tuple[str, dict[str, int]]:
    offers = MERCHANTS * OFFERS
    per_merchant = dict.fromkeys(("orders", "revisions", "dispatches", "numbers"), MERCHANTS)
    rows = {"runs": 1, "outcomes": offers, "allocations": offers * (lines % 4), "lines": offers, **per_merchant}
    return "closed", {**rows, "events": MERCHANTS + 1, "changes": 1}


def nothing() -> tuple[str, dict[str, int]]:
    return "open", dict.fromkeys(everything(LINES)[1], 0)


def test_control_a_worker_that_lives_leaves_everything(window: OrderingWindow, kill: Kill) -> None:
    assert written(window) == nothing()
    assert kill(window, "statement", 0) == "ended"
    assert written(window) == everything(LINES)


def test_killed_before_any_of_its_statements_it_leaves_nothing_and_the_next_scan_completes(
    window: OrderingWindow, kill: Kill
) -> None:
    statement = 1
    while kill(window, "statement", statement) == "killed":
        assert written(window) == nothing(), f"killed before statement {statement}"
        statement += 1
    assert statement > 20  # it really was killed all along the way, and then lived
    assert written(window) == everything(LINES)
    assert close_due_windows() == []


def test_killed_before_the_commit_it_leaves_nothing_and_the_next_scan_completes(
    window: OrderingWindow, kill: Kill
) -> None:
    assert kill(window, "commit", 0) == "killed"
    assert written(window) == nothing()

    assert [closed.window_id for closed in close_due_windows()] == [window.pk]
    assert written(window) == everything(LINES)


def test_killed_after_the_commit_it_leaves_everything_and_its_events_still_to_be_delivered(
    window: OrderingWindow, kill: Kill
) -> None:
    assert kill(window, "committed", 0) == "killed"

    assert written(window) == everything(LINES)
    assert OutboxEvent.objects.filter(settled_at=None, topic="window.closed").count() == 1
    assert close_due_windows() == []
    assert written(window) == everything(LINES)


def test_killed_from_outside_at_any_time_it_leaves_nothing_or_everything(kill: Kill) -> None:
    lines = 203
    window = due_window(lines)
    milliseconds, answers = 3, []
    while written(window) == nothing():
        answers.append(kill(window, "after", milliseconds))
        assert written(window) in (nothing(), everything(lines)), f"killed after {milliseconds} ms"
        milliseconds += 12

    assert answers[0] == "killed"
    assert len(answers) > 3
    assert written(window) == everything(lines)
    assert close_due_windows() == []
