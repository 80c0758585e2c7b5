"""A hub that limits credit refuses what would pass a household's balance and limit, and names by how much."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.handing_over.record_progress import record_progress
from marketplace.actions.ledger.change_money_terms import change_money_terms, set_credit_limit
from marketplace.actions.ledger.post import post
from marketplace.errors import CreditLimitExceeded, InvalidInput, NotFound
from marketplace.models import DepositType, Handover, Hub, HubMembership, Reservation, User
from marketplace.problems import problem_for
from marketplace.queries.credit import available_of
from marketplace.queries.holds import reserved_of
from marketplace.rules.ledger.accounts import AccountKind, AccountRef, household
from marketplace.rules.ledger.entries import Entry, TransactionKind
from marketplace.rules.roles import Role
from marketplace.rules.states import ProgressStep
from tests.delivering import deliver_all
from tests.factories import (
    NOON,
    make_handover,
    make_hub,
    make_hub_staff,
    make_offer,
    make_product,
    make_round,
    make_window,
)
from tests.marketplace.money.ground import HANDED_OVER_AT
from tests.marketplace.reserving_ground import Shop, want
from tests.marketplace.test_reserve_statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    """A hub where Ana, a member, may owe 10.00."""
    shop = Shop()
    Hub.objects.filter(pk=shop.hub.pk).update(limits_credit=True)
    HubMembership.objects.create(
        hub=shop.hub, household=shop.household, state="member", asked_at=NOON, credit_limit_minor=1000
    )
    return shop


def booked(shop: Shop, amount: int, kind: AccountKind = AccountKind.BANK) -> None:
    """Money from the household, or taken from it where below zero."""
    ends = (AccountRef(kind), household(shop.household.pk))
    source, destination = ends if amount > 0 else ends[::-1]
    post(
        hub_id=shop.hub.pk,
        kind=TransactionKind.PAYMENT,
        key=f"p{amount}",
        entries=[Entry(source, destination, abs(amount), "payment")],
        at=NOON,
        by=None,
    )


def available(shop: Shop) -> int:
    return available_of(shop.household.pk, shop.hub.pk)


def test_what_is_within_the_limit_is_reserved_and_held(shop: Shop) -> None:
    shop.reserve(want(shop.offer(), 4))
    assert Reservation.objects.get().holds_minor == 960
    assert available(shop) == 40


def test_more_is_refused_with_by_how_much_and_changes_nothing(shop: Shop) -> None:
    tomatoes = shop.offer()
    shop.reserve(want(tomatoes, 3))
    before = shop.lines()
    with pytest.raises(CreditLimitExceeded) as refused:
        shop.change(want(tomatoes, 5))
    assert refused.value.facts == {
        "over_minor": 200,
        "limit_minor": 1000,
        "available_minor": 1000,
        "at_most_minor": 1200,
        "currency": "EUR",
    }
    told = problem_for(refused.value)
    assert (told.status, told.type) == (409, "credit-limit-exceeded")
    assert "by €2.00; €10.00 can still be reserved" in told.detail
    assert (shop.lines(), Reservation.objects.get().holds_minor) == (before, 720)


def test_extra_units_deposits_fees_and_weight_count_at_their_most(shop: Shop) -> None:
    cheese = shop.offer("Cheese", weight_margin_percent=10)
    cheese.product.catch_weight = True
    cheese.product.deposit_type = DepositType.objects.create(name="box", amount_minor=20)
    cheese.product.save()
    Handover.objects.update(fee_minor=50)
    shop.reserve(want(cheese, 1, 1))
    # Two at 2.40 and 10 % more weight, two boxes, the handover.
    assert Reservation.objects.get().holds_minor == 528 + 40 + 50
    shop.change(want(cheese, 1, 1, max_unit_price_minor=200))
    assert Reservation.objects.get().holds_minor == 440 + 40 + 50


def test_tax_on_top_counts(shop: Shop) -> None:
    Hub.objects.update(prices_include_tax=False)
    shop.reserve(want(shop.offer(), 3))
    assert Reservation.objects.get().holds_minor == 763


def test_money_on_the_balance_raises_what_can_be_reserved(shop: Shop) -> None:
    booked(shop, 500)
    shop.reserve(want(shop.offer(), 6))
    assert available(shop) == 60


def test_what_other_rounds_hold_counts_and_other_hubs_do_not(shop: Shop) -> None:
    shop.reserve(want(shop.offer(), 3))
    for hub, offered in ((shop.hub, 280), (make_hub(), None)):
        round_ = make_round(hub, "Another round")
        make_handover(round_)
        offer = make_offer(make_window(round_), make_product(shop.merchant))
        if offered is None:
            shop.reserve(want(offer, 9), round_id=round_.pk)  # it limits nothing
            continue
        with pytest.raises(CreditLimitExceeded) as refused:
            shop.reserve(want(offer, 2), round_id=round_.pk)
        assert refused.value.facts["available_minor"] == offered
        shop.reserve(want(offer, 1), round_id=round_.pk)
    assert available(shop) == 40


def test_a_debtor_may_always_reduce_and_take_nothing_more(shop: Shop) -> None:
    tomatoes, bread = shop.offer(), shop.offer("Bread")
    shop.reserve(want(tomatoes, 4))
    booked(shop, -5000, AccountKind.HUB_MARGIN)
    shop.change(want(tomatoes, 3))
    with pytest.raises(CreditLimitExceeded):
        shop.change(want(tomatoes, 4))
    with pytest.raises(CreditLimitExceeded):
        shop.change(want(bread, 1))
    # One for another at the same price is no more.
    shop.change(want(tomatoes, 2), want(bread, 1))
    shop.cancel()
    assert Reservation.objects.get().holds_minor == 0


def test_without_a_membership_the_hubs_first_limit_holds(shop: Shop) -> None:
    HubMembership.objects.all().delete()
    with pytest.raises(CreditLimitExceeded):
        shop.reserve(want(shop.offer(), 1))
    Hub.objects.update(first_credit_limit_minor=500)
    shop.reserve(want(shop.offer(), 2))


def test_a_hub_without_limits_refuses_nothing_and_holds_nothing(shop: Shop) -> None:
    Hub.objects.update(limits_credit=False)
    shop.reserve(want(shop.offer(), 50))
    assert Reservation.objects.get().holds_minor == 0


def test_the_limit_costs_no_statement_more(shop: Shop) -> None:
    ana, tomatoes = shop.ana, shop.offer()
    booked(shop, 500)
    with CaptureQueriesContext(connection) as captured:
        shop.reserve(want(tomatoes, 2), by=ana)
    if connection.vendor == "postgresql":
        assert statements(captured) == 4


@pytest.mark.slow
def test_the_count_lowers_what_is_held_and_the_settling_ends_it(shop: Shop) -> None:
    offer = shop.offer(ladder=((1, 195, 240), (3, 150, 200)))
    shop.reserve(want(offer, 4))
    (hold,) = reserved_of(shop.household.pk, shop.hub.pk)
    assert (hold.amount_minor, hold.is_counted) == (960, False)
    with clock.frozen(shop.window.closes_at + timedelta(seconds=1)):
        close_window(window_id=shop.window.pk)
        deliver_all()
    assert Reservation.objects.get().holds_minor == 800
    (hold,) = reserved_of(shop.household.pk, shop.hub.pk)
    assert (hold.amount_minor, hold.is_counted) == (800, True)
    hand_over(shop)
    assert (Reservation.objects.get().holds_minor, available(shop)) == (0, 1000 - 800)
    assert reserved_of(shop.household.pk, shop.hub.pk) == []


def hand_over(shop: Shop) -> None:
    with clock.frozen(HANDED_OVER_AT):
        record_progress(
            reservation_ids=Reservation.objects.values_list("pk", flat=True),
            step=ProgressStep.HANDED_OVER,
            at=HANDED_OVER_AT,
        )
        deliver_all()


@pytest.fixture
def treasurer(shop: Shop) -> User:
    return make_hub_staff(shop.hub, Role.TREASURER)


def terms(hub: Hub, by: User, **other: object) -> Hub:
    values: dict[str, object] = {
        "limits_credit": True,
        "prices_include_tax": True,
        "service_tax_basis_points": 0,
        "no_show_pays": True,
    }
    return change_money_terms(hub_id=hub.pk, by=by, **{**values, **other})  # type: ignore[arg-type]


def test_a_hub_that_begins_to_limit_credit_counts_what_is_reserved(shop: Shop, treasurer: User) -> None:
    Hub.objects.update(limits_credit=False)
    shop.reserve(want(shop.offer(), 3))
    with clock.frozen(NOON):
        terms(shop.hub, treasurer)
    assert Reservation.objects.get().holds_minor == 720


def test_terms_of_money_are_the_treasurers(shop: Shop, treasurer: User) -> None:
    stranger = make_hub_staff(make_hub(), Role.TREASURER)
    for who in (stranger, make_hub_staff(shop.hub), shop.ana):
        with pytest.raises(NotFound):
            terms(shop.hub, who, no_show_pays=False)
    with pytest.raises(InvalidInput):
        terms(shop.hub, treasurer, service_tax_basis_points=10_001)
    booked(shop, 1)
    with pytest.raises(InvalidInput):
        terms(shop.hub, treasurer, prices_include_tax=False)
    shop.hub.refresh_from_db()
    assert (shop.hub.no_show_pays, shop.hub.prices_include_tax) == (True, True)


def test_a_limit_is_set_per_household_by_the_treasurer(shop: Shop, treasurer: User) -> None:
    membership = HubMembership.objects.get()
    for who, amount, error in ((shop.ana, 1, NotFound), (treasurer, -1, InvalidInput)):
        with pytest.raises(error):
            set_credit_limit(membership_id=membership.pk, limit_minor=amount, by=who)
    set_credit_limit(membership_id=membership.pk, limit_minor=2000, reason="pays monthly", by=treasurer)
    shop.reserve(want(shop.offer(), 8))
    assert available(shop) == 80
