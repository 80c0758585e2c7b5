"""What households go on collecting: which lines missed how much, and where it can be placed next."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet

from marketplace import clock
from marketplace.access import household_of
from marketplace.models import CollectedRest, Offer, OrderingWindow, PriceStep, ReservationLine, User
from marketplace.queries.reservations import line_outcomes
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
        .select_related("offer__product", "reservation")
        .order_by("pk")
    )
    first_prices = dict(
        PriceStep.objects.filter(offer__in={line.offer_id for line in lines})
        .values_list("offer_id")
        .annotate(first=Min("from_quantity"))
    )
    prices = {
        step.offer_id: step.unit_price_minor
        for step in PriceStep.objects.filter(offer__in=first_prices)
        if step.from_quantity == first_prices[step.offer_id]
    }
    missed = []
    for line, outcome in zip(lines, line_outcomes(lines), strict=True):
        # Whoever did not agree to a change wants no more of it.
        if outcome is None or outcome.reason == LineReason.NOT_AGREED:
            continue
        limit, first = line.max_unit_price_minor, prices[line.offer_id]
        units = line.firm - outcome.quantity
        if units > 0:
            missed.append(Missed(line, units, first if limit is None else min(limit, first)))
    return missed


def local_day(at: datetime, time_zone: str) -> date:
    """The day of an instant in a hub's calendar."""
    return at.astimezone(ZoneInfo(time_zone)).date()


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
