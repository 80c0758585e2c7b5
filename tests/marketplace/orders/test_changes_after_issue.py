"""A change after the issue is revision n + 1 with its difference; the coordinator's need a reason and consent."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from marketplace import clock
from marketplace.actions.orders.add_line import add_line
from marketplace.actions.orders.cut_line import cut_line
from marketplace.actions.orders.hold_order import hold_order
from marketplace.actions.orders.move_line import move_line
from marketplace.actions.release_order import release_order
from marketplace.actions.reopen_window import reopen_window
from marketplace.actions.send_dispatch import send_due_dispatches
from marketplace.errors import InvalidInput, NotAllowed, NotFound, OrderChanged, OrderNotOpen
from marketplace.models import (
    ClearingRun,
    Dispatch,
    HouseholdConsent,
    OrderChange,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderRevision,
    StateChange,
    WindowSupply,
)
from marketplace.rules.order_content import content_hash
from marketplace.rules.orders.changes import Consent, ConsentWay, ForHousehold
from marketplace.rules.roles import Role
from tests.factories import make_hub, make_hub_staff, make_offer, make_product, make_window
from tests.marketplace.closing_ground import CLOSES_AT
from tests.marketplace.orders.orders_ground import LATER, Ordered

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CONSENT = Consent("Marta Vale", ConsentWay.PHONE, CLOSES_AT)


@pytest.fixture
def here() -> Ordered:
    return Ordered()


def newest() -> dict[str, Any]:
    content: dict[str, Any] = PurchaseOrderRevision.objects.latest("pk").content
    return content


def differences() -> list[tuple[str, object, object]]:
    return [(one["field"], one["before"], one["after"]) for one in newest()["change"]["lines"]]


def change(here: Ordered, what: Any, at: datetime = LATER, **named: Any) -> Any:
    plain = {"order_id": here.order.pk, "consent": CONSENT, "reason": "the van is full", "by": here.carla}
    with clock.frozen(at):
        return what(**{**plain, **named})


def test_an_answer_is_the_next_revision_of_the_same_number(here: Ordered) -> None:
    apples, pears = here.market.offer(here.merchant), here.market.offer(here.merchant)
    here.market.line(apples, 3)
    here.market.line(pears, 2)
    order = here.close()
    first = PurchaseOrderRevision.objects.get()
    here.answer(short={apples: 1})
    content = newest()
    assert (content["number"], content["revision"], here.order.revision) == (str(order), 2, 2)
    assert (content["total"], content["coming"]["total"]) == ("5.00", "3.00")
    assert differences() == [("confirmed", 3, 1), ("short_reason", "", "frost")]
    told = content["change"]
    assert (told["kind"], told["via"], told["by"], told["consent"]) == ("answered", "desk", here.marta.name, None)
    stored = PurchaseOrderRevision.objects.get(number=2)
    assert stored.content_hash == content_hash(stored.content)
    first_again = PurchaseOrderRevision.objects.get(number=1)
    assert (first_again.content, first_again.content_hash) == (first.content, first.content_hash)
    assert OrderChange.objects.get().by == here.marta


def test_catch_weight_is_told_and_billed_within_its_margin(here: Ordered) -> None:
    product = make_product(here.merchant, "Cheese")
    product.catch_weight = True
    product.save()
    cheese = make_offer(
        here.market.window, product, ladder=((1, 400, 500),), price_unit="KGM", price_units_denominator=2
    )
    here.market.line(cheese, 6)
    here.close()
    here.answer(weights={cheese: 3600})
    [line] = newest()["lines"]
    assert line["weight"] == {"unit": "KGM", "nominal": "3.000", "actual": "3.600", "billed": "3.300"}
    assert (line["amount"], line["coming"]) == ("24.00", "26.40")
    assert differences() == [("weight", None, "3.600 KGM")]


def test_weight_where_nothing_is_weighed_is_refused(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 3)
    here.close()
    with pytest.raises(InvalidInput) as refused:
        here.answer(weights={apples: 100})
    assert refused.value.facts["problems"][0]["place"].endswith(".weight")


def test_an_answer_to_a_revision_that_is_not_the_newest_is_refused(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 3)
    here.close()
    here.answer(expected_revision=1)
    with pytest.raises(OrderChanged) as refused:
        here.answer(short={apples: 1}, expected_revision=1)
    assert (refused.value.facts["expected"], refused.value.facts["actual"]) == (1, 2)
    assert here.order.state == "confirmed"


def test_cutting_takes_the_hubs_units_first_then_shares_and_sends_the_revision(here: Ordered) -> None:
    apples = here.market.offer(here.merchant, case=4, hub_flexible=1)
    line = here.market.line(apples, 3)
    here.close()
    with clock.frozen(CLOSES_AT + timedelta(minutes=11)):
        send_due_dispatches()
    change(here, cut_line, line_id=here.line(apples).pk, units=2)
    assert here.got(line) == [(2, 300, "short_supply")]
    cut = here.line(apples)
    assert (cut.ordered, cut.hub_units, cut.confirmed, cut.split) == (2, 0, None, True)
    assert (here.order.total_minor, newest()["total"]) == (200, "2.00")
    assert differences() == [("ordered", 4, 2)]
    told = newest()["change"]
    assert (told["reason"], told["by"]) == ("the van is full", here.carla.name)
    assert (told["consent"]["who"], told["consent"]["how"]) == ("Marta Vale", "phone")
    with clock.frozen(LATER):
        assert send_due_dispatches() == 1
    assert "revision 2" in mail.outbox[-1].body


def test_a_waiting_mail_of_the_revision_before_is_withdrawn(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 3)
    here.close()
    change(here, cut_line, at=CLOSES_AT, line_id=here.line(apples).pk, units=1)
    states = Dispatch.objects.order_by("pk").values_list("revision__number", "state")
    assert list(states) == [(1, "withdrawn"), (2, "waiting")]


def test_a_line_that_is_cut_away_leaves_the_order_and_stays_in_the_difference(here: Ordered) -> None:
    apples, pears = here.market.offer(here.merchant), here.market.offer(here.merchant)
    line = here.market.line(apples, 3)
    here.market.line(pears, 2)
    here.close()
    here.answer()
    change(here, cut_line, line_id=here.line(apples).pk, units=3)
    assert [one["name"] for one in newest()["lines"]] == [pears.product.name]
    assert differences() == [("ordered", 3, 0)]
    assert here.got(line) == [(0, 0, "short_supply")]
    assert here.order.state == "confirmed"


def test_adding_gives_units_to_those_who_agreed_and_the_rest_to_the_hub(here: Ordered) -> None:
    apples = here.market.offer(here.merchant, cap=3, shortage_rule="first_come")
    served, late = here.market.line(apples, 3), here.market.line(apples, 2)
    here.close()
    here.answer()
    agreed = [ForHousehold(late.pk, 2, ConsentWay.PHONE)]
    change(here, add_line, offer_id=apples.pk, units=3, households=agreed)
    assert here.got(served, late) == [(3, 450, "in_full"), (2, 300, "added")]
    line = here.line(apples)
    assert (line.ordered, line.confirmed, line.hub_units) == (6, 6, 1)
    assert HouseholdConsent.objects.get().revision == here.order.revision == 3
    assert "household" not in str(newest()).lower()
    here.answer(short={apples: 4})
    assert here.got(served, late) == [(3, 450, "in_full"), (1, 150, "short_supply")]


def test_adding_an_offer_that_was_not_reached_serves_nobody_else(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    figs = here.market.offer(here.merchant, ladder=((10, 80, 120),))
    here.market.line(apples, 3)
    willing, other = here.market.line(figs, 2), here.market.line(figs, 1)
    here.close()
    assert here.got(willing, other) == [(0, 0, "below_minimum")] * 2
    agreed = [ForHousehold(willing.pk, 2, ConsentWay.MESSAGE)]
    change(here, add_line, offer_id=figs.pk, units=2, households=agreed)
    assert here.got(willing, other) == [(2, 240, "added"), (0, 0, "below_minimum")]
    assert (here.line(figs).cost_minor, here.order.goods_minor) == (80, 300 + 160)
    assert differences() == [("ordered", 0, 2)]


def test_moving_keeps_the_households_goods_and_revises_both_orders(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    line = here.market.line(apples, 5)
    here.close()
    [supply] = here.market.window.window_supplies.all()
    evening = make_window(here.market.round, closes_at=CLOSES_AT, name="Evening")
    WindowSupply.objects.create(window=evening, supply=supply.supply, orders_due_at=supply.orders_due_at)
    other = PurchaseOrder.objects.create(
        merchant=here.merchant, supply=supply.supply, window=evening, number=99, currency="EUR", goods_minor=0,
        total_minor=0, issued_at=CLOSES_AT,
        run=ClearingRun.objects.create(
            window=evening, number=1, closes_at=CLOSES_AT, computed_at=CLOSES_AT, input_hash="x"
        ),
    )  # fmt: skip
    first = PurchaseOrderRevision.objects.get()
    content = {**first.content, "lines": [], "goods": "0.00", "total": "0.00"}
    PurchaseOrderRevision.objects.create(
        order=other, number=1, content=content, content_hash=content_hash(content), created_at=CLOSES_AT
    )
    change(here, move_line, order_id=here.line(apples).order_id, line_id=here.line(apples).pk, to_order_id=other.pk,
           units=2)  # fmt: skip
    lines = PurchaseOrderLine.objects.order_by("order").values_list("order", "ordered")
    assert sorted(lines) == sorted([(here.line(apples).order_id, 3), (other.pk, 2)])
    assert here.got(line) == [(5, 750, "in_full")]
    kinds = OrderChange.objects.values_list("revision__order", "kind")
    assert set(kinds) == {(here.line(apples).order_id, "moved_out"), (other.pk, "moved_in")}
    here.answer(short={apples: 1})
    assert here.got(line) == [(3, 450, "short_supply")]


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ({"units": 0}, "units"),
        ({"units": 9}, "units"),
        ({"reason": " "}, "reason"),
        ({"consent": CONSENT._replace(who=" ")}, "who"),
        ({"consent": CONSENT._replace(at=LATER + timedelta(hours=1))}, "at"),
    ],
)
def test_a_change_without_reason_consent_or_sense_is_refused_and_changes_nothing(
    here: Ordered, named: dict[str, Any], place: str
) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 3)
    here.close()
    with pytest.raises(InvalidInput) as refused:
        change(here, cut_line, **{"line_id": here.line(apples).pk, "units": 1, **named})
    assert [told["place"] for told in refused.value.facts["problems"]] == [place]
    assert (here.line(apples).ordered, here.order.revision) == (3, 1)


def test_only_the_hubs_coordinator_changes_an_order(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 3)
    here.close()
    others = {
        here.marta: NotAllowed,
        make_hub_staff(here.market.hub, Role.TREASURER): NotAllowed,
        make_hub_staff(make_hub()): NotFound,
    }
    for who, error in others.items():
        with pytest.raises(error):
            change(here, cut_line, line_id=here.line(apples).pk, units=1, by=who)
        with pytest.raises(error):
            change(here, add_line, offer_id=apples.pk, units=1, by=who)
    assert (here.line(apples).ordered, here.order.revision) == (3, 1)


def test_an_order_on_its_way_is_not_changed(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 3)
    here.close()
    PurchaseOrder.objects.update(state="shipped")
    with pytest.raises(OrderNotOpen):
        change(here, cut_line, line_id=here.line(apples).pk, units=1)


def test_a_held_order_waits_until_it_is_released(here: Ordered) -> None:
    here.market.line(here.market.offer(here.merchant), 3)
    order = here.close()
    with clock.frozen(CLOSES_AT):
        hold_order(order_id=order.pk, reason="the merchant is ill", by=here.carla)
    assert here.order.held_for == "coordinator"
    with clock.frozen(LATER):
        assert send_due_dispatches() == 0
        release_order(order_id=order.pk, by=here.carla)
        assert send_due_dispatches() == 1
    assert StateChange.objects.filter(kind="purchase_order_hold").count() == 2


def test_a_sent_order_is_not_held_any_more(here: Ordered) -> None:
    here.market.line(here.market.offer(here.merchant), 3)
    order = here.close()
    with clock.frozen(LATER):
        send_due_dispatches()
        with pytest.raises(OrderNotOpen):
            hold_order(order_id=order.pk, by=here.carla)
    assert here.order.held_for == ""


def test_a_window_whose_order_was_changed_is_not_opened_again(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 3)
    here.close()
    change(here, cut_line, at=CLOSES_AT, line_id=here.line(apples).pk, units=1)
    with clock.frozen(LATER), pytest.raises(OrderNotOpen):
        reopen_window(
            window_id=here.market.window.pk, closes_at=LATER + timedelta(hours=1), reason="a mistake", by=here.carla
        )
