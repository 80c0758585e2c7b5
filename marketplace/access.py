"""Fetch and authorise in one call: an object that the user may not see is "not found", here and everywhere.

Doors and actions get objects through these functions only; each states what it costs. The roles that count come from
rules/roles.py.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from marketplace.errors import NotAllowed, NotFound
from marketplace.models import (
    Group,
    Household,
    Hub,
    HubRole,
    Merchant,
    MerchantMember,
    OrderingWindow,
    PurchaseOrder,
    Reservation,
    Round,
    User,
)
from marketplace.rules.roles import HUB_ROLES, Permission, Role, allows, roles_with
from marketplace.rules.states import WindowState

# What the public may know of: windows that were announced.
PUBLIC_STATES = [s.value for s in WindowState if s not in (WindowState.DRAFT, WindowState.CANCELLED)]


def hub_roles_with(permission: Permission) -> list[str]:
    """The hub roles (as stored) that carry a permission."""
    return sorted(role.value for role in roles_with(permission) & HUB_ROLES)


def hubs_where(user: User, permission: Permission) -> QuerySet[Hub]:
    """The hubs at which the user carries the permission."""
    if user.is_staff and allows(Role.PLATFORM_STAFF, permission):
        return Hub.objects.all()
    mine = HubRole.objects.filter(user=user, role__in=hub_roles_with(permission))
    return Hub.objects.filter(pk__in=mine.values("hub_id"))


def merchants_of(user: User) -> QuerySet[Merchant]:
    """The merchants at whose desk the user works."""
    return Merchant.objects.filter(pk__in=MerchantMember.objects.filter(user=user).values("merchant_id"))


def household_of(user: User, household_id: int | None = None) -> Household:
    """The household that the user reserves as: the named one, else the one joined first. One query."""
    mine = Household.objects.filter(memberships__user=user).order_by("memberships__joined_at", "pk")
    if household_id is not None:
        mine = mine.filter(pk=household_id)
    household = mine.first()
    if household is None:
        raise NotFound(kind="household", id=household_id)
    return household


def public_rounds() -> QuerySet[Round]:
    """Rounds that anybody may browse: at least one of their windows was announced."""
    announced = OrderingWindow.objects.filter(state__in=PUBLIC_STATES)
    return Round.objects.filter(pk__in=announced.values("round_id"))


def round_for(user: User | AnonymousUser | None, round_id: int) -> Round:
    """An announced round, or one of a hub whose rounds the user runs. One query (two for drafts)."""
    found = public_rounds().select_related("hub").filter(pk=round_id).first()
    if found is None and isinstance(user, User):
        hubs = hubs_where(user, Permission.RUN_ROUNDS)
        found = Round.objects.select_related("hub").filter(pk=round_id, hub__in=hubs).first()
    if found is None:
        raise NotFound(kind="round", id=round_id)
    return found


def window_for_coordinator(user: User, window_id: int) -> OrderingWindow:
    """A window of a hub whose rounds the user runs. One query."""
    hubs = hubs_where(user, Permission.RUN_ROUNDS)
    window = OrderingWindow.objects.select_related("round__hub").filter(pk=window_id, round__hub__in=hubs).first()
    if window is None:
        raise NotFound(kind="window", id=window_id)
    return window


def reservation_for(user: User, round_id: int, household_id: int | None = None) -> Reservation:
    """The reservation of the user's household in a round. Two queries."""
    household = household_of(user, household_id)
    found = (
        Reservation.objects.select_related("round__hub", "handover__pickup_point", "group")
        .filter(round_id=round_id, household=household)
        .first()
    )
    if found is None:
        raise NotFound(kind="reservation", id=round_id)
    return found


def groups_of(user: User) -> QuerySet[Group]:
    """The groups that the user's households belong to."""
    return Group.objects.filter(members__memberships__user=user).distinct()


def purchase_orders_for(user: User, permission: Permission = Permission.SEE_PURCHASE_ORDERS) -> QuerySet[PurchaseOrder]:
    """The purchase orders with which the user may do this: the own merchants', and those of the own hubs.

    A merchant is told nothing of an order that waits for the coordinator: it is there once it is released.
    """
    orders = PurchaseOrder.objects.select_related("merchant", "window__round__hub")
    if user.is_staff and allows(Role.PLATFORM_STAFF, permission):
        return orders
    by_merchant = PurchaseOrder.objects.none()
    if allows(Role.MERCHANT_MEMBER, permission):
        by_merchant = PurchaseOrder.objects.filter(merchant__in=merchants_of(user), held_for="")
    by_hub = PurchaseOrder.objects.filter(window__round__hub__in=hubs_where(user, permission))
    return orders.filter(pk__in=by_merchant.values("pk")) | orders.filter(pk__in=by_hub.values("pk"))


def purchase_order_for(
    user: User, order_id: int, permission: Permission = Permission.SEE_PURCHASE_ORDERS
) -> PurchaseOrder:
    """A purchase order that the user may see, and with which it may do this. Up to two queries.

    Raises NotFound for a foreign order, NotAllowed where it is the user's but the role does not carry the permission.
    """
    order = purchase_orders_for(user, permission).filter(pk=order_id).first()
    if order is not None:
        return order
    if purchase_orders_for(user).filter(pk=order_id).exists():
        raise NotAllowed(permission=permission.value)
    raise NotFound(kind="purchase_order", id=order_id)


def require(condition: bool, permission: Permission) -> None:
    """Raise NotAllowed unless the condition holds."""
    if not condition:
        raise NotAllowed(permission=permission.value)
