"""A round that is over: on a clock set back, really ordered, closed, handed over, rated and complained about."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db.models import Sum

from config.demo.robots import Shopper, confirm_orders, on_sale, shoppers_of
from config.demo_market.load import DemoMarket
from marketplace import clock, relay
from marketplace.actions.close_due_windows import close_due_windows
from marketplace.actions.handing_over.record_progress import record_progress
from marketplace.actions.hosting.tick import NewTick, tick
from marketplace.actions.open_due_windows import open_due_windows
from marketplace.actions.reserve import reserve
from marketplace.actions.schedule_window import schedule_window
from marketplace.actions.send_dispatch import send_due_dispatches
from marketplace.actions.sharing.answer_share import answer_share
from marketplace.actions.sharing.offer_share import offer_share
from marketplace.actions.start_round import NewHandover, NewWindow, start_round
from marketplace.models import Hub, OrderingWindow, PickupPointHost, Reservation, ReservationLine, Round, User
from marketplace.rules.hand_out import TickKind
from marketplace.rules.recurrence import instant
from marketplace.rules.states import ProgressStep, VersionState
from marketplace.rules.wanted import WantedLine

NAME = "Harvest round"
# Long enough ago that it was handed over, short enough that a problem can still be reported.
DAYS_AGO = 2
HOUSEHOLDS = 30
LINES = (6, 10)
# What sells best at each merchant: few offers of which enough is wanted, as in a small hub's first weeks.
PER_MERCHANT = 5
UNITS = (2, 3, 3, 4, 6)
SHARED_FROM = 3
COLLECTED_FOR = timedelta(days=28)
_STEPS = (
    (ProgressStep.RECEIVED, time(10, 40), time(14)),
    (ProgressStep.PACKED, time(14, 20), time(15, 30)),
    (ProgressStep.ON_THE_WAY, time(15, 40), time(16, 45)),
    (ProgressStep.READY, time(16, 50), None),
)


def live_past_round(*, hub: Hub, market: DemoMarket, coordinator: User, sack_sku: str, number: int) -> Round:
    """The round, two days after its handover. The clock stands where it stood."""
    draw = Random(f"past:{number}")  # noqa: S311 - repeatable on purpose
    handover_on = _local(clock.now(), hub).date() - timedelta(days=DAYS_AGO)
    with set_back_to(instant(handover_on - timedelta(days=6), time(8), hub.time_zone)):
        round_ = _start(hub, handover_on, coordinator)
        shoppers = shoppers_of(round_.pk, HOUSEHOLDS)
        _shop(round_, market, shoppers, sack_sku, draw)
        _share(round_, shoppers)
        for window in round_.windows.order_by("closes_at"):
            move_to(window.closes_at + timedelta(seconds=2))
            close_due_windows()
            _deliver()
            move_to(window.closes_at + timedelta(minutes=window.grace_minutes, seconds=2))
            send_due_dispatches()
        confirm_orders(round_.pk, draw)
        _hand_over(round_, handover_on, coordinator)
        _deliver()
    return round_


@contextmanager
def set_back_to(at: datetime) -> Iterator[None]:
    """This process's clock stands at an earlier instant, from which it goes on; afterwards as if nothing had been."""
    before = clock.shift()
    clock.shift_by(at - clock.now())
    try:
        yield
    finally:
        clock.shift_by(before - clock.shift())


def move_to(at: datetime) -> None:
    """Set the clock of this process forward; it never goes back."""
    ahead = at - clock.now()
    if ahead > timedelta():
        clock.shift_by(ahead)


def _deliver() -> None:
    while relay.deliver_pending():
        pass


def _local(at: datetime, hub: Hub) -> datetime:
    return at.astimezone(ZoneInfo(hub.time_zone))


def _start(hub: Hub, handover_on: date, coordinator: User) -> Round:
    opens_at = clock.now()
    planned = OrderingWindow.objects.filter(round__hub=hub, round__rule__isnull=False).select_related("round")
    round_ = start_round(
        hub=hub,
        name=NAME,
        handover_on=handover_on,
        windows=[
            NewWindow(
                name=window.name,
                opens_at=opens_at,
                closes_at=window.closes_at - timedelta(days=(window.round.handover_on - handover_on).days),
                supplies=list(window.supplies.all()),
                offers_from=window,
            )
            for window in planned.order_by("closes_at")
        ],
        handovers=[
            NewHandover(
                pickup_point=point,
                starts_at=instant(handover_on, point.opens_time or time(17), hub.time_zone),
                ends_at=instant(handover_on, point.closes_time or time(20), hub.time_zone),
                capacity=point.usual_capacity,
            )
            for point in hub.pickup_points.order_by("pk")
        ],
        by=coordinator,
    )
    for window in round_.windows.all():
        schedule_window(window_id=window.pk, by=coordinator)
    clock.shift_by(timedelta(minutes=1))
    open_due_windows()
    _deliver()
    return round_


def _shop(round_: Round, market: DemoMarket, shoppers: Sequence[Shopper], sack_sku: str, draw: Random) -> None:
    offers = on_sale(round_.pk)
    wished = [offers[sku].offer_id for sku in _best_sellers(market)]
    until = round_.handover_on + COLLECTED_FOR
    for place, shopper in enumerate(shoppers):
        clock.shift_by(timedelta(minutes=draw.randint(20, 90)))
        chosen = draw.sample(wished, draw.randint(*LINES))
        if place == 0:
            chosen = wished[: LINES[1]]  # the one who looks at the demo has something of everything
        lines = [
            WantedLine(offer_id=offer_id, firm=draw.choice(UNITS), flexible=draw.choice((0, 0, 1, 2)))
            for offer_id in chosen
        ]
        if place % 6 == 0:
            lines.append(WantedLine(offer_id=offers[sack_sku].offer_id, firm=1, collect_until=until))
        reserve(
            round_id=round_.pk,
            lines=lines,
            request_key=f"past-{place}",
            handover_id=shopper.handover_id,
            group_id=shopper.group_id,
            by=shopper.user,
        )


def _best_sellers(market: DemoMarket) -> list[str]:
    """The SKUs that sell best at each merchant of fresh goods and of some others, merchant after merchant in turn."""
    ranked: dict[str, list[str]] = {}
    for product in sorted(market.products, key=lambda product: -sum(product.weekly_demand)):
        theirs = ranked.setdefault(product.merchant, [])
        if len(theirs) < PER_MERCHANT and product.category not in ("household", "frozen", "sweets"):
            theirs.append(product.sku)
    return [theirs[rank] for rank in range(PER_MERCHANT) for theirs in ranked.values() if rank < len(theirs)]


def _share(round_: Round, shoppers: Sequence[Shopper]) -> None:
    """The first household shares half of something that many want with the second one, of the same group."""
    giver, taker = shoppers[:2]
    lines = ReservationLine.objects.filter(reservation__round=round_, reservation__household=giver.household_id)
    large = lines.filter(collect_until=None, firm__gte=SHARED_FROM).annotate(wanted=Sum("offer__lines__firm"))
    line = large.order_by("-wanted", "pk").first()
    if line is None:
        return
    share, _ = offer_share(
        round_id=round_.pk,
        offer_id=line.offer_id,
        parts=1,
        total_parts=2,
        to_household_id=taker.household_id,
        by=giver.user,
    )
    answer_share(share_id=share.pk, accept=True, by=taker.user)


def _hand_over(round_: Round, handover_on: date, coordinator: User) -> None:
    """Step by step through the day; at the points their hosts tick, and one household does not come."""
    zone = round_.hub.time_zone
    placed = Reservation.objects.filter(round=round_, state=VersionState.PLACED.value)
    ids = list(placed.values_list("pk", flat=True))
    for step, at, expected in _STEPS:
        move_to(instant(handover_on, at, zone))
        record_progress(
            reservation_ids=ids,
            step=step,
            at=clock.now(),
            expected_at=instant(handover_on, expected, zone) if expected else None,
            by=coordinator,
        )
    absent = placed.order_by("-pk").first()
    for handover in round_.handovers.select_related("pickup_point").order_by("starts_at", "pk"):
        host = PickupPointHost.objects.filter(pickup_point=handover.pickup_point, is_deputy=False).first()
        theirs = [
            NewTick(pk, TickKind.NO_SHOW if absent and pk == absent.pk else TickKind.HANDED_OVER, f"past-{pk}")
            for pk in placed.filter(handover=handover).order_by("pk").values_list("pk", flat=True)
        ]
        move_to(handover.starts_at + timedelta(minutes=40))
        if host is not None and theirs:
            tick(handover_id=handover.pk, ticks=theirs, by=host.user)
