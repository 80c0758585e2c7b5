"""What lists and answers cost does not grow with their length; an answer that breaks anywhere leaves nothing."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.actions.orders.receive_order import receive_order
from marketplace.models import (
    Allocation,
    ClearingRun,
    OutboxEvent,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderRevision,
    StateChange,
)
from marketplace.rules.order_answers import LineAnswer
from tests.marketplace.orders.orders_ground import LATER, Ordered

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def market_of(lines: int) -> Ordered:
    """An order of so many lines; two households want each."""
    here = Ordered()
    for _ in range(lines):
        offer = here.market.offer(here.merchant)
        here.market.line(offer, 2)
        here.market.line(offer, 3)
    here.close()
    return here


def statements_of(act: Any) -> int:
    with (
        CaptureQueriesContext(
            connection,
        ) as seen,
        clock.frozen(LATER),
    ):
        act()
    return len(seen)


def whole(here: Ordered) -> None:
    confirm_purchase_order(order_id=here.order.pk, by=here.marta)


def short(here: Ordered) -> None:
    """One less of every line."""
    lines = PurchaseOrderLine.objects.filter(order=here.order)
    told = {line.pk: LineAnswer(line.ordered - 1, "frost") for line in lines}
    confirm_purchase_order(order_id=here.order.pk, answers=told, by=here.marta)


def test_confirming_three_hundred_lines_costs_what_confirming_three_does() -> None:
    few, many = market_of(3), market_of(300)
    small, large = statements_of(lambda: whole(few)), statements_of(lambda: whole(many))
    # The lines themselves are written some hundred at a time.
    assert small <= 24
    assert large <= small + 4
    assert set(PurchaseOrderLine.objects.values_list("confirmed")) == {(5,)}


def test_a_shortage_on_three_hundred_lines_costs_what_one_on_three_does() -> None:
    few, many = market_of(3), market_of(300)
    small, large = statements_of(lambda: short(few)), statements_of(lambda: short(many))
    assert small <= 50
    assert large <= small + 12
    assert Allocation.objects.count() == 303


def test_receiving_three_hundred_lines_costs_what_receiving_three_does() -> None:
    few, many = market_of(3), market_of(300)
    for here in (few, many):
        whole(here)
    small = statements_of(lambda: receive_order(order_id=few.order.pk, by=few.carla))
    large = statements_of(lambda: receive_order(order_id=many.order.pk, by=many.carla))
    assert large <= small + 8


@pytest.mark.parametrize("page", ["board/?tab=all", "{order}/answer/"])
def test_pages_cost_the_same_for_one_row_and_for_twenty(page: str) -> None:
    def cost(here: Ordered) -> int:
        client = Client()
        client.force_login(here.marta)
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(f"/desk/marketplace/purchaseorder/{page.format(order=here.order.pk)}")
        assert answer.status_code == 200
        return len(seen)

    one, twenty = market_of(1), market_of(20)
    for _ in range(20 if page.startswith("board") else 0):
        copy_of(twenty.order)
    cost(one)  # what is remembered for a minute
    assert cost(one) == cost(twenty)


def copy_of(order: PurchaseOrder) -> None:
    """Another order of the merchant, as its row alone."""
    number = PurchaseOrder.objects.filter(merchant=order.merchant).count() + 1
    PurchaseOrder.objects.create(
        merchant=order.merchant, supply=order.supply, window=order.window, run=order.run, number=number,
        currency="EUR", goods_minor=0, total_minor=0, issued_at=order.issued_at, state="voided",
    )  # fmt: skip
    revision = PurchaseOrderRevision.objects.get(order=order, number=1)
    copied = PurchaseOrder.objects.latest("pk")
    PurchaseOrderRevision.objects.create(
        order=copied, number=1, content=revision.content, content_hash=revision.content_hash, created_at=LATER
    )


class Killed(Exception):
    """The worker is gone."""


def test_an_answer_that_breaks_at_any_statement_leaves_nothing() -> None:
    here = market_of(3)

    def state() -> object:
        return (
            here.order.state,
            here.order.revision,
            list(PurchaseOrderLine.objects.order_by("pk").values_list("confirmed")),
            ClearingRun.objects.count(),
            Allocation.objects.count(),
            PurchaseOrderRevision.objects.count(),
            OutboxEvent.objects.count(),
            StateChange.objects.count(),
        )

    before = state()
    wanted = statements_of(lambda: _rolled_back(lambda: short(here)))
    for stop_at in range(1, wanted - 5, 3):
        left = [stop_at]

        def die(execute: Any, sql: str, params: Any, many: bool, context: Any, left: list[int] = left) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return execute(sql, params, many, context)

        with pytest.raises(Killed), connection.execute_wrapper(die), clock.frozen(LATER):
            short(here)
        assert state() == before, f"at statement {stop_at}"
    with clock.frozen(LATER):
        short(here)
    assert here.order.revision == 2


def _rolled_back(act: Any) -> None:
    with transaction.atomic():
        act()
        transaction.set_rollback(True)
