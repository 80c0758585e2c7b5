"""The desks through their own pages: first page, answering an order, running a window."""

from datetime import timedelta

import pytest
from django.test import Client

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.models import Dispatch, PurchaseOrder, User
from marketplace.rules.roles import Role
from tests.factories import NOON, make_hub_staff, make_merchant_member
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    market = Market()
    merchant = market.merchant("Quinta")
    market.line(market.offer(merchant), 3)
    market.line(market.offer(merchant), 5)
    return market


@pytest.fixture
def order(market: Market) -> PurchaseOrder:
    with clock.frozen(CLOSES_AT):
        close_window(window_id=market.window.pk)
    return PurchaseOrder.objects.get()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answer_url(order: PurchaseOrder, desk: str = "desk") -> str:
    return f"/{desk}/marketplace/purchaseorder/{order.pk}/answer/"


def run_url(market: Market) -> str:
    return f"/hub/marketplace/orderingwindow/{market.window.pk}/run/"


def test_the_first_page_shows_what_waits_for_an_answer(order: PurchaseOrder) -> None:
    page = signed_in(make_merchant_member(order.merchant)).get("/desk/")
    assert page.status_code == 200
    assert str(order) in page.content.decode()


def test_the_first_page_shows_running_windows_with_their_units(market: Market) -> None:
    with clock.frozen(NOON):
        page = signed_in(make_hub_staff(market.hub)).get("/hub/").content.decode()
    assert market.window.name in page


def test_a_member_confirms_everything_with_one_button(order: PurchaseOrder) -> None:
    client = signed_in(make_merchant_member(order.merchant))
    assert client.post(answer_url(order), {"whole": "1"}).status_code == 302
    order.refresh_from_db()
    assert order.state == "confirmed"
    assert "Confirmed in full" in client.get(answer_url(order)).content.decode()


def test_a_member_confirms_less_line_by_line(order: PurchaseOrder) -> None:
    first, second = order.lines.order_by("pk")
    typed = {
        f"confirmed-{first.pk}": "2",
        f"reason-{first.pk}": "frost",
        f"confirmed-{second.pk}": "5",
        f"reason-{second.pk}": "",
    }
    assert signed_in(make_merchant_member(order.merchant)).post(answer_url(order), typed).status_code == 302
    order.refresh_from_db()
    assert order.state == "partly_confirmed"
    assert list(order.lines.order_by("pk").values_list("confirmed", "short_reason")) == [(2, "frost"), (5, "")]


@pytest.mark.parametrize("count", ["many", "", "-1", "9", "1.5"])
def test_an_unusable_count_is_told_beside_its_line_and_nothing_typed_is_lost(order: PurchaseOrder, count: str) -> None:
    first, second = order.lines.order_by("pk")
    typed = {
        f"confirmed-{first.pk}": count,
        f"reason-{first.pk}": "the lorry broke down",
        f"confirmed-{second.pk}": "4",
        f"reason-{second.pk}": "frost in the valley",
    }
    page = signed_in(make_merchant_member(order.merchant)).post(answer_url(order), typed)
    text = page.content.decode()
    assert page.status_code == 422
    assert f'id="problem-{first.pk}"' in text
    assert "the lorry broke down" in text
    assert "frost in the valley" in text
    order.refresh_from_db()
    assert order.state == "issued"


def test_the_coordinator_releases_and_sends_again_by_post_only(market: Market) -> None:
    market.window.after_close = "hold"
    market.window.save()
    with clock.frozen(CLOSES_AT):
        close_window(window_id=market.window.pk)
    order = PurchaseOrder.objects.get()
    client = signed_in(make_hub_staff(market.hub))
    release = f"/hub/marketplace/purchaseorder/{order.pk}/release/"
    assert client.get(release).status_code == 405
    assert not Dispatch.objects.exists()
    assert client.post(release).status_code == 302
    assert Dispatch.objects.count() == 1


def test_an_analyst_sees_the_order_and_changes_nothing(market: Market, order: PurchaseOrder) -> None:
    client = signed_in(make_hub_staff(market.hub, Role.ANALYST))
    page = client.get(answer_url(order, "hub"))
    assert page.status_code == 200
    assert "<button" not in page.content.decode().split("<main", 1)[1].split("</main>")[0]
    assert client.post(answer_url(order, "hub"), {"whole": "1"}).status_code == 404
    order.refresh_from_db()
    assert order.state == "issued"


def test_the_coordinator_cancels_an_open_window_with_a_reason(market: Market) -> None:
    client = signed_in(make_hub_staff(market.hub))
    without = client.post(run_url(market), {"do": "cancel", "reason": ""})
    assert without.status_code == 422
    market.window.refresh_from_db()
    assert market.window.state == "open"
    assert client.post(run_url(market), {"do": "cancel", "reason": "storm"}).status_code == 302
    market.window.refresh_from_db()
    assert market.window.state == "cancelled"


def test_the_coordinator_opens_a_closed_window_again_in_the_hubs_time(market: Market, order: PurchaseOrder) -> None:
    client = signed_in(make_hub_staff(market.hub))
    with clock.frozen(CLOSES_AT + timedelta(minutes=1)):
        bad = client.post(run_url(market), {"do": "reopen", "closes_at": "tomorrow", "reason": "rain"})
        assert bad.status_code == 422
        good = client.post(run_url(market), {"do": "reopen", "closes_at": "2026-11-22T21:00", "reason": "rain"})
    assert good.status_code == 302
    market.window.refresh_from_db()
    assert market.window.state == "open"
    assert f"{market.window.closes_at:%H:%M}" == "21:00"  # Lisbon is on UTC in November
    order.refresh_from_db()
    assert order.state == "voided"


@pytest.mark.parametrize("role", [Role.ANALYST, Role.TREASURER, Role.DISPATCHER])
def test_other_roles_see_the_window_but_have_no_buttons(market: Market, role: Role) -> None:
    client = signed_in(make_hub_staff(market.hub, role))
    page = client.get(run_url(market))
    assert page.status_code == 200
    assert "<button" not in page.content.decode().split("<main", 1)[1].split("</main>")[0]
    assert client.post(run_url(market), {"do": "cancel", "reason": "storm"}).status_code == 404
    market.window.refresh_from_db()
    assert market.window.state == "open"


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    ["purchaseorder/", "product/", "offer/"],
)
def test_the_lists_of_the_merchant_desk_cost_the_same_for_one_and_twenty(
    market: Market, path: str, django_assert_max_num_queries: object
) -> None:
    merchant = market.window.supplies.get().merchant
    client = signed_in(make_merchant_member(merchant))

    def cost() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/desk/marketplace/{path}").status_code == 200
        return len(queries)

    cost()
    few = cost()
    for _ in range(18):
        market.line(market.offer(merchant), 1)
    assert cost() == few
