"""Seed the demo: one hub with staff, merchants, catalogue, households, groups and its first planned round.

Everything is made by the actions that users call, as the users who may call them; only two things are not: the first
platform staff (as `createsuperuser` makes it) and the one password hash that all demo accounts share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.db import transaction

from config.demo import people
from config.demo.catalogue import Catalogue, add_catalogue, publish_catalogue
from config.demo.neighbourhood import settle
from config.demo_market.load import load_market
from marketplace import clock
from marketplace.actions.assign_hub_role import assign_hub_role
from marketplace.actions.make_round_rule import RuleHandover, RuleWindow, make_round_rule
from marketplace.actions.open_hub import open_hub
from marketplace.actions.plan_rounds import plan_rounds
from marketplace.actions.register import register
from marketplace.actions.schedule_window import schedule_window
from marketplace.actions.search.rebuild_search import rebuild_search
from marketplace.models import Hub, OrderingWindow, PickupPoint, Round, User
from marketplace.rules.roles import Role
from marketplace.rules.states import WindowState

HUB_SLUG = "jacaranda"
SEED = 20261122
FRESH, LARDER = "Fresh", "Larder"
# A van that brings it home, in one slot of the evening; minor units.
DELIVERY_FROM, DELIVERY_UNTIL, DELIVERY_ROOM, DELIVERY_FEE = time(18), time(21), 24, 290
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
    lived_in = settle(hub=hub, households=len(market.households), coordinator=coordinator, draw=draw)
    _plan_first_round(hub=hub, points=lived_in.points, catalogue=catalogue, coordinator=coordinator)
    rebuild_search()
    share_password()
    return Seeded(hub, len(catalogue.products) + 1, len(catalogue.supplies), len(market.households), lived_in.groups)


def share_password() -> None:
    """One hash for all: a slow one per account would cost a minute and guard nothing, as the password is printed."""
    User.objects.update(password=make_password(people.PASSWORD))


def announce_weekly_round(hub: Hub) -> None:
    """The coordinator publishes the planned round's windows, so that it is seen to come."""
    for window in OrderingWindow.objects.filter(
        round__hub=hub, round__rule__isnull=False, state=WindowState.DRAFT.value
    ):
        schedule_window(window_id=window.pk, by=coordinator_of(hub))


def _plan_first_round(*, hub: Hub, points: Sequence[PickupPoint], catalogue: Catalogue, coordinator: User) -> Round:
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
        handovers=[*(_at(point) for point in points), _delivered()],
        by=coordinator,
    )
    (round_,) = plan_rounds()
    publish_catalogue(catalogue=catalogue, round_=round_, fresh_name=FRESH, larder_name=LARDER, coordinator=coordinator)
    return round_


def _at(point: PickupPoint) -> RuleHandover:
    """As the point's host usually opens it."""
    opens, closes = point.opens_time or time(17), point.closes_time or time(20)
    return RuleHandover(pickup_point=point, starts_time=opens, ends_time=closes, capacity=point.usual_capacity)


def _delivered() -> RuleHandover:
    return RuleHandover(
        pickup_point=None,
        starts_time=DELIVERY_FROM,
        ends_time=DELIVERY_UNTIL,
        capacity=DELIVERY_ROOM,
        fee=DELIVERY_FEE,
    )


def _first_thursday(hub: Hub) -> date:
    """The first Thursday at least a week ahead: all of its windows still lie in the future."""
    soonest = clock.now().astimezone(ZoneInfo(hub.time_zone)).date() + timedelta(days=7)
    return soonest + timedelta(days=(_THURSDAY - soonest.weekday()) % 7)
