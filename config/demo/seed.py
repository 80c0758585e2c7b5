"""Seed the demo: one hub with staff, merchants, catalogue, households, groups and its first planned round.

Everything is made by the actions that users call, as the users who may call them; only two things are not: the first
platform staff (as `createsuperuser` makes it) and the one password hash that all demo accounts share.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from config.demo import people
from config.demo.catalogue import Catalogue, add_catalogue, publish_catalogue
from config.demo_market.load import DemoMarket, load_market
from marketplace import clock
from marketplace.actions.add_household_member import add_household_member
from marketplace.actions.add_pickup_point import add_pickup_point
from marketplace.actions.assign_hub_role import assign_hub_role
from marketplace.actions.join_group import join_group
from marketplace.actions.make_round_rule import RuleHandover, RuleWindow, make_round_rule
from marketplace.actions.open_hub import open_hub
from marketplace.actions.plan_rounds import plan_rounds
from marketplace.actions.register import register
from marketplace.actions.schedule_window import schedule_window
from marketplace.actions.start_group import start_group
from marketplace.models import Hub, OrderingWindow, PickupPoint, Round, User
from marketplace.rules.roles import Role
from marketplace.rules.states import WindowState

HUB_SLUG = "jacaranda"
SEED = 20261122
FRESH, LARDER = "Fresh", "Larder"
HANDOVER_ROOM = 60  # reservations per pickup point
HOUSEHOLDS_IN_GROUPS = 84
SHARED_LOGINS = 12
_THURSDAY = 3


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made, for the greeting."""

    hub: Hub
    products: int
    merchants: int
    households: int
    groups: int


def found() -> Hub | None:
    """The hub of an earlier start, if there is one."""
    return Hub.objects.filter(slug=HUB_SLUG).first()


def coordinator_of(hub: Hub) -> User:
    """The person who runs the hub's rounds in the demo."""
    return User.objects.get(hub_roles__hub=hub, hub_roles__role=Role.COORDINATOR.value)


@transaction.atomic
def seed(*, number: int = SEED) -> Seeded:
    """A whole market in an empty database: all of it, or nothing. The same number gives the same market."""
    market, draw = load_market(), Random(number)  # noqa: S311 - repeatable on purpose
    platform = User.objects.create_superuser(email=people.PLATFORM_EMAIL, name="Petra Lemos")
    staff = {role: register(email=email, name=name, password=None) for role, name, email in people.STAFF}
    coordinator = staff[Role.COORDINATOR]
    hub = open_hub(
        name="Mercado do Jacarandá",
        slug=HUB_SLUG,
        time_zone="Europe/Lisbon",
        currency=market.currency,
        address="Largo do Jacarandá 1\n1200-001 Lisboa",
        email="mercado@example.org",
        coordinator=coordinator,
        by=platform,
    )
    for role, user in staff.items():
        assign_hub_role(hub=hub, user=user, role=role, by=platform)
    catalogue = add_catalogue(market=market, hub=hub, coordinator=coordinator, platform=platform)
    points, groups = _neighbourhood(market, hub, coordinator, draw)
    _plan_first_round(hub=hub, points=points, catalogue=catalogue, coordinator=coordinator)
    # One hash for all: a slow hash per account would cost a minute and guard nothing, since the password is printed.
    User.objects.update(password=make_password(people.PASSWORD))
    return Seeded(hub, len(catalogue.products), len(catalogue.supplies), len(market.households), groups)


def announce_weekly_round(hub: Hub) -> None:
    """The coordinator publishes the planned round's windows, so that it is seen to come."""
    for window in OrderingWindow.objects.filter(
        round__hub=hub, round__rule__isnull=False, state=WindowState.DRAFT.value
    ):
        schedule_window(window_id=window.pk, by=coordinator_of(hub))


def _neighbourhood(market: DemoMarket, hub: Hub, coordinator: User, draw: Random) -> tuple[list[PickupPoint], int]:
    """Households, the pickup points that some of them host, and the groups that most of them order in."""
    crowd = people.household_people(len(market.households) + SHARED_LOGINS, draw)
    firsts = [
        register(email=person.email, name=person.name, password=None) for person in crowd[: len(market.households)]
    ]
    for user, person in zip(firsts, crowd[len(firsts) :], strict=False):
        second = register(email=person.email, name=person.name, password=None)
        add_household_member(household_id=user.households.get().pk, user=second, by=user)
    points = [
        add_pickup_point(hub=hub, name=name, address=address, instructions=way, host=host, by=coordinator)
        for (name, address, way), host in zip(people.PICKUP_POINTS, firsts, strict=False)
    ]
    joining = iter(draw.sample(firsts, HOUSEHOLDS_IN_GROUPS))
    sizes = _group_sizes(draw)
    for name, size, point in zip(people.GROUPS, sizes, points * len(sizes), strict=False):
        group = start_group(hub=hub, name=name, pickup_point=point, by=next(joining))
        for _ in range(size - 1):
            join_group(invitation=group.invitation, by=next(joining))
    return points, len(sizes)


def _group_sizes(draw: Random) -> list[int]:
    """As many sizes from 4 up as there are groups, together the households that order in groups."""
    sizes = [4] * len(people.GROUPS)
    for _ in range(HOUSEHOLDS_IN_GROUPS - sum(sizes)):
        sizes[draw.randrange(len(sizes))] += 1
    return sizes


def _plan_first_round(*, hub: Hub, points: list[PickupPoint], catalogue: Catalogue, coordinator: User) -> Round:
    """The rule of the weekly round, and its first round with everything on offer in two drafts."""
    fresh = [supply for key, supply in catalogue.supplies.items() if key in catalogue.fresh_merchants]
    larder = [supply for key, supply in catalogue.supplies.items() if key not in catalogue.fresh_merchants]
    make_round_rule(
        hub=hub,
        name="Thursday round",
        recurrence="FREQ=WEEKLY;BYDAY=TH",
        starts_on=_first_thursday(hub),
        days_ahead=13,  # exactly one round now, the next one a week later
        windows=[
            # What travels two days has to be ordered earlier; what spoils is ordered the day before.
            RuleWindow(
                name=LARDER,
                opens_days_before=6,
                opens_time=time(8),
                closes_days_before=3,
                closes_time=time(20),
                supplies=larder,
            ),
            RuleWindow(
                name=FRESH,
                opens_days_before=6,
                opens_time=time(8),
                closes_days_before=1,
                closes_time=time(12),
                supplies=fresh,
            ),
        ],
        handovers=[
            RuleHandover(pickup_point=point, starts_time=time(17), ends_time=time(20), capacity=HANDOVER_ROOM)
            for point in points
        ],
        by=coordinator,
    )
    (round_,) = plan_rounds()
    publish_catalogue(catalogue=catalogue, round_=round_, fresh_name=FRESH, larder_name=LARDER, coordinator=coordinator)
    return round_


def _first_thursday(hub: Hub) -> date:
    """The first Thursday at least a week ahead: all of its windows still lie in the future."""
    soonest = clock.now().astimezone(ZoneInfo(hub.time_zone)).date() + timedelta(days=7)
    return soonest + timedelta(days=(_THURSDAY - soonest.weekday()) % 7)
