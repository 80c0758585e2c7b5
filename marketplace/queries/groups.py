"""What groups and their hosts read: members, who has ordered, totals in units, the invitation's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from marketplace import clock
from marketplace.access import PUBLIC_STATES, group_for, round_for
from marketplace.errors import NotFound
from marketplace.models import (
    Group,
    GroupMember,
    Household,
    HouseholdMember,
    Offer,
    OrderingWindow,
    Reservation,
    ReservationLine,
    Round,
    User,
)
from marketplace.queries.shop import standings_of
from marketplace.rules.clearing.standing import OfferStanding
from marketplace.rules.states import VersionState, WindowState

# Totals are shown from so many households on: with two, each could take its own away and see the other's.
FEWEST_HOUSEHOLDS = 3


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A group of the user's: how many households are in it, and whether the user hosts it."""

    group: Group
    households: int
    hosted: bool


def own_groups(user: User) -> list[OwnGroup]:
    """The groups that the user's households are in or that the user hosts, by name. One query."""
    mine = GroupMember.objects.filter(group=OuterRef("pk"), household__memberships__user=user)
    groups = (
        Group.objects.filter(Exists(mine) | Q(host=user))
        .select_related("hub", "host", "pickup_point")
        .annotate(households=Count("memberships"))
        .order_by("name", "pk")
    )
    return [OwnGroup(group, group.households, group.host_id == user.pk) for group in groups]


@dataclass(frozen=True, slots=True)
class Member:
    """A household of a group, with the people who could host it next."""

    household: Household
    people: tuple[User, ...]


def members_of(group: Group) -> list[Member]:
    """The group's households in the order of joining, for its host. Two queries."""
    households = list(
        Household.objects.filter(group_memberships__group=group).order_by("group_memberships__joined_at", "pk")
    )
    people: dict[int, list[User]] = {}
    for login in HouseholdMember.objects.filter(household__in=households, user__is_active=True).select_related("user"):
        people.setdefault(login.household_id, []).append(login.user)
    return [Member(household, tuple(people.get(household.pk, ()))) for household in households]


def households_in(group: Group) -> int:
    """How many households a group has. One query."""
    return GroupMember.objects.filter(group=group).count()


def invited_by(invitation: str) -> Group:
    """The group of an invitation link, for anybody who has it. One query.

    Raises NotFound for one that does not exist, or was renewed.
    """
    group = Group.objects.select_related("hub", "host", "pickup_point").filter(invitation=invitation).first()
    if group is None:
        raise NotFound(kind="invitation", id=invitation)
    return group


def running_windows(hub_id: int) -> list[OrderingWindow]:
    """A hub's windows that take reservations now, those that close first leading. One query."""
    now = clock.now()
    windows = OrderingWindow.objects.filter(round__hub_id=hub_id, state=WindowState.OPEN.value, closes_at__gt=now)
    return list(windows.select_related("round__hub").order_by("closes_at", "pk"))


def running_rounds(hub_id: int) -> list[tuple[Round, OrderingWindow]]:
    """The hub's rounds that take reservations, each with its window that closes first. One query."""
    first: dict[int, OrderingWindow] = {}
    for window in running_windows(hub_id):
        first.setdefault(window.round_id, window)
    return [(window.round, window) for window in first.values()]


@dataclass(frozen=True, slots=True)
class ProductTotal:
    """What is reserved of one offer by those who are counted, and how the offer stands for everybody."""

    offer: Offer
    units: int
    standing: OfferStanding


@dataclass(frozen=True, slots=True)
class Totals:
    """`households` that reserved; `products` is None while there are too few to show what of."""

    households: int
    products: tuple[ProductTotal, ...] | None

    @property
    def missing(self) -> int:
        """How many households more until the totals show."""
        return max(0, FEWEST_HOUSEHOLDS - self.households)


def totals_of(reservations: QuerySet[Reservation]) -> Totals:
    """The totals in units of some reservations, by product. Two queries, five from three households on."""
    placed = reservations.filter(state=VersionState.PLACED.value, lines__isnull=False)
    households = placed.values("household").distinct().count()
    if households < FEWEST_HOUSEHOLDS:
        return Totals(households, None)
    lines = ReservationLine.objects.filter(reservation__in=placed.values("pk"))
    units = dict(lines.values("offer").annotate(total=Sum("firm")).values_list("offer", "total"))
    parts = ("product__merchant", "product__category", "product__deposit_type", "capacity", "demand", "window")
    offers = list(
        Offer.objects.filter(pk__in=units, window__state__in=PUBLIC_STATES)
        .select_related(*parts)
        .order_by("product__category__position", "product__name", "pk")
    )
    standings = standings_of(offers)
    return Totals(
        households,
        tuple(ProductTotal(o, units[o.pk], standings[o.pk]) for o in offers if o.pk in standings),
    )


@dataclass(frozen=True, slots=True)
class GroupRound:
    """A group's view of one round. `waiting` are names of those who have not ordered: for the host alone."""

    group: Group
    round: Round
    members: int
    ordered: int
    totals: Totals
    ordered_names: tuple[str, ...] | None
    waiting_names: tuple[str, ...] | None


def group_round(user: User, group_id: int, round_id: int) -> GroupRound:
    """How a group stands in a round of its hub. Eight queries at most, two more for its host.

    Members see units, the host also who has ordered (not what). Raises NotFound for a foreign group or another hub's
    round.
    """
    group = group_for(user, group_id)
    round_ = round_for(user, round_id)
    if round_.hub_id != group.hub_id:
        raise NotFound(kind="round", id=round_id)
    held = Reservation.objects.filter(round=round_, group=group)
    totals = totals_of(held)
    ordered = waiting = None
    if group.host_id == user.pk:
        ordered, waiting = _who_ordered(group, round_)
    return GroupRound(group, round_, households_in(group), totals.households, totals, ordered, waiting)


def _who_ordered(group: Group, round_: Round) -> tuple[tuple[str, ...], tuple[str, ...]]:
    placed = Reservation.objects.filter(
        round=round_, household=OuterRef("pk"), state=VersionState.PLACED.value, lines__isnull=False
    )
    rows = group.members.annotate(ordered=Exists(placed)).order_by("name", "pk").values_list("name", "ordered")
    names: Sequence[tuple[str, bool]] = list(rows)
    return tuple(n for n, done in names if done), tuple(n for n, done in names if not done)
