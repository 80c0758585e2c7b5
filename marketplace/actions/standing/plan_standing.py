"""Plan standing: when a window opens, note for every standing reservation what is to become of it in the round."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from marketplace import clock
from marketplace.events import wake
from marketplace.models import Absence, Offer, OrderingWindow, StandingReservation, StandingRun
from marketplace.rules.states import WindowState

PLACE_TASK = "marketplace.place_standing"
_AHEAD = [WindowState.DRAFT.value, WindowState.SCHEDULED.value]


@transaction.atomic
def plan_standing(*, window_id: int) -> int:
    """Make the runs of this window, one per standing reservation and round; how many wait to be placed.

    Products of this window: waiting, or why not (paused, away). Once no window of the round is still to open, what none
    of them offers is noted as not offered. Harmless twice. Four statements, however many households there are.
    """
    window = OrderingWindow.objects.select_related("round").get(pk=window_id)
    now, day = clock.now(), window.round.handover_on
    unplanned = StandingReservation.objects.filter(hub_id=window.round.hub_id, stopped_at__isnull=True).exclude(
        runs__round_id=window.round_id
    )
    offered = Offer.objects.filter(window=window, product=OuterRef("product"))
    runs = [_run(standing, window, day, now) for standing in _with_absence(unplanned, day).filter(Exists(offered))]
    StandingRun.objects.bulk_create(runs, ignore_conflicts=True)
    if not OrderingWindow.objects.filter(round_id=window.round_id, state__in=_AHEAD).exists():
        _note_not_offered(unplanned, window, now)
    waiting = sum(run.state == StandingRun.State.WAITING for run in runs)
    if runs:
        wake(PLACE_TASK)
    return waiting


def _with_absence(standing: QuerySet[StandingReservation], day: date) -> QuerySet[StandingReservation]:
    away = Absence.objects.filter(household=OuterRef("household"), starts_on__lte=day, ends_on__gte=day)
    return standing.annotate(is_away=Exists(away))


def _run(standing: StandingReservation, window: OrderingWindow, day: date, now: datetime) -> StandingRun:
    state = StandingRun.State.WAITING
    if standing.paused_at is not None and (standing.paused_until is None or day <= standing.paused_until):
        state = StandingRun.State.PAUSED
    elif standing.is_away:  # type: ignore[attr-defined]
        state = StandingRun.State.ABSENT
    return StandingRun(standing=standing, round_id=window.round_id, window=window, state=state, at=now)


def _note_not_offered(unplanned: QuerySet[StandingReservation], window: OrderingWindow, now: datetime) -> None:
    """Every other one that would have been placed: paused ones ask for nothing."""
    offered = Offer.objects.filter(window__round_id=window.round_id, product=OuterRef("product"))
    day = window.round.handover_on
    resting = Q(paused_at__isnull=False) & (Q(paused_until__isnull=True) | Q(paused_until__gte=day))
    missed: Iterable[StandingReservation] = unplanned.filter(~Exists(offered)).exclude(resting)
    state = StandingRun.State.NOT_OFFERED
    StandingRun.objects.bulk_create(
        [StandingRun(standing=s, round_id=window.round_id, window=window, state=state, at=now) for s in missed],
        ignore_conflicts=True,
    )
