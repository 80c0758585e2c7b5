"""The demo's market is what it says, and its robots' plan is repeatable."""

from collections import Counter
from random import Random

import pytest

from config.demo import people
from config.demo.seed import coordinator_of, found, seed
from config.demo.shoppers import OnSale, Purpose, Visit, plan_visits
from config.demo_market.load import load_market
from marketplace.models import (
    Group,
    GroupMember,
    Household,
    HubRole,
    MerchantMember,
    Offer,
    OrderingWindow,
    Product,
    RoundRule,
    User,
)
from marketplace.rules.roles import HUB_ROLES


@pytest.mark.slow
@pytest.mark.django_db
def test_a_seeded_market_is_whole_and_everybody_can_log_in() -> None:
    assert found() is None
    made = seed()
    assert found() == made.hub
    assert (Product.objects.count(), MerchantMember.objects.count(), Offer.objects.count()) == (441, 16, 441)
    assert set(HubRole.objects.values_list("role", flat=True)) == {role.value for role in HUB_ROLES}
    windows = {window.name: window for window in OrderingWindow.objects.all()}
    assert set(windows) == {"Larder", "Fresh"}
    assert windows["Larder"].closes_at < windows["Fresh"].closes_at
    assert {window.state for window in windows.values()} == {"draft"}
    assert RoundRule.objects.get().recurrence == "FREQ=WEEKLY;BYDAY=TH"
    assert 8 <= Group.objects.count() <= 12
    assert min(Counter(GroupMember.objects.values_list("group_id", flat=True)).values()) >= 4
    assert (
        Household.objects.filter(members__hub_roles=None, members__merchant_memberships=None).distinct().count() == 120
    )
    for email in (people.PLATFORM_EMAIL, people.merchant_login("vale"), coordinator_of(made.hub).email):
        assert User.objects.get(email=email).check_password(people.PASSWORD)


def plan(number: int) -> list[Visit]:
    market = load_market()
    on_sale = {product.sku: OnSale(place + 1, (product.price,)) for place, product in enumerate(market.products)}
    return plan_visits(
        market=market,
        on_sale=on_sale,
        week=3,
        first_close=0.7,
        filling=0.05,
        draw=Random(number),
    )


def test_the_same_number_gives_the_same_visits_and_another_number_others() -> None:
    assert plan(7) == plan(7)
    assert plan(7) != plan(8)


def test_visits_come_in_order_within_the_rounds_life_and_every_household_reserves_once() -> None:
    visits = plan(7)
    times = [visit.at for visit in visits]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] < 1
    reserving = Counter(visit.household for visit in visits if visit.purpose is Purpose.RESERVE)
    assert set(reserving.values()) == {1}
    assert len(reserving) == 120
    assert {visit.purpose for visit in visits} == set(Purpose)


def test_nobody_comes_again_before_the_first_visit() -> None:
    visits = plan(7)
    first = {visit.household: visit.at for visit in visits if visit.purpose is Purpose.RESERVE}
    again = [visit for visit in visits if visit.purpose in (Purpose.CHANGE, Purpose.CANCEL)]
    assert again
    assert all(visit.at > first[visit.household] for visit in again)


def test_logins_are_unique_and_plain() -> None:
    crowd = people.household_people(140, Random(7))
    emails = [person.email for person in crowd]
    assert len(set(emails)) == 140
    assert all(email.isascii() and email == email.lower() for email in emails)
