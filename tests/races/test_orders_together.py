"""A purchase order answered twice at once, orders of one window answered at once: nothing is lost or given twice."""

from collections import Counter
from datetime import timedelta
from threading import Barrier

import pytest
from django.db.models import Max

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.actions.orders.order_link import link_url
from marketplace.actions.orders.ship_order import ship_order
from marketplace.errors import OrderChanged, OrderNotOpen
from marketplace.integrity.frame import findings
from marketplace.models import (
    ClearingRun,
    OrderingWindow,
    OrderLink,
    PurchaseOrder,
    PurchaseOrderRevision,
    Reservation,
    ReservationLine,
    User,
)
from marketplace.queries.results import got_by_line
from marketplace.rules.order_answers import LineAnswer
from tests.factories import (
    make_handover,
    make_household,
    make_hub,
    make_merchant,
    make_merchant_member,
    make_offer,
    make_product,
    make_round,
    make_supply,
    make_window,
)
from tests.races.reserving_threads import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def closed(merchants: int) -> list[tuple[PurchaseOrder, User]]:
    """A closed window with an order to each merchant: four households with three units each."""
    hub = make_hub()
    round_ = make_round(hub)
    now = clock.now()
    made = [make_merchant(f"M{n}") for n in range(merchants)]
    supplies = [make_supply(merchant, hub) for merchant in made]
    window = make_window(round_, supplies, opens_at=now - timedelta(days=1), closes_at=now)
    offers = [make_offer(window, make_product(merchant)) for merchant in made]
    handover = make_handover(round_)
    for _ in range(4):
        reservation = Reservation.objects.create(
            household=make_household(), round=round_, handover=handover, created_at=now, changed_at=now
        )
        for offer in offers:
            ReservationLine.objects.create(
                reservation=reservation, offer=offer, window=window, firm=3, placed_at=now - timedelta(hours=1)
            )
    close_window(window_id=window.pk)
    orders = PurchaseOrder.objects.select_related("merchant").order_by("pk")
    return [(order, make_merchant_member(order.merchant)) for order in orders]


def answer(order: PurchaseOrder, by: User, units: int, expected: int | None = None) -> PurchaseOrder:
    [line] = order.lines.all()
    told = {line.pk: LineAnswer(units, "frost" if units < line.ordered else "")}
    return confirm_purchase_order(order_id=order.pk, answers=told, expected_revision=expected, by=by)


def given() -> int:
    lines = list(ReservationLine.objects.select_related("offer"))
    return sum(got.quantity for got in got_by_line(lines).values())


def unfitting() -> list[str]:
    found = findings(("orders", "books", "settlements"))
    return [one.sentence for one in [*found, *(f for f in findings(("closing",)) if "counted" not in f.check)]]


def test_control_two_who_number_revisions_without_a_lock_collide() -> None:
    [(order, _marta)] = closed(1)
    looked = Barrier(2)

    def revise() -> int:
        last = PurchaseOrderRevision.objects.filter(order=order).aggregate(last=Max("number"))["last"]
        looked.wait(20)
        PurchaseOrderRevision.objects.create(
            order=order, number=last + 1, content={}, content_hash="x", created_at=clock.now()
        )
        return int(last)

    assert Counter(type(one).__name__ for one in at_once([revise, revise])) == {"int": 1, "IntegrityError": 1}


def test_two_different_answers_at_once_leave_one_of_them_whole() -> None:
    [(order, marta)] = closed(1)
    answers = at_once([lambda: answer(order, marta, 5), lambda: answer(order, marta, 9)])

    assert all(isinstance(one, PurchaseOrder) for one in answers)
    order.refresh_from_db()
    [line] = order.lines.all()
    assert (order.revision, order.state) == (3, "partly_confirmed")
    assert line.confirmed in (5, 9)
    assert given() == line.confirmed
    assert list(ClearingRun.objects.order_by("number").values_list("number", "kind")) == [
        (1, "close"),
        (2, "confirmation"),
        (3, "confirmation"),
    ]
    assert unfitting() == []


def test_of_ten_answers_to_the_same_revision_one_is_taken() -> None:
    [(order, marta)] = closed(1)
    answers = at_once([lambda n=n: answer(order, marta, n, 1) for n in range(2, 12)])  # type: ignore[misc]

    assert Counter(type(one) for one in answers) == {PurchaseOrder: 1, OrderChanged: 9}
    order.refresh_from_db()
    assert order.revision == 2
    assert given() == order.lines.get().confirmed
    assert unfitting() == []


def test_orders_of_one_window_are_answered_at_once() -> None:
    orders = closed(8)
    answers = at_once([lambda one=one: answer(*one, 10) for one in orders])  # type: ignore[misc, call-arg]

    assert Counter(type(one) for one in answers) == {PurchaseOrder: 8}
    assert given() == 80
    numbers = list(ClearingRun.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 10))
    assert unfitting() == []


def test_an_answer_and_the_sending_off_at_once_end_in_one_order_of_events() -> None:
    [(order, marta)] = closed(1)
    answer(order, marta, 12)
    answers = at_once([lambda: answer(order, marta, 6), lambda: ship_order(order_id=order.pk, by=marta)])

    order.refresh_from_db()
    [line] = order.lines.all()
    assert order.state == "shipped"
    refused = [one for one in answers if isinstance(one, OrderNotOpen)]
    assert line.shipped == (12 if refused else 6)
    assert given() == line.shipped
    assert unfitting() == []


def test_two_mails_at_once_carry_the_same_link() -> None:
    [(order, _marta)] = closed(1)
    links = at_once([lambda: link_url(order_id=order.pk, due_at=clock.now() + timedelta(days=3))] * 6)

    assert len(set(links)) == 1
    assert OrderLink.objects.count() == 1
    assert OrderingWindow.objects.get().state == "closed"
