"""Who visits the shop, and among what a visitor may choose: announced windows, handovers, own groups."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from marketplace import clock
from marketplace.access import PUBLIC_STATES, households_of
from marketplace.models import Group, Handover, Household, OfferDemand, OrderingWindow, User

Visitor = User | AnonymousUser


def announced() -> QuerySet[OrderingWindow]:
    """The windows that everybody may know of, with the clock."""
    return OrderingWindow.objects.filter(state__in=PUBLIC_STATES).annotate(clock=clock.expression())


def announced_windows(round_id: int) -> QuerySet[OrderingWindow]:
    """A round's announced windows with the clock and the version of their demand, the first to close first."""
    newest = OfferDemand.objects.filter(window=OuterRef("pk")).order_by().values("window")
    version = Coalesce(Subquery(newest.annotate(top=Max("version")).values("top")), 0)
    return announced().filter(round_id=round_id).annotate(version=version).order_by("closes_at", "pk")


def household_id_of(visitor: User) -> Subquery:
    """The household that the user reserves as, inside another query; access.household_of says which."""
    return Subquery(households_of(visitor).values("pk")[:1])


def shares_a_household(visitor: User) -> bool:
    """Whether the user's household has other members. One query."""
    return Household.objects.filter(pk=household_id_of(visitor), memberships__isnull=False).count() > 1


def handovers_of(round_id: int) -> list[Handover]:
    """Where and when the round can be collected. One query."""
    return list(Handover.objects.filter(round_id=round_id).select_related("pickup_point", "capacity"))


def groups_at(visitor: User, hub_id: int) -> list[Group]:
    """The groups of the user's household at a hub. One query."""
    mine = Group.objects.filter(hub_id=hub_id, memberships__household_id=household_id_of(visitor))
    return list(mine.select_related("pickup_point").order_by("name"))
