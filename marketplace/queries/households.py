"""A household as its people see it: who belongs to it, who is invited, and what its newcomers hold elsewhere."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from marketplace import clock
from marketplace.access import household_of, households_of
from marketplace.models import (
    Group,
    Household,
    HouseholdInvitation,
    HouseholdMember,
    HubMembership,
    LineShare,
    Notice,
    Reservation,
    User,
)
from marketplace.rules.states import ShareState, VersionState, WindowState

PROFILE = ("name", "address", "delivery_notes", "avoids", "diets")


def profile_tag(household: Household) -> str:
    """Which state of its profile a household is in: the same for the same words. No query."""
    words = json.dumps([getattr(household, name) for name in PROFILE])
    return hashlib.sha256(words.encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Member:
    """One login of the household."""

    user_id: int
    name: str
    email: str
    joined_at: datetime
    is_me: bool


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """`all_mine`: every household of the person, the one that it acts as first."""

    household: Household
    members: tuple[Member, ...]
    invitations: tuple[HouseholdInvitation, ...]
    all_mine: tuple[Household, ...]


def household_page(user: User, household_id: int | None = None) -> HouseholdPage:
    """Four queries and the clock. Raises NotFound."""
    household, now = household_of(user, household_id), clock.now()
    members = (
        HouseholdMember.objects.filter(household=household)
        .select_related("user")
        .order_by("joined_at", "user__name", "pk")
    )
    waiting = household.invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)
    return HouseholdPage(
        household=household,
        members=tuple(Member(m.user_id, m.user.name, m.user.email, m.joined_at, m.user_id == user.pk) for m in members),
        invitations=tuple(waiting.select_related("by").order_by("expires_at", "pk")),
        all_mine=tuple(households_of(user)),
    )


def open_reservations(household_ids: list[int]) -> list[Reservation]:
    """Placed reservations of these households in rounds that are not over: a window still open, or a handover still
    to come. One query and the clock."""
    now = clock.now()
    live = Reservation.objects.filter(household__in=household_ids, state=VersionState.PLACED.value, lines__isnull=False)
    under_way = live.filter(
        lines__window__state__in=[WindowState.OPEN.value, WindowState.SCHEDULED.value, WindowState.RECEIVING.value]
    ) | live.filter(lines__window__state=WindowState.CLOSED.value, handover__ends_at__gt=now)
    return list(
        under_way.select_related("round__hub", "household", "handover").order_by("round__handover_on", "pk").distinct()
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of a person's own pages. `running` are reservations under way, `past` counts the others; `asked` are
    shares that wait for the household's answer."""

    household: Household | None
    households: tuple[Household, ...]
    people: int
    groups: tuple[str, ...]
    unread: int
    asked: int
    running: tuple[Reservation, ...]
    past: int
    memberships: tuple[HubMembership, ...]


def overview(user: User) -> Overview:
    """Eight queries and the clock. Who only works at a desk has no household."""
    mine = tuple(households_of(user))
    household = mine[0] if mine else None
    held_by = [household.pk] if household else []
    running = tuple(open_reservations(held_by))
    reserved = Reservation.objects.filter(household__in=held_by, versions__isnull=False).distinct()
    waiting = LineShare.objects.filter(
        household__in=held_by, state=ShareState.OFFERED.value, offer__window__state=WindowState.OPEN.value
    )
    return Overview(
        household=household,
        households=mine,
        people=HouseholdMember.objects.filter(household__in=held_by).count(),
        groups=tuple(Group.objects.filter(members__in=held_by).order_by("name").values_list("name", flat=True)),
        unread=Notice.objects.filter(user=user, read_at__isnull=True).count(),
        asked=waiting.count(),
        running=running,
        past=reserved.exclude(pk__in=[held.pk for held in running]).count(),
        memberships=tuple(
            HubMembership.objects.filter(household__in=held_by).select_related("hub").order_by("hub__name")
        ),
    )
