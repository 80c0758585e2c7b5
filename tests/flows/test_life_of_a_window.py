"""From the plan to the answered purchase order, by the actions that people and scanners call."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail

from marketplace import clock
from marketplace.actions.change_reservation import change_reservation
from marketplace.actions.close_due_windows import close_due_windows
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.actions.join_group import join_group
from marketplace.actions.make_round_rule import RuleHandover, RuleWindow, make_round_rule
from marketplace.actions.open_due_windows import open_due_windows
from marketplace.actions.plan_rounds import plan_rounds
from marketplace.actions.publish_offer import publish_offer
from marketplace.actions.register import register
from marketplace.actions.reserve import LineStatus, ReservationAnswer, reserve
from marketplace.actions.schedule_window import schedule_window
from marketplace.actions.send_dispatch import send_due_dispatches
from marketplace.actions.start_group import start_group
from marketplace.errors import WindowClosed
from marketplace.models import (
    Allocation,
    Group,
    Handover,
    Hub,
    Offer,
    OfferOutcome,
    OrderingWindow,
    OutboxEvent,
    Product,
    PurchaseOrder,
    Reservation,
    ReservationLine,
    Round,
    Supply,
    User,
)
from marketplace.queries.reservations import outcome_lines
from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.wanted import WantedLine
from tests.delivering import deliver_all
from tests.factories import make_hub, make_hub_staff, make_merchant, make_merchant_member, make_product, make_supply

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PLANNED = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
OPENS = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # Lisbon's winter time is UTC
LARDER_CLOSES = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
FRESH_CLOSES = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@dataclass
class Market:
    """One hub, two merchants, one planned round with a window each, and a group of three households."""

    round: Round
    tomatoes: Offer
    lettuce: Offer
    rice: Offer
    people: dict[str, User]
    group: Group
    farmer: User


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with clock.frozen(moment):
        yield


def offer(
    window: OrderingWindow, product: Product, ladder: tuple[tuple[int, int, int], ...], case: int, by: User
) -> Offer:
    steps = [PriceStep(*step) for step in ladder]
    return publish_offer(window=window, product=product, ladder=steps, case=case, by=by)


@pytest.fixture
def market() -> Market:
    hub = make_hub()
    carla = make_hub_staff(hub)
    farm, mill = make_merchant("Quinta"), make_merchant("Moinho")
    fresh, dry = make_supply(farm, hub, minimum=2000), make_supply(mill, hub)
    with at(PLANNED):
        round_ = planned_round(hub, carla, fresh, dry)
        windows = {window.name: window for window in round_.windows.select_related("round__hub")}
        tomatoes = offer(windows["Fresh"], make_product(farm), ((12, 150, 200), (24, 140, 180)), 12, carla)
        lettuce = offer(windows["Fresh"], make_product(farm, "Lettuce"), ((10, 80, 110),), 10, carla)
        rice = offer(windows["Larder"], make_product(mill, "Rice", shelf_life_days=300), ((1, 195, 240),), 1, carla)
        for window in windows.values():
            schedule_window(window_id=window.pk, by=carla)
        people = {
            name: register(email=f"{name}@example.org", name=name, password=None) for name in ("ana", "bea", "rui")
        }
        group = start_group(hub=hub, name="Rua da Bica", pickup_point=None, by=people["ana"])
        join_group(invitation=group.invitation, by=people["bea"])
    return Market(round_, tomatoes, lettuce, rice, people, group, make_merchant_member(farm))


def window(name: str, *, closes_days_before: int, closes_time: time, supply: Supply) -> RuleWindow:
    return RuleWindow(
        name=name,
        opens_days_before=6,
        opens_time=time(8),
        closes_days_before=closes_days_before,
        closes_time=closes_time,
        supplies=[supply],
    )


def planned_round(hub: Hub, carla: User, fresh: Supply, dry: Supply) -> Round:
    make_round_rule(
        hub=hub,
        name="Thursday round",
        recurrence="FREQ=WEEKLY;BYDAY=TH",
        starts_on=date(2026, 11, 26),
        days_ahead=10,
        windows=[
            window("Larder", closes_days_before=3, closes_time=time(20), supply=dry),
            window("Fresh", closes_days_before=1, closes_time=time(12), supply=fresh),
        ],
        handovers=[RuleHandover(pickup_point=None, starts_time=time(17), ends_time=time(20), capacity=10)],
        by=carla,
    )
    (round_,) = plan_rounds()
    return round_


def wants(
    market: Market, name: str, *lines: WantedLine, key: str = "1", group: Group | None = None
) -> ReservationAnswer:
    return reserve(
        round_id=market.round.pk,
        lines=lines,
        request_key=key,
        group_id=None if group is None else group.pk,
        by=market.people[name],
    )


def reserve_all(market: Market) -> None:
    """22 firm tomatoes and 2 extra of three households, 4 lettuces of one, 3 rice of one."""
    with at(OPENS + timedelta(hours=1)):
        open_due_windows()
        wants(
            market,
            "ana",
            WantedLine(offer_id=market.tomatoes.pk, firm=5),
            WantedLine(offer_id=market.rice.pk, firm=3),
            group=market.group,
        )
    with at(OPENS + timedelta(hours=2)):
        wants(
            market,
            "bea",
            WantedLine(offer_id=market.tomatoes.pk, firm=7, flexible=2),
            WantedLine(offer_id=market.lettuce.pk, firm=4),
            group=market.group,
        )
    with at(OPENS + timedelta(hours=3)):
        wants(market, "rui", WantedLine(offer_id=market.tomatoes.pk, firm=8))
        change_reservation(
            round_id=market.round.pk,
            lines=[WantedLine(offer_id=market.tomatoes.pk, firm=10)],
            request_key="2",
            by=market.people["rui"],
        )


def close_at(closes_at: datetime) -> None:
    with at(closes_at + timedelta(seconds=4)):
        close_due_windows()
        deliver_all()


def test_a_plan_becomes_one_exact_order_per_merchant(market: Market) -> None:
    reserve_all(market)
    close_at(LARDER_CLOSES)
    assert [order.merchant.name.split()[0] for order in PurchaseOrder.objects.all()] == ["Moinho"]
    close_at(FRESH_CLOSES)
    fresh = PurchaseOrder.objects.get(window__name="Fresh")
    (line,) = fresh.lines.all()
    # Two full cases: 22 firm units and both of Bea's extras, which also reach the second step.
    assert (line.ordered, line.whole_cases, line.cost_minor, fresh.total_minor, fresh.number) == (24, 2, 140, 3360, 1)
    outcomes = {outcome.offer_id: outcome for outcome in OfferOutcome.objects.all()}
    assert outcomes[market.tomatoes.pk].unit_price_minor == 180
    assert not outcomes[market.lettuce.pk].reached
    (exception,) = Allocation.objects.all()
    assert (exception.line.reservation.household.name, exception.quantity, exception.charged_minor) == ("bea", 9, 1620)


def test_every_household_reads_what_became_of_each_line(market: Market) -> None:
    reserve_all(market)
    close_at(LARDER_CLOSES)
    close_at(FRESH_CLOSES)
    read = {
        name: [
            (line.asked, line.quantity, line.charged_minor)
            for line in outcome_lines(Reservation.objects.get(household__members=user))
        ]
        for name, user in market.people.items()
    }
    assert sorted(read["ana"]) == [(3, 3, 720), (5, 5, 900)]
    assert sorted(read["bea"]) == [(4, 0, 0), (7, 9, 1620)]
    assert read["rui"] == [(10, 10, 1800)]


def test_the_order_leaves_after_the_grace_time_once_and_is_answered(market: Market) -> None:
    reserve_all(market)
    close_at(LARDER_CLOSES)
    close_at(FRESH_CLOSES)
    mail.outbox.clear()
    with at(FRESH_CLOSES + timedelta(minutes=9)):
        send_due_dispatches()  # the larder's, whose grace time is over
    assert len(mail.outbox) == 1
    with at(FRESH_CLOSES + timedelta(minutes=10, seconds=1)):
        assert (send_due_dispatches(), send_due_dispatches()) == (1, 0)
    order = PurchaseOrder.objects.get(window__name="Fresh")
    assert str(order) in mail.outbox[1].subject
    with at(FRESH_CLOSES + timedelta(hours=1)):
        assert confirm_purchase_order(order_id=order.pk, by=market.farmer).state == "confirmed"
        deliver_all()
    told = list(OutboxEvent.objects.order_by("pk").values_list("topic", flat=True))
    assert told.count("window.opened") == told.count("window.closed") == told.count("purchase_order.issued") == 2
    assert told[-1] == "purchase_order.answered"


def test_closing_time_is_the_windows_own_and_a_late_wish_changes_nothing(market: Market) -> None:
    reserve_all(market)
    # No closer came yet: the deadline itself keeps the late ones out.
    with at(LARDER_CLOSES):
        answer = wants(
            market,
            "rui",
            WantedLine(offer_id=market.rice.pk, firm=1),
            WantedLine(offer_id=market.tomatoes.pk, firm=11),
            key="late",
        )
        told = {line.offer_id: line.status for line in answer.lines}
        assert told[market.rice.pk] is LineStatus.REFUSED
    before = list(ReservationLine.objects.order_by("pk").values_list("pk", "firm"))
    with at(FRESH_CLOSES), pytest.raises(WindowClosed):
        wants(market, "rui", WantedLine(offer_id=market.tomatoes.pk, firm=30), key="too late")
    assert list(ReservationLine.objects.order_by("pk").values_list("pk", "firm")) == before


def test_all_share_one_handover_and_its_room_is_counted(market: Market) -> None:
    reserve_all(market)
    handover = Handover.objects.select_related("capacity").get()
    assert handover.capacity is not None
    assert (handover.capacity.taken, handover.capacity.limit) == (3, 10)
