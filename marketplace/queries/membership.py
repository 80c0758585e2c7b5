"""How a household stands at a hub."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from marketplace import clock
from marketplace.access import household_of
from marketplace.errors import NotFound
from marketplace.models import Household, Hub, HubInvitation, HubMembership, HubNews, User


@dataclass(frozen=True, slots=True)
class JoinPage:
    """`household` and `membership` are None for visitors, `membership` also for who has not joined."""

    hub: Hub
    household: Household | None
    membership: HubMembership | None
    invitations: tuple[HubInvitation, ...]
    follows: bool = False


def hub_of(slug: str) -> Hub:
    """A hub by its short name. One query. Raises NotFound."""
    hub = Hub.objects.filter(slug=slug).first()
    if hub is None:
        raise NotFound(kind="hub", id=slug)
    return hub


def join_page(user: User | AnonymousUser, slug: str) -> JoinPage:
    """Five queries and the clock for a member, one for a visitor. Raises NotFound."""
    hub = hub_of(slug)
    if not isinstance(user, User):
        return JoinPage(hub, None, None, ())
    household = household_of(user)
    membership = HubMembership.objects.filter(hub=hub, household=household).first()
    waiting = HubInvitation.objects.filter(
        hub=hub, by=user, used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=clock.now()
    ).order_by("expires_at")
    follows = HubNews.objects.filter(hub=hub, user=user).exists()
    return JoinPage(hub, household, membership, tuple(waiting) if membership else (), follows)


def membership_of(household: Household, hub: Hub) -> HubMembership:
    """How the household stands at the hub. One query. Raises NotFound before it joined or asked."""
    held = HubMembership.objects.select_related("hub").filter(hub=hub, household=household).first()
    if held is None:
        raise NotFound(kind="membership", id=hub.pk)
    return held


def invitations_waiting(user: User, hub: Hub) -> list[HubInvitation]:
    """The person's invitations to the hub that can still be used. One query and the clock."""
    waiting = HubInvitation.objects.filter(
        hub=hub, by=user, used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=clock.now()
    )
    return list(waiting.order_by("expires_at", "pk"))


def memberships_of(household: Household) -> list[HubMembership]:
    """Where the household orders or asked to. One query."""
    return list(household.memberships_of_hubs.select_related("hub").order_by("hub__name"))
