"""Openings and closes: told to those who asked, once each, at their hours; units that wait, to those whose they are."""

from datetime import UTC, datetime, time, timedelta

import pytest

from marketplace import clock
from marketplace.actions.notices.remind_closing import remind_closing
from marketplace.actions.notices.remind_waiting import remind_waiting
from marketplace.actions.notices.tell_opening import tell_opening
from marketplace.actions.refresh_demand import refresh_window
from marketplace.events import subscriptions
from marketplace.models import HubNews, Notice, NoticeHours, OpeningReminder, OrderingWindow, User
from tests.factories import NOON, make_household, make_user
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = pytest.mark.django_db


def told(kind: str) -> list[User]:
    return [notice.user for notice in Notice.objects.filter(kind=kind).select_related("user").order_by("pk")]


def follower(market: Market, name: str = "Ana") -> User:
    user = make_user(name)
    HubNews.objects.create(user=user, hub=market.hub, created_at=NOON)
    return user


def test_an_opening_is_told_to_followers_and_to_those_who_asked_once_each() -> None:
    market, other = Market(), Market()
    ana, bela = follower(market), make_user("Bela")
    follower(other)
    for user in (ana, bela):
        OpeningReminder.objects.create(user=user, window=market.window, created_at=NOON)
    with clock.frozen(NOON):
        assert tell_opening(window_id=market.window.pk) == 2
        assert tell_opening(window_id=market.window.pk) == 0
    assert told("opens") == [ana, bela]
    facts = Notice.objects.filter(user=ana).get().facts
    assert (facts["round"], facts["until"]) == ("Thursday's round", CLOSES_AT.isoformat())


def test_an_opening_that_was_called_off_is_told_to_nobody() -> None:
    market = Market()
    follower(market)
    OrderingWindow.objects.filter(pk=market.window.pk).update(state="cancelled")
    with clock.frozen(NOON):
        assert tell_opening(window_id=market.window.pk) == 0


def test_the_opening_of_a_window_is_listened_to() -> None:
    assert "tell_opening" in {subscription.name for subscription in subscriptions("window.opened")}


def test_a_close_is_told_four_hours_before_it_to_those_who_have_nothing_reserved() -> None:
    market = Market()
    ana, bela = follower(market), follower(market, "Bela")
    offer = market.offer(market.merchant())
    market.line(offer, 1, household=make_household("Bela", bela))
    with clock.frozen(CLOSES_AT - timedelta(hours=4, minutes=1)):
        assert remind_closing() == 0
    for _twice in range(2):
        with clock.frozen(CLOSES_AT - timedelta(hours=4)):
            remind_closing()
    assert told("closes_soon") == [ana]


def test_a_person_says_how_early_and_is_not_woken() -> None:
    market = Market()
    closes_at = datetime(2026, 11, 23, 3, tzinfo=UTC)
    OrderingWindow.objects.filter(pk=market.window.pk).update(closes_at=closes_at)
    ana = follower(market)
    NoticeHours.objects.create(
        user=ana, time_zone="Europe/Lisbon", quiet_from=time(22), quiet_until=time(7), hours_before_close=2
    )
    with clock.frozen(datetime(2026, 11, 22, 21, 58, tzinfo=UTC)):
        assert remind_closing() == 0
    with clock.frozen(datetime(2026, 11, 22, 21, 59, tzinfo=UTC)):
        assert remind_closing() == 1


def test_nobody_is_reminded_in_the_last_five_minutes_or_of_a_closed_window() -> None:
    market = Market()
    follower(market)
    with clock.frozen(CLOSES_AT - timedelta(minutes=5)):
        assert remind_closing() == 0
    OrderingWindow.objects.filter(pk=market.window.pk).update(state="closed")
    with clock.frozen(CLOSES_AT - timedelta(hours=1)):
        assert remind_closing() == 0


def test_in_the_last_stretch_those_whose_units_wait_are_told_what_is_missing() -> None:
    market = Market()
    merchant = market.merchant()
    cases = market.offer(merchant, case=6)
    early, late = make_household("Early"), make_household("Late")
    market.line(cases, 6, household=early)
    market.line(cases, 2, household=late)  # the second case lacks four
    refresh_window(window_id=market.window.pk)
    with clock.frozen(CLOSES_AT - timedelta(minutes=61)):
        assert remind_waiting() == 0
    with clock.frozen(CLOSES_AT - timedelta(minutes=59)):
        assert remind_waiting() == 1
        assert remind_waiting() == 0
    assert told("units_wait") == [late.members.get()]
    assert Notice.objects.get(kind="units_wait").facts["items"] == [{"product": "Tomatoes", "missing": 4}]


def test_of_an_offer_that_is_not_reached_everybody_waits() -> None:
    market = Market()
    offer = market.offer(market.merchant(), ladder=((10, 100, 150),))
    for name in ("Ana", "Bela", "Caio"):
        market.line(offer, 2, household=make_household(name))
    refresh_window(window_id=market.window.pk)
    with clock.frozen(CLOSES_AT - timedelta(minutes=30)):
        assert remind_waiting() == 3
    assert {notice.facts["items"][0]["missing"] for notice in Notice.objects.all()} == {4}


def test_where_nothing_waits_nobody_is_told() -> None:
    market = Market()
    market.line(market.offer(market.merchant()), 2)
    refresh_window(window_id=market.window.pk)
    with clock.frozen(CLOSES_AT - timedelta(minutes=30)):
        assert remind_waiting() == 0
