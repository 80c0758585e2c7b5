"""What a reservation costs in statements: few, and no more for 20 lines than for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_handover
from tests.marketplace.reserving_ground import Shop, want

pytestmark = pytest.mark.django_db


def statements(captured: CaptureQueriesContext) -> int:
    """Without transaction control."""
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")) for query in captured)


@pytest.mark.parametrize("lines", [1, 3, pytest.param(20, marks=pytest.mark.slow)])
def test_a_reservation_takes_the_same_few_statements_whatever_its_size(lines: int) -> None:
    shop = Shop()
    ana = shop.ana
    place = make_handover(shop.round, capacity=9)
    uncounted = [shop.offer(f"Product {number}") for number in range(lines)]
    with CaptureQueriesContext(connection) as first:
        shop.reserve(*(want(offer, 2) for offer in uncounted), handover_id=place.pk, by=ana)
    with CaptureQueriesContext(connection) as again:
        shop.reserve(*(want(offer, 3, 1) for offer in uncounted), by=ana)
    if connection.vendor == "postgresql":
        assert (statements(first), statements(again)) == (4, 4)
    else:
        assert (statements(first), statements(again)) == (17, 16)


@pytest.mark.parametrize("lines", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_capped_lines_cost_postgresql_no_statement_more(lines: int) -> None:
    shop = Shop()
    ana = shop.ana
    capped = [shop.offer(f"Product {number}", cap=9) for number in range(lines)]
    with CaptureQueriesContext(connection) as captured:
        shop.reserve(*(want(offer, 2) for offer in capped), by=ana)
    if connection.vendor == "postgresql":
        assert statements(captured) == 4
    else:
        assert statements(captured) == 16 + lines


def test_a_short_cap_costs_one_statement_more() -> None:
    shop = Shop()
    ana = shop.ana
    plenty, short = shop.offer("Tomatoes", cap=9), shop.offer("Bread", cap=1)
    with CaptureQueriesContext(connection) as captured:
        shop.reserve(want(plenty, 2), want(short, 2), by=ana)
    assert shop.lines() == {plenty.pk: 2, short.pk: 1}
    if connection.vendor == "postgresql":
        assert statements(captured) == 5
