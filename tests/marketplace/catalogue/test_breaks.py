"""Breaks of a merchant: windows are planned without it, announced ones are named, and nothing is announced over it."""

from datetime import date, time, timedelta

import pytest

from marketplace import clock
from marketplace.actions.catalogue.end_break import end_break
from marketplace.actions.catalogue.leave_merchant_out import leave_merchant_out
from marketplace.actions.catalogue.set_break import set_break
from marketplace.actions.make_round_rule import RuleWindow, make_round_rule
from marketplace.actions.plan_rounds import plan_rounds
from marketplace.actions.schedule_window import schedule_window
from marketplace.errors import IllegalMove, InvalidInput, NotFound
from marketplace.models import LeftOut, Round, SupplyBreak
from marketplace.rules.catalogue.breaks import SupplyDays, blocks
from marketplace.rules.states import WindowState
from tests.factories import NOON, make_hub, make_hub_staff, make_offer, make_round, make_supply, make_window
from tests.marketplace.catalogue.ground import Shop

pytestmark = pytest.mark.django_db
THURSDAY = date(2026, 11, 26)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def plan(shop: Shop, other: Shop) -> list[Round]:
    """Rounds of two Thursdays with both merchants in one window that closes on Wednesday noon."""
    make_round_rule(
        hub=shop.hub,
        name="Thursdays",
        recurrence="FREQ=WEEKLY;BYDAY=TH",
        starts_on=THURSDAY,
        windows=[
            RuleWindow(
                name="Fresh",
                opens_days_before=4,
                opens_time=time(8),
                closes_days_before=1,
                closes_time=time(12),
                supplies=[shop.supply, other.supply],
            )
        ],
        handovers=[],
        days_ahead=12,
        by=make_hub_staff(shop.hub),
    )
    return plan_rounds()


def merchants(round_: Round) -> list[str]:
    """Who supplies the round's window."""
    return sorted(round_.windows.get().supplies.values_list("merchant__name", flat=True))


def pause(shop: Shop, first: date, last: date, **named: object) -> SupplyBreak:
    return set_break(merchant_id=shop.merchant.pk, starts_on=first, ends_on=last, by=shop.member, **named).pause  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "first", "last", "blocked"),
    [
        ("vacation", 25, 25, True),
        ("vacation", 26, 30, True),
        ("vacation", 20, 24, False),
        ("vacation", 27, 30, False),
        ("delivery", 25, 25, False),
        ("delivery", 26, 26, True),
    ],
)
def test_a_vacation_counts_from_the_order_and_a_delivery_break_from_the_dock(
    kind: str, first: int, last: int, blocked: bool
) -> None:
    days = SupplyDays(order_on=date(2026, 11, 25), dock_on=THURSDAY, handover_on=THURSDAY)
    assert blocks(kind=kind, starts_on=date(2026, 11, first), ends_on=date(2026, 11, last), days=days) is blocked


@pytest.mark.slow
def test_rounds_are_planned_without_who_is_away_and_say_so(shop: Shop) -> None:
    other = Shop("Other", hub=shop.hub)
    with clock.frozen(NOON):
        away = pause(shop, THURSDAY, THURSDAY, reason="harvest")
        first, second = plan(shop, other)
    assert merchants(first) == [other.merchant.name]
    assert merchants(second) == sorted([shop.merchant.name, other.merchant.name])
    left = LeftOut.objects.get()
    assert (left.window, left.supply, left.pause) == (first.windows.get(), shop.supply, away)


@pytest.mark.slow
def test_a_break_takes_the_merchant_out_of_drafts_and_taking_it_back_puts_it_in_again(shop: Shop) -> None:
    other = Shop("Other", hub=shop.hub)
    shop.priced("Tomatoes", is_regular=True)
    other.priced("Kale", is_regular=True)
    with clock.frozen(NOON):
        first, _second = plan(shop, other)
        made = set_break(merchant_id=shop.merchant.pk, starts_on=THURSDAY, ends_on=THURSDAY, by=shop.member)
        assert [window.round for window in made.left_out] == [first]
        assert [offer.product.name for offer in first.windows.get().offers.all()] == ["Kale"]
        assert merchants(first) == [other.merchant.name]
        back = end_break(break_id=made.pause.pk, by=shop.member)
        assert [window.round for window in back] == [first]
        with pytest.raises(IllegalMove):
            end_break(break_id=made.pause.pk, by=shop.member)
    assert sorted(offer.product.name for offer in first.windows.get().offers.all()) == ["Kale", "Tomatoes"]
    assert merchants(first) == sorted([shop.merchant.name, other.merchant.name])
    assert not LeftOut.objects.exists()


@pytest.mark.slow
def test_what_was_announced_stays_promised_and_is_named(shop: Shop) -> None:
    announced = make_window(make_round(shop.hub), [shop.supply], state=WindowState.SCHEDULED)
    offer = make_offer(announced, shop.product())
    with clock.frozen(NOON):
        made = set_break(merchant_id=shop.merchant.pk, starts_on=THURSDAY, ends_on=THURSDAY, by=shop.member)
    assert (made.left_out, made.announced) == ((), (announced,))
    assert announced.offers.get() == offer
    assert announced.supplies.get() == shop.supply


@pytest.mark.slow
def test_a_window_is_not_announced_over_a_break_until_the_merchant_is_left_out(shop: Shop) -> None:
    other = Shop("Other", hub=shop.hub)
    window = make_window(make_round(shop.hub), [shop.supply, other.supply], state=WindowState.DRAFT)
    make_offer(window, shop.product())
    make_offer(window, other.product("Kale"))
    with clock.frozen(NOON):
        SupplyBreak.objects.create(
            merchant=shop.merchant, starts_on=THURSDAY, ends_on=THURSDAY, by=shop.member, made_at=NOON, reason="harvest"
        )
        coordinator = make_hub_staff(shop.hub)
        with pytest.raises(InvalidInput) as refused:
            schedule_window(window_id=window.pk, by=coordinator)
        assert refused.value.facts["problems"] == [
            {
                "place": f"merchant {shop.merchant.pk}",
                "problem": f"{shop.merchant.name} is away from Thu 26 Nov to Thu 26 Nov (harvest). "
                "Leave it out of this window, or ask it.",
            }
        ]
        window.refresh_from_db()
        assert window.state == "draft"
        with pytest.raises(NotFound):
            leave_merchant_out(window_id=window.pk, merchant_id=other.merchant.pk, by=coordinator)
        leave_merchant_out(window_id=window.pk, merchant_id=shop.merchant.pk, by=coordinator)
        schedule_window(window_id=window.pk, by=coordinator)
    assert [offer.product.name for offer in window.offers.all()] == ["Kale"]


@pytest.mark.slow
def test_a_break_at_one_hub_holds_at_that_hub_alone(shop: Shop) -> None:
    elsewhere = make_hub("Elsewhere")
    supply = make_supply(shop.merchant, elsewhere)
    here = make_window(make_round(shop.hub), [shop.supply], state=WindowState.DRAFT)
    there = make_window(make_round(elsewhere), [supply], state=WindowState.DRAFT)
    with clock.frozen(NOON):
        pause(shop, THURSDAY, THURSDAY, hub_id=elsewhere.pk)
    assert here.supplies.exists()
    assert not there.supplies.exists()


@pytest.mark.parametrize(
    ("first", "last", "named", "place"),
    [
        (THURSDAY, THURSDAY - timedelta(days=1), {}, "ends_on"),
        (THURSDAY, THURSDAY + timedelta(days=400), {}, "ends_on"),
        (date(2026, 11, 1), date(2026, 11, 2), {}, "ends_on"),
        (THURSDAY, THURSDAY, {"kind": "strike"}, "kind"),
        (THURSDAY, THURSDAY, {"hub_id": 0}, "hub"),
    ],
)
def test_days_out_of_order_and_hubs_that_are_not_supplied_are_refused(
    shop: Shop, first: date, last: date, named: dict[str, object], place: str
) -> None:
    with clock.frozen(NOON), pytest.raises(InvalidInput) as refused:
        pause(shop, first, last, **named)
    assert refused.value.facts["problems"][0]["place"] == place
    assert not SupplyBreak.objects.exists()


@pytest.mark.slow
def test_foreign_breaks_and_merchants_are_not_found(shop: Shop) -> None:
    other = Shop("Other", hub=shop.hub)
    with clock.frozen(NOON):
        mine = pause(shop, THURSDAY, THURSDAY)
        with pytest.raises(NotFound):
            end_break(break_id=mine.pk, by=other.member)
        with pytest.raises(NotFound):
            set_break(merchant_id=shop.merchant.pk, starts_on=THURSDAY, ends_on=THURSDAY, by=other.member)
    mine.refresh_from_db()
    assert mine.ended_at is None
