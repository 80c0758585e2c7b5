"""The demo's people: households, the pickup points that some host, and the groups that most of them order in."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from config.demo import people
from config.demo.places import PICKUP_POINTS, Place, streets
from marketplace.actions.add_household_member import add_household_member
from marketplace.actions.add_pickup_point import add_pickup_point
from marketplace.actions.hosting.change_point import change_point
from marketplace.actions.hosting.set_point_host import set_point_host
from marketplace.actions.join_group import join_group
from marketplace.actions.places.import_streets import import_streets
from marketplace.actions.register import register
from marketplace.actions.start_group import start_group
from marketplace.models import Hub, PickupPoint, User

# Households whose logins are printed: the robots leave them to whoever looks at the demo.
LEFT_TO_PEOPLE = 2
HOUSEHOLDS_IN_GROUPS = 84
SHARED_LOGINS = 12
WELCOME = "We fetch together and have tea at the table by the door. New here? Ask for the one with the green apron."


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """`firsts`: one login of each household, those that are left to people first."""

    firsts: Sequence[User]
    points: Sequence[PickupPoint]
    groups: int


def settle(*, hub: Hub, households: int, coordinator: User, draw: Random) -> Neighbourhood:
    """Everybody who orders at the hub, and where they fetch it."""
    firsts = _households(households, draw)
    # Whoever looks at the demo is no host, so that a host's page is seen as a host.
    hosts = firsts[LEFT_TO_PEOPLE:]
    points = [
        add_place(hub=hub, place=place, host=host, coordinator=coordinator)
        for place, host in zip(PICKUP_POINTS, hosts, strict=False)
    ]
    for point, deputy in zip(points[:2], hosts[len(points) :], strict=False):
        set_point_host(point_id=point.pk, email=deputy.email, is_deputy=True, by=coordinator)
    import_streets(hub=hub, rows=streets())
    return Neighbourhood(firsts, points, _groups(hub, firsts, points, draw))


def add_place(*, hub: Hub, place: Place, host: User, coordinator: User) -> PickupPoint:
    """A point with its usual times and room, and its host."""
    point = add_pickup_point(
        hub=hub,
        name=place.name,
        address=place.address,
        instructions=place.way,
        latitude=place.point.latitude,
        longitude=place.point.longitude,
        host=host,
        by=coordinator,
    )
    return change_point(
        point_id=point.pk,
        instructions=place.way,
        opens_time=place.opens,
        closes_time=place.closes,
        usual_capacity=place.room,
        by=host,
    )


def _households(count: int, draw: Random) -> list[User]:
    crowd = people.household_people(count + SHARED_LOGINS, draw)
    firsts = [register(email=person.email, name=person.name, password=None) for person in crowd[:count]]
    for user, person in zip(firsts, crowd[count:], strict=False):
        second = register(email=person.email, name=person.name, password=None)
        add_household_member(household_id=user.households.get().pk, user=second, by=user)
    return firsts


def _groups(hub: Hub, firsts: Sequence[User], points: Sequence[PickupPoint], draw: Random) -> int:
    """How many. Those who look at the demo are in the first one, beside each other."""
    mine = list(firsts[:LEFT_TO_PEOPLE])
    joining = iter(draw.sample(list(firsts[LEFT_TO_PEOPLE:]), HOUSEHOLDS_IN_GROUPS - len(mine)))
    sizes = _group_sizes(draw)
    for name, size, point in zip(people.GROUPS, sizes, list(points) * len(sizes), strict=False):
        group = start_group(hub=hub, name=name, pickup_point=point, welcome=WELCOME, by=next(joining))
        for _ in range(size - 1):
            join_group(invitation=group.invitation, by=mine.pop() if mine else next(joining))
    return len(sizes)


def _group_sizes(draw: Random) -> list[int]:
    """As many sizes from 4 up as there are groups, together the households that order in groups."""
    sizes = [4] * len(people.GROUPS)
    for _ in range(HOUSEHOLDS_IN_GROUPS - sum(sizes)):
        sizes[draw.randrange(len(sizes))] += 1
    return sizes
