"""The merchant's first page: what it has to do and until when, and what its windows ask of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.refresh_demand import refresh_window
from marketplace.models import DemandSignal, Offer, PurchaseOrder, PurchaseOrderLine, User
from marketplace.queries.merchant_today import orders_to_do, running_parts
from tests.factories import NOON, make_merchant_member, make_round, make_window
from tests.marketplace.catalogue.ground import Shop
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def market() -> Market:
    return Market()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def today(user: User) -> str:
    with clock.frozen(NOON):
        return signed_in(user).get("/desk/").content.decode()


def test_orders_stand_where_their_next_step_is_with_value_and_deadline(market: Market) -> None:
    merchant = market.merchant("Quinta")
    user = make_merchant_member(merchant)
    market.line(market.offer(merchant, ((1, 250, 300),)), 4)
    market.close()
    order = PurchaseOrder.objects.get()
    found = orders_to_do(user, CLOSES_AT)
    assert [row.order for row in found.to_confirm] == [order]
    assert found.to_confirm[0].deadlines == (CLOSES_AT + timedelta(hours=1), CLOSES_AT + timedelta(hours=13))
    with clock.frozen(CLOSES_AT):
        page = signed_in(user).get("/desk/").content.decode()
    assert "€10.00" in page
    assert "confirm by today 19:00, at the dock by tomorrow 07:00" in page
    PurchaseOrderLine.objects.update(confirmed=3)
    PurchaseOrder.objects.update(state="partly_confirmed")
    found = orders_to_do(user, CLOSES_AT)
    assert ([row.missing for row in found.short], len(found.to_pack), found.to_confirm) == ([1], 1, [])
    PurchaseOrder.objects.update(packed_at=CLOSES_AT)
    found = orders_to_do(user, CLOSES_AT)
    assert (len(found.to_ship), found.to_pack) == (1, [])


def test_a_window_tells_what_is_sure_and_waits_cases_and_the_next_step(market: Market) -> None:
    merchant = market.merchant("Quinta", minimum=5_000)
    user = make_merchant_member(merchant)
    offer = market.offer(merchant, ((6, 100, 150), (12, 90, 140)), case=6)
    market.line(offer, 8)
    refresh_window(window_id=market.window.pk)
    (part,) = running_parts(user)
    (row,) = part.offers
    assert (row.now.sure, row.now.waiting, row.cases, row.loose, row.value_minor) == (6, 2, 1, 0, 600)
    assert part.minimum is not None
    assert part.minimum.missing_minor == 4_400
    assert row.signal is None
    DemandSignal.objects.create(offer=offer, units_p10=10, units_p50=14, units_p90=22, as_of=NOON)
    page = today(user)
    assert "1 case of 6" in page
    assert "4 more fill the case" in page
    assert "€44.00 more to your minimum order value of €50.00." in page
    assert "10–22" in page
    assert f"/desk/marketplace/offer/{offer.pk}/pledge/" in page


def test_nothing_of_another_merchant_is_there(market: Market) -> None:
    mine, theirs = market.merchant("Quinta"), market.merchant("Secret farm")
    offer = market.offer(theirs)
    market.line(offer, 8)
    refresh_window(window_id=market.window.pk)
    page = today(make_merchant_member(mine))
    assert "Secret" not in page
    assert "Nothing of yours is on offer in it." in page


def test_an_empty_day_says_what_comes_next() -> None:
    page = today(Shop().member)
    assert "Nothing waits for you" in page
    assert "No window runs now." in page


def test_the_page_costs_the_same_for_one_and_twenty(market: Market) -> None:
    merchant = market.merchant("Quinta", minimum=5_000)
    client = signed_in(make_merchant_member(merchant))
    supply = market.window.supplies.get()

    def fill(windows: int, offers: int) -> None:
        for _ in range(windows):
            window = make_window(make_round(market.hub), [supply], closes_at=CLOSES_AT)
            for _ in range(offers):
                offer = market.offer(merchant)
                Offer.objects.filter(pk=offer.pk).update(window=window)
            refresh_window(window_id=window.pk)

    def cost() -> int:
        with clock.frozen(NOON), CaptureQueriesContext(connection) as queries:
            assert client.get("/desk/").status_code == 200
        return len(queries)

    def ordered(many: int) -> None:
        for _ in range(many):
            earlier = Market(hub=market.hub)
            earlier.window.window_supplies.create(supply=supply, orders_due_at=CLOSES_AT + timedelta(hours=1))
            earlier.line(earlier.offer(merchant), 2)
            with clock.frozen(CLOSES_AT):
                close_window(window_id=earlier.window.pk)

    ordered(1)
    fill(1, 1)
    cost()
    one = cost()
    ordered(6)
    fill(6, 3)
    assert cost() == one
    assert one <= 40
