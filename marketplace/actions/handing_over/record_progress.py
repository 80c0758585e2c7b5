"""Record a step that reservations have reached, as the rooms above and the host's list report it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from marketplace import clock
from marketplace.events import emit
from marketplace.models import HandoverProgress, Reservation, User
from marketplace.rules.progress import StepFact, is_news, is_overtaken, may_follow
from marketplace.rules.states import ProgressStep, VersionState

# So many reservations are told of by one event.
TOLD_AT_ONCE = 500


@transaction.atomic
def record_progress(
    *,
    reservation_ids: Iterable[int],
    step: ProgressStep,
    at: datetime,
    expected_at: datetime | None = None,
    note: str = "",
    by: User | None = None,
) -> int:
    """For how many of the reservations this was news. Joins the caller's transaction; five queries for any number.

    `at` is when it happened, `expected_at` when the next step is expected. The same fact twice changes nothing; a
    newer one of the same step (later `at`, or another expectation) replaces it, an older one is ignored, and so is a
    no-show of somebody who collected. Unknown and cancelled reservations are left out.
    """
    told = StepFact(at, expected_at, note[:200])
    placed = Reservation.objects.filter(pk__in=set(reservation_ids), state=VersionState.PLACED.value)
    ids = sorted(placed.values_list("pk", flat=True))
    known = _known(ids)
    news = [pk for pk in ids if may_follow(step, known.get(pk, {})) and is_news(known.get(pk, {}).get(step), told)]
    if not news:
        return 0
    _write(news, step, told, by)
    for start in range(0, len(news), TOLD_AT_ONCE):
        part = news[start : start + TOLD_AT_ONCE]
        fresh = [pk for pk in part if not is_overtaken(step, known.get(pk, {}))]
        emit(
            "reservation.progressed",
            reservation_ids=part,
            newest_ids=fresh,
            step=step.value,
            at=at.isoformat(),
            expected_at=expected_at.isoformat() if expected_at else None,
        )
    return len(news)


def _known(ids: list[int]) -> Mapping[int, Mapping[ProgressStep, StepFact]]:
    known: dict[int, dict[ProgressStep, StepFact]] = {}
    rows = HandoverProgress.objects.filter(reservation__in=ids)
    for pk, step, at, expected_at, note in rows.values_list("reservation_id", "step", "at", "expected_at", "note"):
        known.setdefault(pk, {})[ProgressStep(step)] = StepFact(at, expected_at, note)
    return known


def _write(ids: list[int], step: ProgressStep, told: StepFact, by: User | None) -> None:
    """Insert, or move forward: of two reports at once the newer fact stays, whichever comes last."""
    now = clock.now()
    facts = {"expected_at": told.expected_at, "note": told.note, "by": by, "recorded_at": now}
    HandoverProgress.objects.filter(reservation__in=ids, step=step.value, at__lte=told.at).update(at=told.at, **facts)
    HandoverProgress.objects.bulk_create(
        [HandoverProgress(reservation_id=pk, step=step.value, at=told.at, **facts) for pk in ids],
        ignore_conflicts=True,
        batch_size=500,
    )
