"""Place standing: put the waiting standing reservations of an open window into their households' baskets."""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from marketplace import clock
from marketplace.actions.notices.tell import tell
from marketplace.actions.reserving.answer import LineStatus, ReservationAnswer
from marketplace.actions.standing.reserve_standing import reserve_standing
from marketplace.errors import MarketError
from marketplace.models import HouseholdMember, StandingRun
from marketplace.queries.standing import due_households, runs_of, telling_of
from marketplace.rules.notices import NoticeKind

logger = logging.getLogger(__name__)


def place_due() -> int:
    """Place everything that waits, one household and window at a time; for how many. A household whose turn fails is
    logged and tried again with the next call; the others go on."""
    placed = 0
    for window_id, household_id in due_households():
        try:
            placed += place_for(window_id=window_id, household_id=household_id)
        except Exception:
            logger.exception("standing reservations of household %s in window %s", household_id, window_id)
    return placed


@transaction.atomic
def place_for(*, window_id: int, household_id: int) -> bool:
    """Place one household's waiting runs of a window and tell it what came of all its runs there; False where nothing
    waits any more. Harmless twice: the request key is the window's and the household's."""
    runs = runs_of(window_id, household_id)
    waiting = [run for run in runs if run.state == StandingRun.State.WAITING]
    if not waiting:
        return False
    total = 0
    fresh = [run for run in waiting if not run.is_held]  # type: ignore[attr-defined]
    for run in waiting:
        if run.is_held:  # type: ignore[attr-defined]
            _settle(run, StandingRun.State.HELD_ALREADY)
    if fresh:
        total = _reserve(window_id, household_id, fresh)
    _tell(window_id, household_id, total)
    return True


def _reserve(window_id: int, household_id: int, runs: Sequence[StandingRun]) -> int:
    """Reserve them; the most that they can cost."""
    try:
        with transaction.atomic():
            answer = reserve_standing(window_id=window_id, household_id=household_id, runs=runs)
    except MarketError as refusal:
        for run in runs:
            _settle(run, StandingRun.State.REFUSED, reason=refusal.code)
        return 0
    return sum(_placed(run, answer) for run in runs)


def _placed(run: StandingRun, answer: ReservationAnswer) -> int:
    line = next(line for line in answer.lines if line.offer_id == run.offer_id)  # type: ignore[attr-defined]
    if line.status is LineStatus.REFUSED or not line.firm:
        _settle(run, StandingRun.State.REFUSED, reason=line.reason.value)
        return 0
    _settle(run, StandingRun.State.PLACED, units=line.firm, reason=line.reason.value)
    return (line.firm + line.flexible) * line.unit_price_at_most_minor


def _settle(run: StandingRun, state: StandingRun.State, *, units: int = 0, reason: str = "") -> None:
    StandingRun.objects.filter(pk=run.pk, state=StandingRun.State.WAITING).update(
        state=state, units=units, reason=reason[:40], at=clock.now()
    )


def _tell(window_id: int, household_id: int, total: int) -> None:
    """Everybody of the household, once per window."""
    members = HouseholdMember.objects.filter(household_id=household_id).values_list("user_id", flat=True)
    facts = telling_of(window_id, household_id, total)
    link = reverse("basket", args=[facts["round_id"]])
    tell(kind=NoticeKind.STANDING, user_ids=members, key=f"window:{window_id}", facts=facts, link=link)
