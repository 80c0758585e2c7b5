"""The merchant answers line by line; a foreign member finds nothing, and a refusal changes nothing."""

import pytest

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.errors import InvalidInput, NotFound, OrderNotOpen
from marketplace.models import OutboxEvent, PurchaseOrder, PurchaseOrderLine, StateChange, User
from marketplace.rules.order_answers import LineAnswer
from tests.factories import make_merchant, make_merchant_member
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> PurchaseOrder:
    market = Market()
    merchant = market.merchant("Quinta")
    market.line(market.offer(merchant), 3)
    market.line(market.offer(merchant), 5)
    with clock.frozen(CLOSES_AT):
        close_window(window_id=market.window.pk)
    return PurchaseOrder.objects.get()


@pytest.fixture
def marta(order: PurchaseOrder) -> User:
    return make_merchant_member(order.merchant)


def answers(order: PurchaseOrder, *confirmed: int, reason: str = "frost") -> dict[int, LineAnswer]:
    return {
        line.pk: LineAnswer(quantity, reason if quantity < line.ordered else "")
        for line, quantity in zip(order.lines.order_by("pk"), confirmed, strict=True)
    }


def kept() -> list[tuple[int | None, str]]:
    return list(PurchaseOrderLine.objects.order_by("pk").values_list("confirmed", "short_reason"))


def test_confirming_whole_confirms_every_line(order: PurchaseOrder, marta: User) -> None:
    assert confirm_purchase_order(order_id=order.pk, by=marta).state == "confirmed"
    assert kept() == [(3, ""), (5, "")]
    event = OutboxEvent.objects.get(topic="purchase_order.answered")
    assert event.payload["state"] == "confirmed"
    assert StateChange.objects.filter(kind="purchase_order", by=marta, to_state="confirmed").count() == 1


def test_less_on_one_line_confirms_partly_with_its_reason(order: PurchaseOrder, marta: User) -> None:
    confirm_purchase_order(order_id=order.pk, answers=answers(order, 3, 4), by=marta)
    order.refresh_from_db()
    assert order.state == "partly_confirmed"
    assert kept() == [(3, ""), (4, "frost")]


def test_nothing_at_all_declines(order: PurchaseOrder, marta: User) -> None:
    assert confirm_purchase_order(order_id=order.pk, answers=answers(order, 0, 0), by=marta).state == "declined"


def test_the_same_answer_twice_changes_nothing_the_second_time(order: PurchaseOrder, marta: User) -> None:
    confirm_purchase_order(order_id=order.pk, by=marta)
    confirm_purchase_order(order_id=order.pk, by=marta)
    assert OutboxEvent.objects.filter(topic="purchase_order.answered").count() == 1


@pytest.mark.parametrize(
    ("confirmed", "reason", "problem"),
    [((3, 6), "", "more was not ordered"), ((3, 4), " ", "Say why fewer"), ((-1, 5), "frost", "From 0 to 3")],
)
def test_an_unusable_answer_names_its_line_and_changes_nothing(
    order: PurchaseOrder, marta: User, confirmed: tuple[int, int], reason: str, problem: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        confirm_purchase_order(order_id=order.pk, answers=answers(order, *confirmed, reason=reason), by=marta)
    [told] = refused.value.facts["problems"]
    assert problem in told["problem"]
    assert told["place"].startswith("lines.")
    assert kept() == [(None, ""), (None, "")]


def test_an_unanswered_line_and_an_unknown_one_are_both_named(order: PurchaseOrder, marta: User) -> None:
    first = order.lines.order_by("pk")[0]
    with pytest.raises(InvalidInput) as refused:
        confirm_purchase_order(order_id=order.pk, answers={first.pk: LineAnswer(3), 999: LineAnswer(1)}, by=marta)
    assert len(refused.value.facts["problems"]) == 2


def test_another_merchants_member_finds_nothing_and_changes_nothing(order: PurchaseOrder) -> None:
    stranger = make_merchant_member(make_merchant("Padaria"))
    with pytest.raises(NotFound):
        confirm_purchase_order(order_id=order.pk, by=stranger)
    order.refresh_from_db()
    assert order.state == "issued"
    assert kept() == [(None, ""), (None, "")]


@pytest.mark.parametrize("state", ["shipped", "voided"])
def test_a_shipped_or_voided_order_takes_no_answer(order: PurchaseOrder, marta: User, state: str) -> None:
    PurchaseOrder.objects.update(state=state)
    with pytest.raises(OrderNotOpen):
        confirm_purchase_order(order_id=order.pk, by=marta)
    assert kept() == [(None, ""), (None, "")]
