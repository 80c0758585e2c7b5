"""Lists ask the database the same number of times for one row and for twenty."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.models import (
    Absence,
    Claim,
    CollectedRest,
    HubMembership,
    Notice,
    PushSubscription,
    StandingReservation,
    StandingRun,
    Thread,
    User,
    Wish,
    WishTopic,
)
from tests.factories import NOON, make_handover, make_hub, make_product, make_round
from tests.marketplace.api_ground import client_of
from tests.marketplace.reserving_ground import Shop, want

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("noon")]
MANY = 20
Add = Callable[[Shop, int], object]


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """With a reservation of Ana's household."""
    shop.reserve(want(shop.offer(), 1))
    return shop


def a_notice(shop: Shop, n: int) -> object:
    facts = {"round": f"Round {n}"}
    return Notice.objects.create(user=shop.ana, kind="opens", key=f"window:{n}", facts=facts, link="/", created_at=NOON)


def a_browser(shop: Shop, n: int) -> object:
    return PushSubscription.objects.create(
        user=shop.ana, endpoint=f"https://push.example.org/{n}", p256dh="k", auth="a", created_at=NOON
    )


def a_thread(shop: Shop, n: int) -> object:
    reservation = shop.household.reservations.first()
    assert reservation is not None
    thread = Thread.objects.create(
        household=shop.household,
        reservation=reservation,
        offer=shop.offer(f"Asked about {n}"),
        hub=shop.hub,
        opened_at=NOON,
        last_at=NOON + timedelta(seconds=n),
    )
    return thread.messages.create(side="household", by=shop.ana, text="Hello", at=NOON, request_key=f"k{n}")


def a_standing(shop: Shop, n: int) -> StandingReservation:
    product = make_product(shop.merchant, f"Standing {n}")
    return StandingReservation.objects.create(
        household=shop.household, hub=shop.hub, product=product, firm=1, by=shop.ana, since=NOON
    )


def a_run(shop: Shop, n: int) -> object:
    return StandingRun.objects.create(standing=a_standing(shop, n), round=shop.round, state="placed", units=1, at=NOON)


def an_absence(shop: Shop, n: int) -> object:
    day = date(2026, 12, 1) + timedelta(days=n)
    return Absence.objects.create(household=shop.household, starts_on=day, ends_on=day)


def a_rest(shop: Shop, n: int) -> object:
    offer = shop.offer(f"Rest {n}")
    return CollectedRest.objects.create(
        household=shop.household,
        hub=shop.hub,
        product=offer.product,
        offer=offer,
        missed=3,
        units=3,
        at_most_minor=240,
        until=date(2026, 12, 24),
        created_at=NOON,
    )


def a_claim(shop: Shop, n: int) -> object:
    reservation = shop.household.reservations.first()
    assert reservation is not None
    claim = Claim.objects.create(
        reservation=reservation,
        line=reservation.lines.first(),
        kind="spoiled",
        request_key=f"k{n}",
        by=shop.ana,
        made_at=NOON,
    )
    return claim.photos.create(
        reservation=reservation, request_key=f"k{n}", added_at=NOON, content=b"x", width=1, height=1
    )


def a_membership(shop: Shop, n: int) -> object:
    return HubMembership.objects.create(household=shop.household, hub=make_hub(), state="member", asked_at=NOON)


def a_wish(shop: Shop, n: int) -> object:
    topic = WishTopic.objects.create(hub=shop.hub, key=f"wish {n}", name=f"Wish {n}")
    return Wish.objects.create(topic=topic, household=shop.household, text=f"Wish {n}", since=NOON, by=shop.ana)


def a_past_order(shop: Shop, n: int) -> object:
    round_ = make_round(shop.hub, f"Past {n}")
    return shop.household.reservations.create(
        round=round_, handover=make_handover(round_), created_at=NOON, changed_at=NOON
    )


LISTS: dict[str, tuple[Add, int]] = {
    "inbox/": (a_notice, 0),
    "push-subscriptions/": (a_browser, 0),
    "threads/": (a_thread, 0),
    "standing/": (a_standing, 0),
    "standing/runs/": (a_run, 0),
    "absences/": (an_absence, 0),
    "collected-rests/": (a_rest, 0),
    "claims/": (a_claim, 0),
    "memberships/": (a_membership, 0),
    "wishes/": (a_wish, 0),
    "reservations/": (a_past_order, 1),
}


def asked(path: str, by: User) -> tuple[int, int]:
    """Rows and queries."""
    client = client_of(User.objects.get(pk=by.pk))
    with CaptureQueriesContext(connection) as seen:
        told = client.get(f"/api/v1/{path}")
    assert told.status_code == 200, told.content
    return len(told.json()["results"]), len(seen)


@pytest.mark.parametrize("path", list(LISTS))
def test_one_row_and_twenty_cost_the_same(shop: Shop, path: str) -> None:
    add, there = LISTS[path]
    add(shop, 0)
    rows, queries = asked(path, shop.ana)
    assert rows == there + 1
    for n in range(1, MANY - there):
        add(shop, n)
    assert asked(path, shop.ana) == (MANY, queries)
