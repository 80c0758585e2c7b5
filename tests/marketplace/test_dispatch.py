"""Purchase orders go out after the grace, once, with retries, and the same revision always looks the same."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.release_order import release_order
from marketplace.actions.send_again import send_again
from marketplace.actions.send_dispatch import SENDING_LEASE, send_dispatch, send_due_dispatches
from marketplace.errors import NotAllowed, NotFound, OrderNotOpen
from marketplace.models import Dispatch, OutboxEvent, PurchaseOrder
from marketplace.rules.roles import Role
from marketplace.rules.states import DispatchState
from tests.factories import make_hub_staff, make_merchant_member
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = pytest.mark.django_db

DUE = CLOSES_AT + timedelta(minutes=10)


class BrokenGateway(BaseEmailBackend):
    """A mail gateway that is down."""

    def send_messages(self, email_messages: object) -> int:
        raise ConnectionRefusedError("the gateway is down")


@pytest.fixture
def market() -> Market:
    market = Market()
    merchant = market.merchant("Quinta")
    market.line(market.offer(merchant, ladder=((6, 195, 240), (36, 170, 210)), case=12), 12)
    return market


@pytest.fixture
def order(market: Market) -> PurchaseOrder:
    with clock.frozen(CLOSES_AT):
        assert close_window(window_id=market.window.pk) is not None
    return PurchaseOrder.objects.get()


def test_an_order_goes_out_when_the_grace_is_over_and_not_before(order: PurchaseOrder) -> None:
    with clock.frozen(DUE - timedelta(seconds=1)):
        assert send_due_dispatches() == 0
    with clock.frozen(DUE):
        assert send_due_dispatches() == 1
        assert send_due_dispatches() == 0
    assert Dispatch.objects.get().state == DispatchState.SENT
    assert len(mail.outbox) == 1


def test_the_mail_says_number_total_and_lines_and_carries_the_table(order: PurchaseOrder) -> None:
    with clock.frozen(DUE):
        send_due_dispatches()
    sent = mail.outbox[0]
    assert str(order) in sent.subject
    assert "23.40 EUR" in sent.subject
    assert "12 × Tomatoes" in str(sent.body)
    assert "1 case of 12" in str(sent.body)
    name, table, kind = sent.attachments[0]
    assert (name, kind) == (f"{order}-r1.csv", "text/csv")
    assert str(table).splitlines()[1].startswith(f"{order},1,EUR,SKU-")


@pytest.mark.slow  # six attempts
def test_a_gateway_that_is_down_is_tried_again_and_then_alarms(order: PurchaseOrder, settings: object) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenGateway"  # type: ignore[attr-defined]
    now = DUE
    for attempt in range(1, 7):
        with clock.frozen(now):
            assert send_due_dispatches() == 0
        dispatch = Dispatch.objects.get()
        assert dispatch.attempts == attempt
        now = dispatch.due_at
    assert dispatch.state == DispatchState.EXHAUSTED
    assert "the gateway is down" in dispatch.last_error
    assert OutboxEvent.objects.filter(topic="dispatch.exhausted").count() == 1


def test_a_sender_that_died_is_taken_over_and_the_second_copy_carries_the_same_id(order: PurchaseOrder) -> None:
    with clock.frozen(DUE):
        send_due_dispatches()
        Dispatch.objects.update(state=DispatchState.SENDING, sending_until=DUE + SENDING_LEASE, sent_at=None)
        assert send_due_dispatches() == 0
    with clock.frozen(DUE + SENDING_LEASE + timedelta(seconds=1)):
        assert send_due_dispatches() == 1
    first, second = mail.outbox
    assert first.extra_headers == second.extra_headers
    assert first.body == second.body
    assert f"{order} r1 " in first.extra_headers["X-Windrow-Order"]


def test_a_voided_order_is_not_sent(order: PurchaseOrder) -> None:
    PurchaseOrder.objects.update(state="voided")
    with clock.frozen(DUE):
        assert send_dispatch(dispatch_id=Dispatch.objects.get().pk) is False
    assert mail.outbox == []


def test_the_coordinator_releases_a_held_order_and_nobody_else_does(market: Market) -> None:
    market.window.after_close = "hold"
    market.window.save()
    coordinator, analyst = make_hub_staff(market.hub), make_hub_staff(market.hub, Role.ANALYST)
    stranger = make_hub_staff(Market().hub)
    with clock.frozen(CLOSES_AT):
        close_window(window_id=market.window.pk)
    order = PurchaseOrder.objects.get()
    assert not Dispatch.objects.exists()
    with pytest.raises(NotAllowed):
        release_order(order_id=order.pk, by=analyst)
    with pytest.raises(NotFound):
        release_order(order_id=order.pk, by=stranger)
    assert not Dispatch.objects.exists()
    with clock.frozen(DUE):
        release_order(order_id=order.pk, reason="new date agreed", by=coordinator)
        assert send_due_dispatches() == 1
        with pytest.raises(OrderNotOpen):
            release_order(order_id=order.pk, by=coordinator)


def test_sending_again_makes_a_second_copy_of_the_same_revision(market: Market, order: PurchaseOrder) -> None:
    coordinator = make_hub_staff(market.hub)
    with pytest.raises(OrderNotOpen):
        send_again(order_id=order.pk, by=coordinator)
    with clock.frozen(DUE):
        send_due_dispatches()
        send_again(order_id=order.pk, by=coordinator)
        send_due_dispatches()
    first, second = mail.outbox
    assert first.extra_headers == second.extra_headers
    assert list(Dispatch.objects.order_by("copy").values_list("copy", "state")) == [(1, "sent"), (2, "sent")]


def test_a_merchant_member_sends_nothing(market: Market, order: PurchaseOrder) -> None:
    with pytest.raises(NotAllowed):
        send_again(order_id=order.pk, by=make_merchant_member(order.merchant))
