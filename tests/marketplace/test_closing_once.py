"""Closing happens once, by the one clock, whoever comes to it and however late."""

import json
import signal
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.close_due_windows import close_due_windows
from marketplace.actions.close_window import close_window
from marketplace.actions.open_due_windows import open_due_windows
from marketplace.actions.open_window import open_window
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import (
    Allocation,
    ClearingRun,
    MerchantCounter,
    OfferOutcome,
    OrderingWindow,
    OutboxEvent,
    PriceStep,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderRevision,
    StateChange,
)
from marketplace.rules.clearing.conservation import Unbalanced
from marketplace.rules.states import WindowState
from marketplace.tasks.windows import close_due, close_one, open_due
from tests.factories import NOON, make_hub_staff, make_round, make_window
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    """One offer of one merchant, short by a unit, so that every table gets a row."""
    market = Market()
    offer = market.offer(market.merchant(), cap=3)
    market.line(offer, 2)
    market.line(offer, 2)
    return market


def written(market: Market) -> dict[str, Any]:
    """Everything that a closing writes and that its lateness must not change."""
    window = {"run__window": market.window}
    return {
        "state": OrderingWindow.objects.get(pk=market.window.pk).state,
        "runs": list(ClearingRun.objects.filter(window=market.window).values("number", "closes_at", "input_hash")),
        "outcomes": list(OfferOutcome.objects.filter(**window).order_by("offer").values()),
        "allocations": list(Allocation.objects.filter(**window).order_by("line").values()),
        "orders": list(PurchaseOrder.objects.filter(**window).order_by("pk").values()),
        "lines": list(PurchaseOrderLine.objects.filter(order__window=market.window).order_by("pk").values()),
        "revisions": list(PurchaseOrderRevision.objects.order_by("pk").values("number", "content", "content_hash")),
        "numbers": list(MerchantCounter.objects.values_list("merchant", "last_order_number")),
        "events": OutboxEvent.objects.count(),
        "changes": StateChange.objects.count(),
    }


def test_a_second_close_answers_nothing_and_changes_nothing(market: Market) -> None:
    assert market.close() is not None
    before = written(market)

    assert market.close(CLOSES_AT + timedelta(hours=1)) is None
    with clock.frozen(CLOSES_AT):
        close_one(market.window.pk)
        close_due()

    assert written(market) == before
    assert before["events"] == 2
    assert before["changes"] == 1


@pytest.mark.parametrize("state", [state for state in WindowState if state is not WindowState.OPEN])
def test_only_an_open_window_closes(market: Market, state: WindowState) -> None:
    OrderingWindow.objects.filter(pk=market.window.pk).update(state=state)

    assert market.close() is None
    assert written(market)["runs"] == []


def test_before_the_deadline_nothing_happens_whatever_the_worker_believes(market: Market) -> None:
    assert market.close(CLOSES_AT - timedelta(microseconds=1)) is None
    assert written(market)["state"] == "open"
    assert market.close(CLOSES_AT) is not None


def test_after_an_outage_of_26_hours_the_result_is_the_same_and_dispatch_waits(market: Market) -> None:
    # The same closing twice: on time, undone, and then 26 hours late.
    with transaction.atomic():
        market.close()
        on_time = written(market)
        transaction.set_rollback(True)

    closed = market.close(CLOSES_AT + timedelta(hours=26))

    assert closed is not None
    assert closed.orders[0].held_for == "late_close"
    late = written(market)
    assert without_keys(late) == without_keys(on_time)


def without_keys(found: dict[str, Any]) -> Any:
    """Rows without database keys and without what the lateness is meant to change: that dispatch is held."""
    changing = {"id", "run_id", "order_id", "held_for"}
    return {
        name: [{key: value for key, value in row.items() if key not in changing} for row in rows]
        if isinstance(rows, list) and rows and isinstance(rows[0], dict)
        else rows
        for name, rows in found.items()
    }


def test_the_scanner_closes_every_overdue_window_and_one_that_fails_stops_no_other() -> None:
    broken, fine = Market(), Market()
    PriceStep.objects.filter(offer=broken.offer(broken.merchant())).delete()
    fine.line(fine.offer(fine.merchant()), 1)

    with clock.frozen(CLOSES_AT + timedelta(days=400)):
        closed = close_due_windows()

    assert [answer.window_id for answer in closed] == [fine.window.pk]
    assert written(broken)["state"] == "open"


def test_an_incomplete_window_is_refused_and_unchanged() -> None:
    market = Market()
    PriceStep.objects.filter(offer=market.offer(market.merchant())).delete()
    stranger = Market().merchant()
    market.line(market.offer(stranger), 1)

    with pytest.raises(InvalidInput) as refused:
        market.close()

    assert [problem["problem"] for problem in refused.value.facts["problems"]] == [
        "it has no price step",
        "its merchant has no supply in the window",
    ]
    assert (written(market)["state"], written(market)["runs"]) == ("open", [])


def test_what_does_not_add_up_is_rolled_back(market: Market) -> None:
    """A writer that ignores the lock takes a line away between the sums and the loading of lines."""
    before, line_id = written(market), market.window.lines.latest("pk").pk

    def careless(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and "reservation_id" in sql and "flexible_for" in sql:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM marketplace_reservationline WHERE id = %s", [line_id])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(careless), pytest.raises(Unbalanced):
        market.close()

    assert written(market) == before


def test_a_coordinator_of_the_hub_may_close_what_is_due_and_is_recorded(market: Market) -> None:
    coordinator, stranger = make_hub_staff(market.hub), make_hub_staff(Market().hub)

    with clock.frozen(CLOSES_AT):
        with pytest.raises(NotFound):
            close_window(window_id=market.window.pk, by=stranger)
        assert close_window(window_id=market.window.pk, by=coordinator) is not None

    assert StateChange.objects.get(kind="window").by == coordinator


def statements_to_close(offers: int) -> int:
    market = Market()
    merchant = market.merchant()
    for _ in range(offers):
        market.line(market.offer(merchant, case=4), 3, flexible=2)
        market.line(market.offer(merchant, cap=1), 2)
    with CaptureQueriesContext(connection) as queries:
        market.close()
    return len(queries)


@pytest.mark.slow
def test_the_number_of_statements_does_not_grow_with_the_offers() -> None:
    few = statements_to_close(1)

    assert statements_to_close(20) == few
    assert few <= 28


def test_the_command_writes_a_line_per_window_or_json_and_gives_the_signals_back(market: Market) -> None:
    before = signal.getsignal(signal.SIGTERM)
    spoken, told = StringIO(), StringIO()
    other = Market()
    with clock.frozen(CLOSES_AT):
        with clock.frozen(CLOSES_AT - timedelta(seconds=1)):
            call_command("close_due_windows", stdout=spoken)
        assert spoken.getvalue() == ""
        call_command("close_due_windows", "--json", stdout=told)
        OrderingWindow.objects.filter(pk=other.window.pk).update(state="open")
        call_command("close_due_windows", stdout=spoken)

    rows = [json.loads(row) for row in told.getvalue().splitlines()]
    assert [(row["window_id"], row["closes_at"]) for row in rows] == [
        (market.window.pk, "2026-11-22T18:00:00Z"),
        (other.window.pk, "2026-11-22T18:00:00Z"),
    ]
    assert rows[0]["orders"][0]["total_minor"] == 300
    assert spoken.getvalue() == "Fresh: 0 of 0 offers reached, 0 purchase orders, 0.00 EUR\n"
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_window_opens_when_its_time_has_come_and_only_once() -> None:
    market = Market()
    window = make_window(
        make_round(market.hub), opens_at=NOON, closes_at=CLOSES_AT, state=WindowState.SCHEDULED, name="Dry"
    )

    with clock.frozen(NOON - timedelta(seconds=1)):
        assert open_due_windows() == []
        assert open_window(window_id=window.pk, by=make_hub_staff(market.hub)) is False
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert open_due_windows() == [window.pk]
        assert open_window(window_id=window.pk) is False
        open_due()

    window.refresh_from_db()
    assert window.state == "open"
    change = StateChange.objects.get(object_id=window.pk, kind="window")
    assert (change.from_state, change.to_state, change.at) == ("scheduled", "open", NOON)
    event = OutboxEvent.objects.get(topic="window.opened")
    assert event.payload == {"window_id": window.pk, "round_id": window.round_id}
