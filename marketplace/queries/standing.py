"""What is read of standing reservations: those due to be placed, what came of them, and a household's own page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from marketplace import clock
from marketplace.access import PUBLIC_STATES, household_of
from marketplace.models import (
    Absence,
    Household,
    Offer,
    OrderingWindow,
    PriceStep,
    ReservationLine,
    Round,
    StandingReservation,
    StandingRun,
    User,
)
from marketplace.rules.states import WindowState

_AHEAD = [WindowState.SCHEDULED.value]
# Rounds whose outcome the page still tells.
PAST_RUNS = 60
_RUN = ("standing_id", "round_id", "state")


def price_known(hub_id: int, product_id: int) -> int | None:
    """The most that the hub's newest announced offer of the product asks, in minor units. One query."""
    offers = Offer.objects.filter(product_id=product_id, window__round__hub_id=hub_id)
    newest = offers.filter(window__state__in=PUBLIC_STATES).order_by("-window__closes_at", "-pk").values("pk")[:1]
    steps = PriceStep.objects.filter(offer=Subquery(newest)).order_by("from_quantity")
    return steps.values_list("unit_price_minor", flat=True).first()


def due_households() -> list[tuple[int, int]]:
    """(window, household) pairs with runs that wait to be placed, oldest first. One query."""
    waiting = StandingRun.objects.filter(state=StandingRun.State.WAITING, window__isnull=False)
    pairs = waiting.order_by("window_id", "standing__household_id").values_list("window_id", "standing__household_id")
    return list(dict.fromkeys((window, household) for window, household in pairs if window))


def runs_of(window_id: int, household_id: int) -> list[StandingRun]:
    """The household's runs of a window, each with `offer_id` and whether the basket holds the offer (`is_held`).
    One query."""
    offers = Offer.objects.filter(window_id=window_id, product=OuterRef("standing__product"))
    lines = ReservationLine.objects.filter(
        reservation__household_id=household_id,
        reservation__round_id=OuterRef("round_id"),
        offer__window_id=window_id,
        offer__product=OuterRef("standing__product"),
    )
    runs = StandingRun.objects.filter(window_id=window_id, standing__household_id=household_id)
    return list(
        runs.select_related("standing__product", "standing__by")
        .annotate(offer_id=Subquery(offers.values("pk")[:1]), is_held=Exists(lines))
        .order_by("standing_id")
    )


def telling_of(window_id: int, household_id: int, total_minor: int) -> dict[str, Any]:
    """The facts of the notice about a window's runs. Three queries."""
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    runs = runs_of(window_id, household_id)
    prices = dict(_first_prices([run.offer_id for run in runs]))  # type: ignore[attr-defined]
    state = StandingRun.State
    placed = [run for run in runs if run.state == state.PLACED]
    dearer = [run for run in placed if _is_dearer(run, prices.get(run.offer_id))]  # type: ignore[attr-defined]
    missing = [run for run in runs if run.state in (state.NOT_OFFERED, state.REFUSED)]
    return {
        "round_id": window.round_id,
        "round": window.round.name,
        "hub": window.round.hub.name,
        "currency": window.round.hub.currency,
        "zone": window.round.hub.time_zone,
        "closes_at": window.closes_at.isoformat(),
        "until": window.closes_at.isoformat(),
        "lines": len(placed),
        "total_minor": total_minor,
        "gone": [run.standing.product.name for run in missing],
        "dearer": [run.standing.product.name for run in dearer],
        "paused": any(run.state in (state.PAUSED, state.ABSENT) for run in runs),
    }


def _first_prices(offer_ids: Sequence[int | None]) -> QuerySet[PriceStep, tuple[int, int]]:
    first = PriceStep.objects.filter(offer=OuterRef("offer")).order_by("from_quantity").values("pk")[:1]
    steps = PriceStep.objects.filter(offer__in=[pk for pk in offer_ids if pk is not None], pk=Subquery(first))
    return steps.values_list("offer_id", "unit_price_minor")


def _is_dearer(run: StandingRun, price: int | None) -> bool:
    known = run.standing.known_unit_price_minor
    return price is not None and known is not None and price > known


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingRound:
    """A round that has not opened, and what of the standing reservations is to be placed in it.

    `skipped` are left out once, as asked; `not_yet` are in none of the announced offers so far.
    """

    round: Round
    opens_at: datetime
    placed: tuple[StandingReservation, ...]
    skipped: tuple[StandingReservation, ...]
    resting: tuple[StandingReservation, ...]
    not_yet: tuple[StandingReservation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingPage:
    """A household's standing reservations, what comes next, what came of the last ones, and when it is away."""

    household: Household
    now: datetime
    standing: tuple[StandingReservation, ...]
    coming: tuple[ComingRound, ...]
    runs: tuple[StandingRun, ...]
    absences: tuple[Absence, ...]


def standing_page(user: User, household_id: int | None = None) -> StandingPage:
    """Everything that the page shows. Eight queries, however many there are."""
    household = household_of(user, household_id)
    now = clock.now()
    standing = list(
        StandingReservation.objects.filter(household=household, stopped_at__isnull=True)
        .select_related("hub", "product__merchant", "product__category")
        .order_by("hub__name", "product__name", "pk")
    )
    absences = list(Absence.objects.filter(household=household, ends_on__gte=now.date()))
    runs = StandingRun.objects.filter(standing__household=household).exclude(state=StandingRun.State.SKIPPED)
    past = runs.select_related("standing__product", "round__hub").order_by("-at", "-pk")[:PAST_RUNS]
    return StandingPage(
        household=household,
        now=now,
        standing=tuple(standing),
        coming=tuple(_coming(standing, absences)),
        runs=tuple(past),
        absences=tuple(absences),
    )


def own_standing(user: User, household_id: int | None = None) -> QuerySet[StandingReservation]:
    """The household's standing reservations, for pages. Two queries."""
    mine = StandingReservation.objects.filter(household=household_of(user, household_id), stopped_at__isnull=True)
    return mine.select_related("hub", "product")


def own_runs(user: User, household_id: int | None = None) -> QuerySet[StandingRun]:
    """What came of the household's standing reservations, for pages. Two queries."""
    runs = StandingRun.objects.filter(standing__household=household_of(user, household_id))
    return runs.select_related("standing__product", "round")


def own_absences(user: User, household_id: int | None = None) -> QuerySet[Absence]:
    """The household's absences that are not over, for pages. Two queries."""
    household = household_of(user, household_id)
    return Absence.objects.filter(household=household, ends_on__gte=clock.now().date())


def _coming(standing: Sequence[StandingReservation], absences: Sequence[Absence]) -> list[ComingRound]:
    hubs = {wish.hub_id for wish in standing}
    ahead = OrderingWindow.objects.filter(round__hub__in=hubs, state__in=_AHEAD).select_related("round__hub")
    rounds: dict[int, list[OrderingWindow]] = {}
    for window in ahead.order_by("opens_at", "pk"):
        rounds.setdefault(window.round_id, []).append(window)
    offered = set(
        Offer.objects.filter(window__round__in=rounds, window__state__in=PUBLIC_STATES)
        .filter(product__in=[wish.product_id for wish in standing])
        .values_list("window__round_id", "product_id")
    )
    planned = StandingRun.objects.filter(standing__in=standing, round__in=rounds)
    runs = {(standing_id, round_id): state for standing_id, round_id, state in planned.values_list(*_RUN)}
    return [
        _one_coming(
            windows[0], [wish for wish in standing if wish.hub_id == windows[0].round.hub_id], absences, offered, runs
        )
        for windows in rounds.values()
    ]


def _one_coming(
    first: OrderingWindow,
    standing: Sequence[StandingReservation],
    absences: Sequence[Absence],
    offered: set[tuple[int, int]],
    runs: Mapping[tuple[int, int], str],
) -> ComingRound:
    round_, day = first.round, first.round.handover_on
    away = any(absence.starts_on <= day <= absence.ends_on for absence in absences)
    parts: dict[str, list[StandingReservation]] = {"placed": [], "skipped": [], "resting": [], "not_yet": []}
    for wish in standing:
        paused = wish.paused_at is not None and (wish.paused_until is None or day <= wish.paused_until)
        if runs.get((wish.pk, round_.pk)) == StandingRun.State.SKIPPED:
            parts["skipped"].append(wish)
        elif paused or away:
            parts["resting"].append(wish)
        elif (round_.pk, wish.product_id) in offered:
            parts["placed"].append(wish)
        else:
            parts["not_yet"].append(wish)
    return ComingRound(round=round_, opens_at=first.opens_at, **{name: tuple(found) for name, found in parts.items()})
