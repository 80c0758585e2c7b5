"""Who a user is in the house: households, groups, and roles with their scopes."""

from dataclasses import dataclass

from marketplace.access import groups_of, households_of, merchants_of
from marketplace.models import Group, Household, HubRole, PickupPointHost, User
from marketplace.rules.roles import Role


@dataclass(frozen=True, slots=True)
class OwnRole:
    """A role and the one thing that it is held for: `scope` is hub, merchant, pickup_point, household or platform."""

    role: Role
    scope: str
    id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """The first of `households` is the one that reserves when none is named."""

    user: User
    households: tuple[Household, ...]
    groups: tuple[Group, ...]
    roles: tuple[OwnRole, ...]


def person(user: User) -> Person:
    """Everything that the user is. Five queries."""
    households = tuple(households_of(user))
    groups = tuple(groups_of(user).select_related("hub", "pickup_point").order_by("name"))
    roles = [OwnRole(Role.HOUSEHOLD_MEMBER, "household", found.pk, found.name) for found in households]
    roles += [
        OwnRole(Role.HOST, "pickup_point", host.pickup_point_id, host.pickup_point.name)
        for host in PickupPointHost.objects.filter(user=user).select_related("pickup_point").order_by("pk")
    ]
    roles += [
        OwnRole(Role.MERCHANT_MEMBER, "merchant", found.pk, found.name) for found in merchants_of(user).order_by("name")
    ]
    roles += [
        OwnRole(Role(held.role), "hub", held.hub_id, held.hub.name)
        for held in HubRole.objects.filter(user=user).select_related("hub").order_by("hub__name", "role")
    ]
    if user.is_staff:
        roles.append(OwnRole(Role.PLATFORM_STAFF, "platform", None, ""))
    return Person(user, households, groups, tuple(roles))
