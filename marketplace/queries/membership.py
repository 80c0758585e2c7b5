"""How a household stands at a hub."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from marketplace import clock
from marketplace.access import household_of, hubs_where, one, public_rounds, require
from marketplace.errors import MembershipNeeded
from marketplace.models import (
    Household,
    Hub,
    HubInvitation,
    HubMembership,
    HubNews,
    JoinPolicy,
    Reservation,
    Round,
    User,
)
from marketplace.rules.roles import Permission
from marketplace.rules.states import MEMBERSHIP_MOVES, MembershipState, VersionState

# How households come to a hub; whoever admits them changes it.
HUB_TERMS = ("join_policy", "trial_orders", "membership_fee_minor", "first_credit_limit_minor")


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
    return one(Hub.objects.filter(slug=slug), "hub", slug)


def hubs_known() -> QuerySet[Hub]:
    """Hubs that have announced a round, for a list."""
    return Hub.objects.filter(pk__in=public_rounds().values("hub_id"))


def follows(user: User, hub: Hub) -> bool:
    """Whether the person is told of the hub's openings. One query."""
    return HubNews.objects.filter(hub=hub, user=user).exists()


def hub_admitting(user: User, slug: str) -> Hub:
    """A hub at which the user admits households. Up to two queries.

    Raises NotFound, NotAllowed at a hub that is somebody else's.
    """
    hub = hub_of(slug)
    require(hubs_where(user, Permission.ADMIT_MEMBERS).filter(pk=hub.pk).exists(), Permission.ADMIT_MEMBERS)
    return hub


def members_of_hub(user: User, slug: str) -> QuerySet[HubMembership]:
    """Who orders at a hub or asked to, for whoever admits there. Two queries, two more for a page of rows.

    Raises NotFound, NotAllowed.
    """
    rows = HubMembership.objects.filter(hub=hub_admitting(user, slug)).select_related("hub", "household")
    return rows.prefetch_related("household__members")


def member_of_hub(user: User, slug: str, membership_id: int) -> HubMembership:
    """One of them. Raises NotFound, NotAllowed."""
    return one(members_of_hub(user, slug).filter(pk=membership_id), "membership", membership_id)


def decisions_for(held: HubMembership) -> list[MembershipState]:
    """What whoever admits households can make of a membership (with its hub loaded). No query."""
    moves = MEMBERSHIP_MOVES[MembershipState(held.state)]
    trial = {MembershipState.TRIAL} if held.hub.trial_orders else set()
    mine = trial | {MembershipState.MEMBER, MembershipState.REFUSED}
    return [state for state in MembershipState if state in moves & mine]


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
    return one(HubMembership.objects.select_related("hub").filter(hub=hub, household=household), "membership", hub.pk)


def require_may_order(household: Household, round_: Round) -> None:
    """Raise MembershipNeeded where the household may take nothing of the hub's round: what reserving asks of it too
    (actions/reserving/guard.py). Up to two queries."""
    hub = round_.hub
    held = HubMembership.objects.filter(hub=hub, household=household).first()
    state = held.state if held else None
    if state == MembershipState.MEMBER:
        return
    if held and state == MembershipState.TRIAL:
        mine = Reservation.objects.filter(round=round_, household=household, state=VersionState.PLACED.value)
        if held.trial_orders_left or mine.exists():
            return
    if hub.join_policy == JoinPolicy.OPEN and not hub.trial_orders and state != MembershipState.REFUSED:
        return
    raise MembershipNeeded(hub=hub.slug, join_policy=hub.join_policy)


def invitations_waiting(user: User, hub: Hub) -> list[HubInvitation]:
    """The person's invitations to the hub that can still be used. One query and the clock."""
    waiting = HubInvitation.objects.filter(
        hub=hub, by=user, used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=clock.now()
    )
    return list(waiting.order_by("expires_at", "pk"))


def memberships_of(household: Household) -> list[HubMembership]:
    """Where the household orders or asked to. One query."""
    return list(household.memberships_of_hubs.select_related("hub").order_by("hub__name"))
