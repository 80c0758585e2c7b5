"""Fetch and authorise in one call: an object that the user may not see is "not found", here and everywhere.

Doors and actions get objects through these functions only; each states what it costs. The roles that count come from
rules/roles.py.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Q, QuerySet, Value, When

from marketplace.errors import NotAllowed, NotFound
from marketplace.models import (
    Absence,
    Group,
    Handover,
    Household,
    Hub,
    HubRole,
    Merchant,
    MerchantMember,
    Offer,
    OrderingWindow,
    PickupPoint,
    Product,
    PurchaseOrder,
    Reservation,
    Round,
    StandingReservation,
    User,
    Wish,
    WishTopic,
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


def households_of(user: User) -> QuerySet[Household]:
    """The user's households, the one that it reserves as first: the one it chose, else the one joined first."""
    mine = Household.objects.filter(memberships__user=user)
    if user.acts_as_id is None:
        return mine.order_by("memberships__joined_at", "pk")
    chosen = Case(When(pk=user.acts_as_id, then=Value(0)), default=Value(1))
    return mine.order_by(chosen, "memberships__joined_at", "pk")


def household_of(user: User, household_id: int | None = None) -> Household:
    """The household that the user reserves as: the named one, else the first of `households_of`. One query."""
    mine = households_of(user)
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


def offer_to_change(user: User, offer_id: int) -> Offer:
    """An offer that the user may change: of a hub whose rounds the user runs, or of the user's merchant (not what the
    hub sells from its own stock). One query."""
    mine = Q(window__round__hub__in=hubs_where(user, Permission.RUN_ROUNDS))
    if allows(Role.MERCHANT_MEMBER, Permission.EDIT_CATALOGUE):
        mine |= Q(product__merchant__in=merchants_of(user), from_stock=False)
    offers = Offer.objects.select_related("product", "capacity", "window__round__hub")
    offer = offers.filter(mine, pk=offer_id).first()
    if offer is None:
        raise NotFound(kind="offer", id=offer_id)
    return offer


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


def standing_for(user: User, standing_id: int) -> StandingReservation:
    """A standing reservation of one of the user's households that was not stopped. One query."""
    found = (
        StandingReservation.objects.select_related("hub", "product")
        .filter(pk=standing_id, stopped_at__isnull=True, household__memberships__user=user)
        .first()
    )
    if found is None:
        raise NotFound(kind="standing reservation", id=standing_id)
    return found


def absence_for(user: User, absence_id: int) -> Absence:
    """An absence of one of the user's households. One query."""
    found = Absence.objects.filter(pk=absence_id, household__memberships__user=user).first()
    if found is None:
        raise NotFound(kind="absence", id=absence_id)
    return found


def product_known_to(hub_id: int, product_id: int) -> Product:
    """A product that the hub has offered where everybody could see it. One query."""
    announced = OrderingWindow.objects.filter(round__hub_id=hub_id, state__in=PUBLIC_STATES)
    found = Product.objects.filter(pk=product_id, offers__window__in=announced).first()
    if found is None:
        raise NotFound(kind="product", id=product_id)
    return found


def hub_known_to(hub_id: int) -> Hub:
    """A hub that has announced a round. One query."""
    found = Hub.objects.filter(pk=hub_id, rounds__in=public_rounds()).first()
    if found is None:
        raise NotFound(kind="hub", id=hub_id)
    return found


def wish_for(user: User, wish_id: int) -> Wish:
    """A wish of one of the user's households that was not taken back. One query."""
    mine = Wish.objects.filter(household__memberships__user=user).exclude(state=Wish.State.WITHDRAWN)
    found = mine.select_related("offered", "topic").filter(pk=wish_id).first()
    if found is None:
        raise NotFound(kind="wish", id=wish_id)
    return found


def wish_topic_for_coordinator(user: User, topic_id: int) -> WishTopic:
    """A topic of a hub whose rounds the user runs. One query."""
    hubs = hubs_where(user, Permission.RUN_ROUNDS)
    found = WishTopic.objects.select_related("same_as").filter(pk=topic_id, hub__in=hubs).first()
    if found is None:
        raise NotFound(kind="topic of wishes", id=topic_id)
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


@dataclass(frozen=True, slots=True)
class Custody:
    """A handover that somebody hands out. `group_ids` are the groups whose reservations alone are theirs; None: all.

    `at_hub`: by a role at the hub, which no hour ends.
    """

    handover: Handover
    group_ids: tuple[int, ...] | None = None
    at_hub: bool = False


def hosted_points(user: User) -> QuerySet[PickupPoint]:
    """The pickup points of which the user is host or deputy."""
    return PickupPoint.objects.filter(hosts__user=user)


def custody_of(user: User, handover_id: int, permission: Permission = Permission.SEE_HANDOVERS) -> Custody:
    """A handover that is the user's to hand out: as host or deputy of its point, as host of a group that has
    reservations there, or by a role at the hub. Up to four queries."""
    handover = Handover.objects.select_related("round__hub", "pickup_point", "capacity").filter(pk=handover_id).first()
    if handover is not None:
        if hubs_where(user, permission).filter(pk=handover.round.hub_id).exists():
            return Custody(handover, at_hub=True)
        if allows(Role.HOST, permission):
            point_id = handover.pickup_point_id
            if point_id is not None and hosted_points(user).filter(pk=point_id).exists():
                return Custody(handover)
            mine = Group.objects.filter(host=user, reservations__handover=handover).distinct().order_by("pk")
            if group_ids := tuple(mine.values_list("pk", flat=True)):
                return Custody(handover, group_ids)
    raise NotFound(kind="handover", id=handover_id)


def point_custody(user: User, handover_id: int) -> Custody:
    """The same, of the whole point: who moves it, makes links for deputies, runs its shifts. No group's host may."""
    found = custody_of(user, handover_id, Permission.HAND_OUT)
    if found.group_ids is not None:
        raise NotAllowed(permission=Permission.HAND_OUT.value)
    return found


def group_for(user: User, group_id: int) -> Group:
    """A group that the user's households belong to, or that the user hosts. One query."""
    mine = Q(members__memberships__user=user) | Q(host=user)
    group = Group.objects.filter(mine, pk=group_id).select_related("hub", "host", "pickup_point").first()
    if group is None:
        raise NotFound(kind="group", id=group_id)
    return group


def group_for_host(user: User, group_id: int) -> Group:
    """A group that the user hosts. Raises NotAllowed for a member who does not. One query."""
    group = group_for(user, group_id)
    require(group.host_id == user.pk, Permission.HAND_OUT)
    return group


def pickup_point_in_use(hub: Hub, point_id: int) -> PickupPoint:
    """A pickup point of the hub that is in use. One query."""
    point = PickupPoint.objects.filter(pk=point_id, hub=hub, is_active=True).first()
    if point is None:
        raise NotFound(kind="pickup_point", id=point_id)
    return point


def require(condition: bool, permission: Permission) -> None:
    """Raise NotAllowed unless the condition holds."""
    if not condition:
        raise NotAllowed(permission=permission.value)
