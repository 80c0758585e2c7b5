"""One whole life of a round on a shifted clock: planned, announced, open, filling, closed, ordered, answered.

Nothing sleeps: the clock is moved to each next event. The scanners that beat wakes in production are called at the
times at which something is due.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from config.demo.past import move_to
from config.demo.robots import Robots, change_an_offer, confirm_orders, on_sale, shoppers_of
from config.demo.seed import announce_weekly_round
from config.demo.shoppers import WEEKS, Purpose, plan_visits
from config.demo_market.load import load_market
from marketplace import relay
from marketplace.actions.close_due_windows import close_due_windows
from marketplace.actions.open_due_windows import open_due_windows
from marketplace.actions.refresh_demand import refresh_demand
from marketplace.actions.send_dispatch import send_due_dispatches
from marketplace.actions.standing.place_standing import place_due
from marketplace.models import Hub, OrderingWindow, Round

# A scanner that comes a little late, as scanners do, has to give the same result.
LATENESS = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class Lived:
    """What a life looked like from outside."""

    round_id: int
    seen: Counter[str]


def live_one_life(*, hub: Hub, number: int) -> Lived:
    """Bring the hub's next planned round to its confirmed orders; the number decides week, arrivals and changes."""
    draw = Random(number)  # noqa: S311 - repeatable on purpose
    round_ = Round.objects.filter(hub=hub, rule__isnull=False).order_by("handover_on").first()
    if round_ is None:
        raise LookupError("There is no planned round; seed first.")
    windows = list(round_.windows.order_by("closes_at"))
    announce_weekly_round(hub)
    opens_at = min(window.opens_at for window in windows)
    move_to(opens_at)
    open_due_windows()
    relay.deliver_pending()
    place_due()  # standing reservations come before everybody else
    agenda = _agenda(windows)
    seen = _shop(round_, windows, opens_at, agenda, draw)
    while agenda:
        agenda.pop(0).happen()
    seen += Counter({f"orders {state}": orders for state, orders in confirm_orders(round_.pk, draw).items()})
    relay.deliver_pending()
    return Lived(round_id=round_.pk, seen=seen)


@dataclass(frozen=True, slots=True)
class _Due:
    """Something that a scanner does at its time."""

    at: datetime
    scan: Callable[[], object]

    def happen(self) -> None:
        move_to(self.at)
        self.scan()
        relay.deliver_pending()


def _agenda(windows: Sequence[OrderingWindow]) -> list[_Due]:
    """Each window's close, and its orders' dispatch after the grace time, in the order of their times."""
    closes = [_Due(window.closes_at + LATENESS, close_due_windows) for window in windows]
    sends = [
        _Due(window.closes_at + timedelta(minutes=window.grace_minutes) + LATENESS, send_due_dispatches)
        for window in windows
    ]
    return sorted([*closes, *sends], key=lambda due: due.at)


def _shop(
    round_: Round, windows: Sequence[OrderingWindow], opens_at: datetime, agenda: list[_Due], draw: Random
) -> Counter[str]:
    """Every visit at its time; what is due before it happens before it."""
    market = load_market()
    life = windows[-1].closes_at - opens_at
    visits = plan_visits(
        market=market,
        on_sale=on_sale(round_.pk),
        week=draw.randrange(WEEKS),
        first_close=(windows[0].closes_at - opens_at) / life,
        filling=(windows[0].closes_at - windows[0].fills_at) / life,
        draw=draw,
    )
    robots = Robots(round_.pk, shoppers_of(round_.pk, len(market.households)))
    for number, visit in enumerate(visits):
        if number == len(visits) // 2 and change_an_offer(round_.pk, robots.shoppers[visit.household].household_id):
            robots.seen["offers changed"] += 1
        at = opens_at + visit.at * life
        while agenda and agenda[0].at <= at:
            agenda.pop(0).happen()
        move_to(at)
        if visit.purpose is Purpose.FILL:
            refresh_demand()  # helpers decide by what the page shows
        robots.visit(visit, number)
    return robots.seen
