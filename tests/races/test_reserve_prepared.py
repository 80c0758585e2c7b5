"""Statements of reserving are planned once per session, and only where the session is the connection's own."""

from collections.abc import Iterator

import pytest
from django.db import connection

from marketplace.actions.reserving import session
from marketplace.errors import InvalidLines
from marketplace.models import ReservationLine
from tests.races.reserving_threads import Market

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def own_session() -> Iterator[None]:
    """A connection that no other test has used, or will."""
    connection.close()
    yield
    connection.close()


def prepared() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])


def test_from_the_second_reservation_on_they_are_planned_once() -> None:
    market = Market()
    offer = market.offer(cap=90)
    for person in market.people(8):
        market.reserving(person, (offer, 2))()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")
        plans = {text.split(maxsplit=2)[1]: (generic, custom) for text, generic, custom in cursor.fetchall()}
    # The first one, which is small, only settles how the others are planned.
    del plans["m.household_id,"]
    assert plans == {"own": (7, 0), "wants": (7, 0)}
    assert ReservationLine.objects.count() == 8


def test_a_refusal_forgets_them_and_the_next_ones_are_served_all_the_same() -> None:
    market = Market()
    offer, people = market.offer(cap=90), market.people(8)
    for person in people[:4]:
        market.reserving(person, (offer, 2))()
    assert prepared() == 3
    offer.pk += 1_000_000
    with pytest.raises(InvalidLines):
        market.reserving(people[4], (offer, 2))()
    offer.pk -= 1_000_000
    for person in people[4:]:
        market.reserving(person, (offer, 2))()
    assert prepared() == 3
    assert ReservationLine.objects.count() == 8


def test_behind_a_pooler_none_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pooler gives its clients process numbers of its own, so that another one seems to serve them."""
    market = Market()
    offer = market.offer(cap=90)
    direct = session.plan_once
    monkeypatch.setattr("marketplace.actions.reserving.postgres.plan_once", lambda served_by: direct(served_by + 1))
    for person in market.people(6):
        market.reserving(person, (offer, 2))()
    assert prepared() == 0
    assert ReservationLine.objects.count() == 6
