"""Rounds of a few minutes, one after the other, for as long as the demo runs."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from threading import Event
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connections
from django.urls import reverse

from config.demo.neighbourhood import LEFT_TO_PEOPLE
from config.demo.robots import Robots, change_an_offer, confirm_orders, on_sale, shoppers_of
from config.demo.seed import (
    DELIVERY_FEE,
    DELIVERY_FROM,
    DELIVERY_ROOM,
    DELIVERY_UNTIL,
    FRESH,
    LARDER,
    coordinator_of,
)
from config.demo.shoppers import WEEKS, Visit, plan_visits
from config.demo.summary import Summary, summarize
from config.demo_market.load import load_market
from marketplace import clock
from marketplace.actions.schedule_window import schedule_window
from marketplace.actions.start_round import NewHandover, NewWindow, start_round
from marketplace.models import Hub, OrderingWindow, Round
from marketplace.rules.money import format_minor
from marketplace.rules.recurrence import instant
from marketplace.rules.states import WindowState

logger = logging.getLogger(__name__)

# The first window's close and the filling stretch, as parts of a round's few minutes.
FIRST_CLOSE, FILLING = 0.75, 0.2
ROBOT_THREADS = 3
NAME = "Quick round"
# When a merchant changes an offer that the first printed household has, as a part of the visits.
CHANGE_AT = 0.3
# How long a closed round is left on the screen before the next one opens.
PAUSE = 20.0
LOOK_EVERY = 0.5
# Far enough ahead for every merchant's way to the dock.
HANDOVER_AFTER = timedelta(days=3)
_BEFORE_OPENING = (WindowState.DRAFT.value, WindowState.SCHEDULED.value)
_BEFORE_CLOSE = (*_BEFORE_OPENING, WindowState.OPEN.value)


@dataclass(frozen=True, slots=True)
class LiveRounds:
    """Opens, fills and answers short rounds until `stop` is set. `tell` gets one line per event."""

    hub: Hub
    minutes: float
    number: int
    stop: Event
    tell: Callable[[str], None]

    def run(self) -> None:
        """The whole life of the demo. Runs in a thread of its own."""
        try:
            while not self.stop.is_set():
                round_ = self._running_round() or self._start()
                if self._wait_until_none_is(round_, _BEFORE_OPENING):
                    self._shop(round_)
                if self._wait_until_none_is(round_, _BEFORE_CLOSE):
                    self._after_close(round_)
                    self.stop.wait(PAUSE)
        finally:
            connections.close_all()

    def _running_round(self) -> Round | None:
        """A short round that an earlier start left open."""
        left = OrderingWindow.objects.filter(round__hub=self.hub, round__rule=None, state__in=_BEFORE_CLOSE)
        window = left.select_related("round").order_by("closes_at").first()
        return None if window is None else window.round

    def _start(self) -> Round:
        now = clock.now()
        last = now + timedelta(minutes=self.minutes)
        first = now + timedelta(minutes=self.minutes * FIRST_CLOSE)
        coordinator = coordinator_of(self.hub)
        number = Round.objects.filter(hub=self.hub, name__startswith=NAME).count() + 1
        handover_on = (now + HANDOVER_AFTER).astimezone(ZoneInfo(self.hub.time_zone)).date()
        round_ = start_round(
            hub=self.hub,
            name=f"{NAME} {number}",
            handover_on=handover_on,
            # What closes first stands first on the page, and a market shows its fruit first.
            windows=[self._window(FRESH, now, first), self._window(LARDER, now, last)],
            handovers=self._handovers(handover_on),
            by=coordinator,
        )
        for window in round_.windows.all():
            schedule_window(window_id=window.pk, by=coordinator)
        self.tell(
            f"{round_} opens at {settings.SITE_URL}{reverse('round', args=[round_.pk])}: "
            f"Fresh closes at {_wall(first, self.hub)}, Larder at {_wall(last, self.hub)}."
        )
        return round_

    def _handovers(self, on: date) -> list[NewHandover]:
        """At every point as its host usually opens it, and brought home for a fee."""
        zone = self.hub.time_zone
        points = self.hub.pickup_points.filter(is_active=True).order_by("pk")
        at_points = [
            NewHandover(
                pickup_point=point,
                starts_at=instant(on, point.opens_time or time(17), zone),
                ends_at=instant(on, point.closes_time or time(20), zone),
                capacity=point.usual_capacity,
            )
            for point in points
        ]
        brought = NewHandover(
            pickup_point=None,
            starts_at=instant(on, DELIVERY_FROM, zone),
            ends_at=instant(on, DELIVERY_UNTIL, zone),
            capacity=DELIVERY_ROOM,
            fee=DELIVERY_FEE,
        )
        return [*at_points, brought]

    def _window(self, name: str, opens_at: datetime, closes_at: datetime) -> NewWindow:
        """The window of the weekly round again, with its merchants and offers, in minutes instead of days."""
        weekly = (
            OrderingWindow.objects.filter(round__hub=self.hub, round__rule__isnull=False, name=name)
            .select_related("round")
            .earliest("closes_at")
        )
        return NewWindow(
            name=name,
            opens_at=opens_at,
            closes_at=closes_at,
            supplies=list(weekly.supplies.all()),
            filling=timedelta(minutes=self.minutes * FILLING),
            grace_minutes=0,
            offers_from=weekly,
        )

    def _shop(self, round_: Round) -> None:
        """Send the robots in at their times, from now until the last close."""
        now = clock.now()
        closes = sorted(window.closes_at for window in round_.windows.all() if window.takes_reservations(now))
        if not closes:
            return
        life = closes[-1] - now
        market = load_market()
        visits = plan_visits(
            market=market,
            on_sale=on_sale(round_.pk),
            week=round_.pk % WEEKS,
            first_close=(closes[0] - now) / life,
            filling=FILLING,
            draw=Random(f"{self.number}:{round_.pk}"),  # noqa: S311 - repeatable on purpose
        )
        robots = Robots(round_.pk, shoppers_of(round_.pk, len(market.households)))
        with ThreadPoolExecutor(ROBOT_THREADS, thread_name_prefix="robot") as threads:
            for number, visit in enumerate(visits):
                if number == round(len(visits) * CHANGE_AT):
                    changed = change_an_offer(round_.pk, robots.shoppers[0].household_id)
                    if changed:
                        self.tell(f"{round_}: the merchant of {changed} asks for more; who reserved it has to agree.")
                if visit.household >= LEFT_TO_PEOPLE and self._wait_until(now + visit.at * life):
                    threads.submit(_visit, robots, visit, number)
        if not self.stop.is_set():
            self.tell(f"{round_}: {_in_words(robots)}.")

    def _wait_until(self, due: datetime) -> bool:
        """Whether the time came before the end of the demo."""
        return not self.stop.wait(max(0.0, (due - clock.now()).total_seconds()))

    def _wait_until_none_is(self, round_: Round, states: Sequence[str]) -> bool:
        """Whether the scanners took every window out of these states before the end of the demo."""
        while round_.windows.filter(state__in=states).exists():
            if self.stop.wait(LOOK_EVERY):
                return False
        return True

    def _after_close(self, round_: Round) -> None:
        self._report(round_, summarize(round_.pk))
        answered = confirm_orders(round_.pk, Random(f"{self.number}:{round_.pk}"))  # noqa: S311 - repeatable
        self.tell(f"{round_}: merchants answered, " + ", ".join(f"{n} {state}" for state, n in answered.items()) + ".")

    def _report(self, round_: Round, summary: Summary) -> None:
        total = f"{summary.currency} {format_minor(summary.total, summary.currency)}"
        self.tell(
            f"{round_} is closed: {summary.reservations} reservations, {summary.reached} of {summary.offers} offers "
            f"reached, {len(summary.orders)} purchase orders, {total}."
        )
        for check in summary.checks:
            if not check.passed:
                logger.error("%s: %s does not hold: %s", round_, check.name, "; ".join(check.broken))


def _visit(robots: Robots, visit: Visit, number: int) -> None:
    """One visit in a robot's thread; whatever goes wrong with it is told and stops nobody else."""
    try:
        robots.visit(visit, number)
    except Exception:
        logger.exception("A robot's visit failed.")
    finally:
        connections.close_all()


def _in_words(robots: Robots) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(robots.seen.items())) or "nobody came"


def _wall(at: datetime, hub: Hub) -> str:
    return f"{at.astimezone(ZoneInfo(hub.time_zone)):%H:%M:%S}"
