"""Small builders of test data: each shows only what matters to the test, the rest has a plain default.

They write rows directly, for the ground that a test stands on; what a test is about goes through the actions.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from marketplace.models import (
    Capacity,
    Category,
    Handover,
    Household,
    HouseholdMember,
    Hub,
    HubRole,
    Merchant,
    MerchantMember,
    Offer,
    OrderingWindow,
    PickupPoint,
    PriceStep,
    Product,
    Round,
    Supply,
    TaxClass,
    User,
    WindowSupply,
)
from marketplace.rules.roles import Role
from marketplace.rules.states import WindowState

_serial = count(1)

# One evening that every test without an own clock may use: windows open around it.
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def make_user(name: str = "Ana", **fields: Any) -> User:
    return User.objects.create_user(email=f"{name.lower()}-{next(_serial)}@example.org", name=name, **fields)


def make_household(name: str = "Ana", user: User | None = None) -> Household:
    """A household of one; its member is `household.members.get()`."""
    household = Household.objects.create(name=name)
    HouseholdMember.objects.create(household=household, user=user or make_user(name))
    return household


def make_hub(name: str = "Mercado", currency: str = "EUR", time_zone: str = "Europe/Lisbon") -> Hub:
    serial = next(_serial)
    return Hub.objects.create(
        name=f"{name} {serial}",
        slug=f"hub-{serial}",
        time_zone=time_zone,
        currency=currency,
        address="Rua das Flores 12",
        email="hub@example.org",
    )


def make_hub_staff(hub: Hub, role: Role = Role.COORDINATOR, name: str = "Carla") -> User:
    user = make_user(name)
    HubRole.objects.create(hub=hub, user=user, role=role.value)
    return user


def make_merchant(name: str = "Quinta", email: str = "orders@example.org") -> Merchant:
    serial = next(_serial)
    return Merchant.objects.create(name=f"{name} {serial}", slug=f"merchant-{serial}", email=email)


def make_merchant_member(merchant: Merchant, name: str = "Marta") -> User:
    user = make_user(name)
    MerchantMember.objects.create(merchant=merchant, user=user)
    return user


def make_supply(merchant: Merchant, hub: Hub, *, minimum: int = 0, small_order_fee: int | None = None) -> Supply:
    return Supply.objects.create(
        merchant=merchant, hub=hub, minimum_order_value_minor=minimum, small_order_fee_minor=small_order_fee
    )


def make_round(hub: Hub, name: str = "Thursday's round", handover_on: date = date(2026, 11, 26)) -> Round:
    return Round.objects.create(hub=hub, name=name, handover_on=handover_on)


def make_handover(round_: Round, capacity: int | None = None) -> Handover:
    point = PickupPoint.objects.create(hub=round_.hub, name=f"Point {next(_serial)}", address="Rua das Flores 12")
    starts = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    return Handover.objects.create(
        round=round_,
        pickup_point=point,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        capacity=None if capacity is None else Capacity.objects.create(limit=capacity),
    )


def make_window(
    round_: Round,
    supplies: Sequence[Supply] = (),
    *,
    opens_at: datetime = NOON - timedelta(hours=6),
    closes_at: datetime = NOON + timedelta(hours=6),
    filling: timedelta = timedelta(hours=1),
    state: WindowState = WindowState.OPEN,
    name: str = "Fresh",
) -> OrderingWindow:
    window = OrderingWindow.objects.create(
        round=round_,
        name=name,
        state=state.value,
        opens_at=opens_at,
        fills_at=closes_at - filling,
        closes_at=closes_at,
    )
    for supply in supplies:
        WindowSupply.objects.create(window=window, supply=supply, orders_due_at=closes_at + timedelta(hours=1))
    return window


def make_product(merchant: Merchant, name: str = "Tomatoes", shelf_life_days: int = 4) -> Product:
    serial = next(_serial)
    category, _ = Category.objects.get_or_create(slug="vegetables", defaults={"name": "Vegetables"})
    tax, _ = TaxClass.objects.get_or_create(name="food", defaults={"rate_basis_points": 600})
    return Product.objects.create(
        merchant=merchant,
        category=category,
        name=name,
        sku=f"SKU-{serial}",
        shelf_life_days=shelf_life_days,
        tax_class=tax,
    )


def make_offer(
    window: OrderingWindow,
    product: Product,
    *,
    case: int = 1,
    ladder: Sequence[tuple[int, int, int]] = ((1, 195, 240),),
    cap: int | None = None,
    **fields: object,
) -> Offer:
    """An offer whose ladder is (from quantity, cost, unit price), money in minor units."""
    offer = Offer.objects.create(
        window=window,
        product=product,
        case=case,
        capacity=None if cap is None else Capacity.objects.create(limit=cap),
        **fields,
    )
    PriceStep.objects.bulk_create(
        PriceStep(offer=offer, from_quantity=q, cost_minor=c, unit_price_minor=p) for q, c, p in ladder
    )
    return offer
