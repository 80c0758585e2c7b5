"""Setting up a market: who may, what is refused, and that a refusal leaves nothing behind."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from marketplace.actions.add_household_member import add_household_member
from marketplace.actions.add_merchant import add_merchant
from marketplace.actions.add_merchant_member import add_merchant_member
from marketplace.actions.add_pickup_point import add_pickup_point
from marketplace.actions.add_product import add_product
from marketplace.actions.add_supply import add_supply
from marketplace.actions.assign_hub_role import assign_hub_role
from marketplace.actions.make_round_rule import RuleHandover, RuleWindow, make_round_rule
from marketplace.actions.open_hub import open_hub
from marketplace.actions.register import register
from marketplace.actions.start_round import NewWindow, start_round
from marketplace.errors import InvalidInput, MarketError, NotAllowed, NotFound
from marketplace.models import (
    Category,
    Household,
    Hub,
    HubRole,
    Merchant,
    MerchantMember,
    Product,
    Round,
    RoundRule,
    Supply,
    TaxClass,
    User,
)
from marketplace.rules.roles import Role
from tests.factories import (
    make_hub,
    make_hub_staff,
    make_merchant,
    make_merchant_member,
    make_offer,
    make_product,
    make_round,
    make_supply,
    make_user,
    make_window,
)

pytestmark = pytest.mark.django_db

NEXT_MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def platform() -> User:
    return User.objects.create_superuser(email="platform@example.org", name="Petra")


def places(error: pytest.ExceptionInfo[MarketError]) -> set[str]:
    return {problem["place"] for problem in error.value.facts["problems"]}


def hub_terms(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Mercado",
        "slug": "mercado",
        "time_zone": "Europe/Lisbon",
        "currency": "EUR",
        "address": "Rua das Flores 12",
        "email": "hub@example.org",
        **changed,
    }


def product_terms(merchant: Merchant, **changed: Any) -> dict[str, Any]:
    category, _ = Category.objects.get_or_create(name="Vegetables", slug="vegetables")
    tax, _ = TaxClass.objects.get_or_create(name="Food", rate_basis_points=600)
    return {
        "merchant": merchant,
        "category": category,
        "tax_class": tax,
        "name": "Tomatoes",
        "sku": "T-1",
        "gtin": "4006381333931",
        "shelf_life_days": 4,
        "allergens": {"celery": "traces"},
        **changed,
    }


def test_platform_staff_opens_a_hub_with_its_first_coordinator() -> None:
    carla = make_user("Carla")
    hub = open_hub(**hub_terms(), coordinator=carla, by=platform())
    assert HubRole.objects.get().role == Role.COORDINATOR.value
    assert (hub.currency, hub.roles.get().user) == ("EUR", carla)


def test_nobody_else_opens_a_hub() -> None:
    carla = make_user("Carla")
    with pytest.raises(NotAllowed):
        open_hub(**hub_terms(), coordinator=carla, by=carla)
    assert not Hub.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "place"),
    [({"time_zone": "Lisbon"}, "time_zone"), ({"email": "nobody"}, "email"), ({"slug": "a b"}, "slug")],
)
def test_a_hub_with_a_wrong_value_is_refused_by_its_place(wrong: dict[str, str], place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        open_hub(**hub_terms(**wrong), coordinator=make_user(), by=platform())
    assert places(refused) == {place}
    assert not Hub.objects.exists()


def test_a_currency_in_small_letters_is_refused_by_the_table_and_told_in_words() -> None:
    with pytest.raises(InvalidInput) as refused:
        open_hub(**hub_terms(currency="eur"), coordinator=make_user(), by=platform())
    assert "hub_currency_iso" in refused.value.facts["problems"][0]["problem"]


def test_a_role_that_is_not_a_hubs_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        assign_hub_role(hub=make_hub(), user=make_user(), role=Role.MERCHANT_MEMBER, by=platform())
    assert places(refused) == {"role"}


def test_a_merchant_adds_its_own_product() -> None:
    merchant = make_merchant()
    marta = make_merchant_member(merchant)
    product = add_product(**product_terms(merchant), by=marta)
    assert (product.gtin, product.allergens, product.is_fresh) == ("4006381333931", {"celery": "traces"}, True)


def test_a_foreign_merchant_adds_none() -> None:
    stranger = make_merchant_member(make_merchant())
    with pytest.raises(NotAllowed):
        add_product(**product_terms(make_merchant()), by=stranger)
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"gtin": "4006381333932"}, "gtin"),
        ({"allergens": {"tomato": "contains"}}, "allergens"),
        ({"allergens": {"celery": "perhaps"}}, "allergens"),
        ({"name": ""}, "name"),
    ],
)
def test_a_product_with_a_wrong_value_is_refused_by_its_place(wrong: dict[str, Any], place: str) -> None:
    merchant = make_merchant()
    with pytest.raises(InvalidInput) as refused:
        add_product(**product_terms(merchant, **wrong), by=make_merchant_member(merchant))
    assert places(refused) == {place}
    assert not Product.objects.exists()


def test_a_second_product_with_the_same_gtin_is_refused_and_the_first_stays() -> None:
    merchant = make_merchant()
    marta = make_merchant_member(merchant)
    add_product(**product_terms(merchant), by=marta)
    with pytest.raises(InvalidInput):
        add_product(**product_terms(merchant, sku="T-2"), by=marta)
    assert [product.sku for product in Product.objects.all()] == ["T-1"]


def test_two_wrong_values_are_told_at_once() -> None:
    merchant = make_merchant()
    with pytest.raises(InvalidInput) as refused:
        add_product(**product_terms(merchant, name="", gtin="1"), by=make_merchant_member(merchant))
    assert places(refused) == {"name", "gtin"}


def test_only_the_hubs_coordinator_agrees_on_a_supply() -> None:
    hub, merchant = make_hub(), make_merchant()
    with pytest.raises(NotAllowed):
        add_supply(merchant=merchant, hub=hub, by=make_hub_staff(make_hub()))
    assert not Supply.objects.exists()
    supply = add_supply(merchant=merchant, hub=hub, minimum_order_value=4000, by=make_hub_staff(hub))
    assert supply.minimum_order_value_minor == 4000


def test_merchants_and_their_members_are_added_by_the_platform_and_members_let_others_in() -> None:
    petra, marta, mario = platform(), make_user("Marta"), make_user("Mario")
    merchant = add_merchant(name="Quinta", slug="quinta", by=petra)
    with pytest.raises(NotAllowed):
        add_merchant_member(merchant=merchant, user=mario, by=mario)
    add_merchant_member(merchant=merchant, user=marta, by=petra)
    add_merchant_member(merchant=merchant, user=mario, by=marta)
    assert MerchantMember.objects.count() == 2


def test_a_pickup_point_has_its_host() -> None:
    hub, host = make_hub(), make_user("Henrique")
    point = add_pickup_point(hub=hub, name="Library", address="Rua 1", host=host, by=make_hub_staff(hub))
    assert point.hosts.get().user == host


def test_whoever_moves_in_reserves_for_the_common_household() -> None:
    ana = register(email="ana@example.org", name="Ana", password=None)
    rui = register(email="rui@example.org", name="Rui", password=None)
    household = ana.households.get()
    add_household_member(household_id=household.pk, user=rui, by=ana)
    assert list(rui.households.all()) == [household]
    assert Household.objects.count() == 1


def test_nobody_lets_people_into_a_foreign_household() -> None:
    ana = register(email="ana@example.org", name="Ana", password=None)
    rui = register(email="rui@example.org", name="Rui", password=None)
    with pytest.raises(NotFound):
        add_household_member(household_id=ana.households.get().pk, user=rui, by=rui)
    assert rui.households.get().name == "Rui"


def rule_terms(hub: Hub, supply: Supply, **changed: Any) -> dict[str, Any]:
    window = RuleWindow(
        name="Fresh",
        opens_days_before=6,
        opens_time=time(8),
        closes_days_before=1,
        closes_time=time(12),
        supplies=[supply],
    )
    return {
        "hub": hub,
        "name": "Thursday round",
        "recurrence": "FREQ=WEEKLY;BYDAY=TH",
        "starts_on": date(2026, 11, 26),
        "windows": [window],
        "handovers": [RuleHandover(pickup_point=None, starts_time=time(17), ends_time=time(20))],
        **changed,
    }


def test_a_rule_has_its_windows_and_handovers() -> None:
    hub = make_hub()
    supply = make_supply(make_merchant(), hub)
    rule = make_round_rule(**rule_terms(hub, supply), by=make_hub_staff(hub))
    assert rule.windows.get().supplies.get() == supply
    assert rule.handovers.count() == 1


def test_a_rule_that_cannot_be_read_or_names_a_foreign_supply_leaves_nothing() -> None:
    hub = make_hub()
    carla, supply = make_hub_staff(hub), make_supply(make_merchant(), hub)
    with pytest.raises(InvalidInput) as refused:
        make_round_rule(**rule_terms(hub, supply, recurrence="EVERY THURSDAY"), by=carla)
    assert places(refused) == {"recurrence"}
    with pytest.raises(NotFound):
        make_round_rule(**rule_terms(hub, make_supply(make_merchant(), make_hub())), by=carla)
    assert not RoundRule.objects.exists()


def test_a_single_round_begins_with_the_offers_of_an_earlier_window() -> None:
    hub, merchant = make_hub(), make_merchant()
    carla, supply = make_hub_staff(hub), make_supply(merchant, hub)
    before = make_window(make_round(hub), [supply])
    make_offer(before, make_product(merchant), case=12, cap=24, ladder=((12, 150, 200), (24, 140, 180)))
    new = NewWindow(
        name="Fresh",
        opens_at=NEXT_MONDAY,
        closes_at=NEXT_MONDAY + timedelta(minutes=30),
        supplies=[supply],
        offers_from=before,
    )
    round_ = start_round(hub=hub, name="Feast", handover_on=date(2026, 11, 27), windows=[new], handovers=[], by=carla)
    window = round_.windows.get()
    offer = window.offers.get()
    assert (window.state, window.fills_at) == ("draft", NEXT_MONDAY)  # the hour of filling is cut at the opening
    assert window.window_supplies.get().orders_due_at == NEXT_MONDAY + timedelta(minutes=90)
    assert offer.capacity is not None
    assert (offer.case, offer.capacity.limit, offer.steps.count()) == (12, 24, 2)


def test_a_round_whose_window_closes_before_it_opens_is_refused_whole() -> None:
    hub = make_hub()
    new = NewWindow(name="Fresh", opens_at=NEXT_MONDAY, closes_at=NEXT_MONDAY - timedelta(minutes=1), supplies=[])
    with pytest.raises(InvalidInput):
        start_round(
            hub=hub, name="Feast", handover_on=date(2026, 11, 27), windows=[new], handovers=[], by=make_hub_staff(hub)
        )
    assert not Round.objects.exists()
