"""The round in a frame on somebody else's site."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.refresh_demand import refresh_window
from marketplace.models import Group
from marketplace.rules.states import WindowState
from tests.factories import NOON, make_round, make_window
from tests.marketplace.groups.ground import person
from tests.marketplace.pages_ground import Shop
from tests.marketplace.reserving_ground import Shop as Orders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Any:
    with clock.frozen(NOON):
        yield


def test_it_may_be_framed_by_anybody_and_sets_no_cookie() -> None:
    answer = Client().get(f"/widget/rounds/{Shop().round.pk}/")
    assert answer.status_code == 200
    assert "X-Frame-Options" not in answer
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_no_other_page_may_be_framed() -> None:
    answer = Client().get("/")
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_it_shows_offers_near_a_step_and_no_name() -> None:
    shop = Orders()
    near = shop.offer("Leeks", case=6, ladder=((6, 195, 240),))
    shop.others_reserve(near, 3, 2)
    shop.offer("Untouched", case=6, ladder=((6, 195, 240),))
    refresh_window(window_id=shop.window.pk)
    page = Client().get(f"/widget/rounds/{shop.round.pk}/").content.decode()
    assert "Leeks" in page
    assert "Untouched" not in page
    assert "Other" not in page
    assert "6 h 0 min" in page


def test_its_link_is_the_groups_invitation_where_the_group_is_known() -> None:
    shop = Shop()
    Group.objects.create(hub=shop.hub, name="Bica", host=person("Ana"), invitation="sesame")
    page = f"/widget/rounds/{shop.round.pk}/"
    assert "http://testserver/join/sesame/" in Client().get(f"{page}?group=sesame").content.decode()
    assert f"http://testserver{shop.address}" in Client().get(f"{page}?group=guess%00").content.decode()


def test_a_round_that_was_not_announced_is_not_found() -> None:
    shop = Shop()
    draft = make_round(shop.hub, "Secret")
    make_window(draft, state=WindowState.DRAFT)
    assert Client().get(f"/widget/rounds/{draft.pk}/").status_code == 404


@pytest.mark.slow
def test_it_stays_below_twenty_kilobytes_and_its_queries_do_not_grow() -> None:
    counts = []
    for many in (1, 20):
        shop = Orders()
        for n in range(many):
            shop.others_reserve(shop.offer(f"Leeks {n}", case=6, ladder=((6, 195, 240),)), 5)
        refresh_window(window_id=shop.window.pk)
        with CaptureQueriesContext(connection) as seen:
            answer = Client().get(f"/widget/rounds/{shop.round.pk}/")
        counts.append(len(seen))
        assert len(answer.content) + _styles() < 20_000
    assert counts[0] == counts[1] <= 6


def _styles() -> int:
    from pathlib import Path

    return sum(len(Path(f"static/css/{name}").read_bytes()) for name in ("tokens.css", "areas/widget.css"))


def test_a_closed_round_says_so() -> None:
    shop = Shop()
    with clock.frozen(NOON + timedelta(days=1)):
        assert "Closed" in Client().get(f"/widget/rounds/{shop.round.pk}/").content.decode()
