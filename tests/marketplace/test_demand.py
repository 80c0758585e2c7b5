"""The projection of demand follows the lines, cheaply, and tells those who watch."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from marketplace import clock
from marketplace.actions.cancel_reservation import cancel_reservation
from marketplace.actions.refresh_demand import LEASE, Watch, refresh_demand, refresh_window
from marketplace.actions.reserve import reserve
from marketplace.models import Lease, Offer, OfferDemand, OrderingWindow, ReservationLine, Round, User
from marketplace.queries.demand import demand_groups, from_stored
from marketplace.queries.standings import live_round, offer_terms, round_versions, standings
from marketplace.realtime import round_group
from marketplace.rules.clearing.terms import Consent, DemandGroup
from marketplace.rules.states import WindowState
from marketplace.rules.wanted import WantedLine
from tests.factories import (
    NOON,
    make_handover,
    make_household,
    make_hub,
    make_merchant,
    make_offer,
    make_product,
    make_round,
    make_supply,
    make_window,
)
from tests.realtime.watching import listening

Capture = Callable[..., AbstractContextManager[list[Any]]]

pytestmark = pytest.mark.django_db


class Market:
    """One open round at noon with its clock, and people who reserve in it."""

    def __init__(self, offers: int = 2) -> None:
        hub = make_hub()
        merchant = make_merchant()
        self.round: Round = make_round(hub)
        make_handover(self.round)
        self.window: OrderingWindow = make_window(self.round, [make_supply(merchant, hub)])
        self.offers: list[Offer] = [
            make_offer(self.window, make_product(merchant), case=6, ladder=((6, 195, 240), (12, 170, 210)))
            for _ in range(offers)
        ]
        self.now: datetime = NOON
        self.watch = Watch()

    def reserve(self, *firm: int, offer: int = 0, **wish: object) -> User:
        """A new household reserves this much of the offers from `offer` on; it takes a second."""
        person = make_household("Ana").members.get()
        self.now += timedelta(seconds=1)
        lines = [
            WantedLine(offer_id=self.offers[offer + index].pk, firm=count, **wish)  # type: ignore[arg-type]
            for index, count in enumerate(firm)
            if count
        ]
        with clock.frozen(self.now):
            reserve(round_id=self.round.pk, lines=lines, request_key=f"key-{person.pk}", by=person)
        return person

    def refresh(self, after: float = 1) -> int:
        self.now += timedelta(seconds=after)
        with clock.frozen(self.now):
            return refresh_demand(watch=self.watch)

    def firm(self, offer: int = 0) -> int | None:
        row = OfferDemand.objects.filter(pk=self.offers[offer].pk).first()
        return None if row is None else sum(group.firm for group in from_stored(row.groups))

    def version(self) -> int:
        return int(round_versions(self.round.pk)["windows"][0]["version"])


@pytest.fixture
def market() -> Market:
    return Market()


@pytest.fixture(autouse=True)
def one_process(settings: Settings) -> None:
    settings.REDIS_URL = ""


def test_demand_is_grouped_by_limit_use_and_all_or_nothing_in_one_statement(market: Market) -> None:
    market.reserve(2)
    market.reserve(3)
    market.reserve(1, flexible=2, flexible_for="price")
    market.reserve(4, max_unit_price_minor=210)
    market.reserve(5, whole_only=True)
    market.reserve(7, offer=1)
    with CaptureQueriesContext(connection) as queries:
        groups = demand_groups([market.offers[0].pk])
    assert len(queries) == 1
    assert groups == {
        market.offers[0].pk: [
            DemandGroup(None, Consent.CASE, False, 5, 0, 2),
            DemandGroup(None, Consent.CASE, True, 5, 0, 1),
            DemandGroup(None, Consent.PRICE, False, 1, 2, 1),
            DemandGroup(210, Consent.CASE, False, 4, 0, 1),
        ]
    }
    assert set(demand_groups(window_id=market.window.pk)) == {offer.pk for offer in market.offers}


def test_a_reservation_reaches_the_projection_and_the_next_version(market: Market) -> None:
    market.refresh()
    assert market.version() == 0
    market.reserve(5, 2)
    assert market.refresh() == 1
    assert (market.firm(0), market.firm(1), market.version()) == (5, 2, 1)
    market.reserve(2)
    assert market.refresh() == 1
    assert (market.firm(0), market.firm(1), market.version()) == (7, 2, 2)
    assert OfferDemand.objects.get(pk=market.offers[1].pk).version == 1


def test_a_cancelled_reservation_leaves_it(market: Market) -> None:
    person = market.reserve(5)
    market.refresh()
    with clock.frozen(market.now):
        cancel_reservation(round_id=market.round.pk, request_key="no-more", by=person)
    market.refresh()
    assert (market.firm(), market.version()) == (0, 2)


def test_nothing_new_costs_two_queries_and_writes_nothing(market: Market, django_assert_num_queries: Capture) -> None:
    market.reserve(5)
    market.refresh()
    for pause in (1, 1, 60, 1):
        with django_assert_num_queries(2):
            assert market.refresh(pause) == 0
    assert market.version() == 1


def test_fifty_changed_offers_cost_no_more_queries_than_one() -> None:
    market = Market(offers=50)
    market.refresh()

    def refresh() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert market.refresh() == 1
        return len([q for q in queries if "SAVEPOINT" not in q["sql"]])

    market.reserve(1)
    one = refresh()
    market.reserve(*[2] * 50)
    assert refresh() == one <= 13


def test_a_version_that_commits_late_is_still_found(market: Market) -> None:
    market.refresh()
    late = market.now
    market.reserve(2)
    market.refresh(8)
    person = make_household("Late").members.get()
    wanted = [WantedLine(offer_id=market.offers[0].pk, firm=3)]
    with clock.frozen(late):  # it took its time before the last refresh and commits only now
        reserve(round_id=market.round.pk, lines=wanted, request_key="late", by=person)
    assert market.refresh() == 1
    assert market.firm() == 5


def test_a_process_that_starts_sums_the_open_windows_anew(market: Market) -> None:
    market.reserve(5)
    market.refresh()
    ReservationLine.objects.update(firm=4)  # what no version tells
    assert market.refresh(60) == 0
    market.watch = Watch()
    assert market.refresh(60) == 1
    assert market.firm() == 4


def test_refreshing_twice_at_once_is_done_once(market: Market) -> None:
    market.reserve(5)
    market.refresh()
    market.reserve(1)
    other = Watch()
    assert market.refresh() == 1
    with clock.frozen(market.now + timedelta(milliseconds=500)):
        assert refresh_demand(watch=other) == 0  # less than a second after the other process did it
    assert market.version() == 2


def test_a_live_lease_keeps_others_out_and_a_dead_one_does_not(market: Market) -> None:
    market.refresh()
    market.reserve(5)
    with clock.frozen(market.now):
        Lease.objects.filter(name=LEASE).update(until=clock.now() + timedelta(seconds=10))
    assert market.refresh(1) == 0
    assert market.firm() is None
    assert market.refresh(10) == 1
    assert market.firm() == 5


def test_a_clock_that_was_set_back_stops_nothing(market: Market) -> None:
    market.refresh()
    market.now -= timedelta(hours=1)
    market.reserve(5)
    assert market.refresh() == 1
    assert market.firm() == 5


def test_knowledge_about_another_database_is_forgotten(market: Market) -> None:
    market.reserve(5)
    market.refresh()
    Lease.objects.all().delete()  # a database begun anew, where the same ids mean other reservations
    OfferDemand.objects.all().delete()
    assert market.refresh() == 1
    assert market.firm() == 5


def test_a_window_that_cannot_be_summed_does_not_hold_the_others_and_is_tried_again(market: Market) -> None:
    market.refresh()
    broken, sound = market.window, make_window(market.round, name="Ambient")
    market.offers.append(make_offer(sound, make_product(make_merchant())))
    market.reserve(5, 0, 3)

    def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "GROUP BY" in sql and broken.pk in params:
            raise OperationalError("the disk is on fire")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        assert market.refresh() == 1
    assert (market.firm(0), market.firm(2)) == (None, 3)
    assert market.refresh() == 1
    assert (market.firm(0), market.firm(2)) == (5, 3)


def test_the_hint_carries_version_and_figures_of_the_changed_offers(
    market: Market, django_capture_on_commit_callbacks: Capture
) -> None:
    market.refresh()
    market.reserve(7)
    with listening(round_group(market.round.pk)) as told, django_capture_on_commit_callbacks(execute=True):
        market.refresh()
    figures = {
        "reserved": 7,
        "sure": 6,
        "waiting": 1,
        "held": 0,
        "waits_for": 5,
        "missing": 5,
        "ordered": 6,
        "extras": 0,
    }
    prices = {"now": 240, "at_most": 240, "next_price": 210, "next_missing": 5, "target": 12}
    offer = {"id": market.offers[0].pk, "reached": True, "reason": "reached", **figures, **prices}
    window = {"round": market.round.pk, "window": market.window.pk, "version": 1}
    assert told == [{"type": "round.changed", **window, "offers": [offer]}]


def test_a_hint_about_very_many_offers_only_says_so(django_capture_on_commit_callbacks: Capture) -> None:
    market = Market(offers=61)
    market.reserve(*[1] * 61)
    with listening(round_group(market.round.pk)) as told, django_capture_on_commit_callbacks(execute=True):
        market.refresh()
    assert [(hint["version"], hint["offers"]) for hint in told] == [(1, None)]


def test_a_refresh_that_is_undone_tells_nothing(market: Market, django_capture_on_commit_callbacks: Capture) -> None:
    market.refresh()
    market.reserve(7)
    with (
        listening(round_group(market.round.pk)) as told,
        django_capture_on_commit_callbacks(execute=True),
        transaction.atomic(),
    ):
        market.refresh()
        transaction.set_rollback(True)
    assert told == []


def test_a_window_is_summed_anew_on_request(market: Market) -> None:
    market.reserve(5)
    assert refresh_window(window_id=market.window.pk)
    assert not refresh_window(window_id=market.window.pk)
    assert (market.firm(), market.version()) == (5, 1)


def test_terms_read_what_clearing_needs(market: Market) -> None:
    capped = make_offer(
        market.window, make_product(make_merchant()), cap=9, splittable=True, split_fee_minor=90, from_stock=True
    )
    with CaptureQueriesContext(connection) as queries:
        terms = offer_terms([capped.pk, market.offers[0].pk])
    assert len(queries) == 2
    assert (terms[capped.pk].cap, terms[capped.pk].merchant, terms[capped.pk].split_fee) == (9, None, 90)
    plain = terms[market.offers[0].pk]
    assert [tuple(step) for step in plain.ladder] == [(6, 195, 240), (12, 170, 210)]
    assert (plain.cap, plain.case, plain.merchant) == (None, 6, market.offers[0].product.merchant_id)


def test_standings_come_from_the_projection_and_count_no_row_as_no_demand(market: Market) -> None:
    market.reserve(7)
    market.refresh()
    ids = [offer.pk for offer in market.offers]
    with CaptureQueriesContext(connection) as queries:
        stand = standings(ids)
    assert len(queries) == 3
    assert [(stand[pk].reserved, stand[pk].sure, stand[pk].waits_for) for pk in ids] == [(7, 6, 5), (0, 0, 6)]


def test_a_live_round_costs_the_same_for_many_offers_and_shows_announced_windows_only(market: Market) -> None:
    market.reserve(7)
    market.refresh()
    make_window(market.round, state=WindowState.DRAFT, name="Next")
    with CaptureQueriesContext(connection) as queries, clock.frozen(market.now):
        live = live_round(market.round.pk)
    assert len(queries) == 5
    json.dumps(live)
    (window,) = live["windows"]
    assert (window["id"], window["version"], window["state"]) == (market.window.pk, 1, "open")
    assert [offer["reserved"] for offer in window["offers"]] == [7, 0]
    assert live["now"] == market.now.isoformat()
    with CaptureQueriesContext(connection) as queries:
        versions = round_versions(market.round.pk)
    assert len(queries) == 1
    assert versions["windows"] == [{k: window[k] for k in window if k not in {"name", "offers"}}]
