"""The ground of hosts' tests: a round that closed, its handover with a host, and households that collect there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.test import Client

from marketplace import clock
from marketplace.models import (
    Group,
    GroupMember,
    Handover,
    Household,
    Offer,
    PickupPointHost,
    Reservation,
    User,
)
from tests.factories import make_household, make_user
from tests.marketplace.closing_ground import CLOSES_AT, Market

# The handover of tests.factories.make_handover: Thursday 26 November, 17:00-19:00 in Lisbon (UTC in winter).
OPENS = datetime.fromisoformat("2026-11-26T17:00:00+00:00")
ENDS = OPENS + timedelta(hours=2)
A_DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass
class Place:
    """One pickup point with its host Hugo; households order tomatoes that are counted at CLOSES_AT."""

    market: Market = field(default_factory=Market)
    host: User = field(init=False)
    offer: Offer = field(init=False)

    def __post_init__(self) -> None:
        self.host = make_household("Hugo").members.get()
        self.offer = self.market.offer(self.market.merchant())
        assert self.handover.pickup_point is not None
        PickupPointHost.objects.create(pickup_point=self.handover.pickup_point, user=self.host)

    @property
    def handover(self) -> Handover:
        return self.market.handover

    def orders(self, name: str = "Ana", units: int = 2, group: Group | None = None) -> Reservation:
        """A household's reservation of so many units."""
        household = make_household(name)
        line = self.market.line(self.offer, units, household=household)
        if group is not None:
            Reservation.objects.filter(pk=line.reservation_id).update(group=group)
        return Reservation.objects.get(pk=line.reservation_id)

    def close(self) -> None:
        self.market.close()

    @property
    def address(self) -> str:
        return f"/hosting/handovers/{self.handover.pk}/"


def closed_place(*names: str) -> tuple[Place, list[Reservation]]:
    """A place whose list is published, with these households on it."""
    place = Place()
    held = [place.orders(name) for name in names]
    place.close()
    return place, held


def make_group(place: Place, host: User, *households: Household, name: str = "Rua da Bica") -> Group:
    group = Group.objects.create(
        hub=place.market.hub,
        name=name,
        host=host,
        pickup_point=place.handover.pickup_point,
        invitation=f"inv-{place.market.hub.pk}-{name}",
    )
    own = Household.objects.filter(memberships__user=host)
    GroupMember.objects.bulk_create(GroupMember(group=group, household=h) for h in [*own, *households])
    return group


def person(name: str) -> User:
    return make_household(name).members.get()


def stranger() -> User:
    return make_user("Rita")


def browser(user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def at(moment: datetime):  # type: ignore[no-untyped-def]  # a context manager of the one clock
    return clock.frozen(moment)


PUBLISHED = CLOSES_AT
