"""Rules make rounds ahead of time, once, with windows, handovers and last time's offers."""

from datetime import UTC, date, datetime, time

import pytest

from marketplace import clock
from marketplace.actions.plan_rounds import plan_rounds
from marketplace.models import (
    Capacity,
    Handover,
    Hub,
    Offer,
    OrderingWindow,
    PickupPoint,
    PriceStep,
    Round,
    RoundRule,
    RoundRuleException,
    RoundRuleHandover,
    RoundRuleWindow,
)
from tests.factories import make_hub, make_merchant, make_offer, make_product, make_supply

pytestmark = pytest.mark.django_db

SUNDAY = datetime(2026, 10, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def hub() -> Hub:
    return make_hub()


@pytest.fixture
def rule(hub: Hub) -> RoundRule:
    """Every Thursday; orders until Wednesday 20:00, handed over 17:00-19:00; two weeks ahead."""
    rule = RoundRule.objects.create(
        hub=hub,
        name="Thursday's round",
        recurrence="FREQ=WEEKLY;BYDAY=TH",
        starts_on=date(2026, 10, 1),
        days_ahead=14,
    )
    window = RoundRuleWindow.objects.create(
        rule=rule,
        name="Fresh",
        opens_days_before=4,
        opens_time=time(8, 0),
        closes_days_before=1,
        closes_time=time(20, 0),
    )
    window.supplies.add(make_supply(make_merchant(), hub))
    RoundRuleHandover.objects.create(
        rule=rule,
        pickup_point=PickupPoint.objects.create(hub=hub, name="Kiosk", address="Rua das Flores 12"),
        starts_time=time(17, 0),
        ends_time=time(19, 0),
        capacity=40,
    )
    return rule


def plan(at: datetime = SUNDAY) -> list[Round]:
    with clock.frozen(at):
        return plan_rounds()


def test_rounds_come_with_windows_in_local_time_across_the_clock_change(rule: RoundRule) -> None:
    assert [r.handover_on for r in plan()] == [date(2026, 10, 22), date(2026, 10, 29)]
    closes = list(OrderingWindow.objects.order_by("closes_at").values_list("closes_at", flat=True))
    # 20:00 in Lisbon both times: UTC+1 before the change of 25 October, UTC after it.
    assert closes == [datetime(2026, 10, 21, 19, 0, tzinfo=UTC), datetime(2026, 10, 28, 20, 0, tzinfo=UTC)]
    assert set(OrderingWindow.objects.values_list("state", flat=True)) == {"draft"}


def test_each_round_has_its_own_handover_and_room(rule: RoundRule) -> None:
    plan()
    handovers = list(Handover.objects.select_related("capacity"))
    assert len({h.capacity_id for h in handovers}) == 2
    assert [h.capacity.limit for h in handovers if h.capacity] == [40, 40]


def test_planning_twice_makes_nothing_twice(rule: RoundRule) -> None:
    assert len(plan()) == 2
    assert plan() == []
    assert Round.objects.count() == 2


def test_a_left_out_date_makes_no_round_and_a_moved_one_moves(rule: RoundRule) -> None:
    RoundRuleException.objects.create(rule=rule, on=date(2026, 10, 22), moved_to=None)
    RoundRuleException.objects.create(rule=rule, on=date(2026, 10, 29), moved_to=date(2026, 10, 30))
    assert [(r.planned_on, r.handover_on) for r in plan()] == [(date(2026, 10, 29), date(2026, 10, 30))]


def test_a_round_offers_what_the_last_one_offered_with_fresh_caps(rule: RoundRule) -> None:
    plan()
    first = OrderingWindow.objects.order_by("closes_at")[0]
    product = make_product(first.supplies.get().merchant)
    offer = make_offer(first, product, case=6, cap=30, ladder=((6, 195, 240), (36, 170, 210)))
    Capacity.objects.filter(offer=offer).update(taken=12)
    plan(datetime(2026, 10, 25, 9, 0, tzinfo=UTC))
    copy = Offer.objects.exclude(pk=offer.pk).get()
    assert (copy.product, copy.case) == (product, 6)
    assert Capacity.objects.filter(offer=copy).values_list("limit", "taken").get() == (30, 0)
    assert list(PriceStep.objects.filter(offer=copy).values_list("from_quantity", "cost_minor")) == [
        (6, 195),
        (36, 170),
    ]
