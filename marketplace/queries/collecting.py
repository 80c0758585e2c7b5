"""What households go on collecting: which lines missed how much, and where it can be placed next."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from marketplace import clock
from marketplace.access import household_of
from marketplace.models import CollectedRest, Offer, OrderingWindow, ReservationLine, User
from marketplace.queries.ladders import first_price
from marketplace.queries.results import got_by_line
from marketplace.rules.clearing.reasons import LineReason
from marketplace.rules.states import CollectedState, WindowState


class Missed(NamedTuple):
    """A line that got less than its firm quantity, with the most that a unit of it may cost elsewhere."""

    line: ReservationLine
    units: int
    at_most_minor: int


def missed_in(window: OrderingWindow) -> list[Missed]:
    """The lines of a closed window that their households collect on. Four queries."""
    lines = list(
        ReservationLine.objects.filter(window=window, collect_until__isnull=False)
        .annotate(first_price=first_price("offer"))
        .select_related("offer__product", "reservation")
        .order_by("pk")
    )
    missed = []
    results = got_by_line(lines)
    for line in lines:
        got = results.get(line.pk)
        # Whoever did not agree to a change wants no more of it.
        if got is None or got.reason == LineReason.NOT_AGREED:
            continue
        limit, first = line.max_unit_price_minor, line.first_price
        units = line.firm - got.quantity
        if units > 0:
            missed.append(Missed(line, units, first if limit is None else min(limit, first)))
    return missed


def local_day(at: datetime, time_zone: str) -> date:
    """The day of an instant in a hub's calendar."""
    return at.astimezone(ZoneInfo(time_zone)).date()


def past_their_day(now: datetime) -> list[CollectedRest]:
    """The rests that wait although their last day is over in their hub's calendar, as told (telling.py). One query."""
    # Nowhere on earth is it a later day than fourteen hours east of Greenwich.
    somewhere = CollectedRest.objects.filter(
        state=CollectedState.WAITING.value, until__lt=(now + timedelta(hours=14)).astimezone(UTC).date()
    )
    rests = somewhere.select_related("product", "hub", "offer__window__round").order_by("pk")
    return [rest for rest in rests if rest.until < local_day(now, rest.hub.time_zone)]


def placeable_in(window: OrderingWindow) -> list[tuple[int, int]]:
    """(rest, offer) pairs: what may be placed in a window of the hub, in the order of rests. One query."""
    offers = dict(Offer.objects.filter(window=window).values_list("product_id", "pk"))
    rests = waiting_at(window.round.hub_id).exclude(offer__window__round=window.round_id)
    rows = rests.filter(product__in=offers).order_by("pk").values_list("pk", "product_id")
    return [(rest_id, offers[product_id]) for rest_id, product_id in rows]


def placeable_now(rests: Sequence[CollectedRest]) -> list[tuple[int, int]]:
    """(rest, offer) pairs for windows of later rounds that take reservations already; of several the first to close.
    One query."""
    products = {rest.product_id for rest in rests}
    open_ = Offer.objects.filter(
        product__in=products,
        window__state=WindowState.OPEN.value,
        window__opens_at__lte=clock.expression(),
        window__closes_at__gt=clock.expression(),
    )
    rows = list(
        open_.order_by("window__closes_at", "pk").values_list(
            "pk", "product_id", "window__round__hub_id", "window__round_id"
        )
    )
    pairs = []
    for rest in rests:
        missed_round = rest.offer.window.round_id
        found = [
            o for o, p, hub, round_id in rows if (p, hub) == (rest.product_id, rest.hub_id) and round_id != missed_round
        ]
        if found:
            pairs.append((rest.pk, found[0]))
    return pairs


def own_rests(user: User, household_id: int | None = None) -> QuerySet[CollectedRest]:
    """What the household collects or collected, for pages. Two queries."""
    rests = CollectedRest.objects.filter(household=household_of(user, household_id))
    return rests.select_related("hub", "product", "offer__window", "moved_to__window")


def waiting_at(hub_id: int) -> QuerySet[CollectedRest]:
    """A hub's rests that are not placed yet."""
    return CollectedRest.objects.filter(hub_id=hub_id, state=CollectedState.WAITING.value)
