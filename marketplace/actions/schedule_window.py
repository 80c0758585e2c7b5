"""Announce a draft window: from now on everybody sees it, and it opens and closes by the clock."""

from django.db import transaction

from marketplace import audit, clock, locks
from marketplace.access import window_for_coordinator
from marketplace.errors import IllegalMove, InvalidInput
from marketplace.models import OrderingWindow, User
from marketplace.queries.closing import schedule_problems
from marketplace.rules.states import WindowState


@transaction.atomic
def schedule_window(*, window_id: int, by: User) -> OrderingWindow:
    """Schedule a complete draft.

    Raises NotFound for a foreign coordinator, IllegalMove when it is no draft, InvalidInput naming everything that
    is missing: offers, ladders, supplies, a deadline that lies ahead.
    """
    window_for_coordinator(by, window_id)
    locks.window_exclusive(window_id)
    now = clock.now()
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    draft = OrderingWindow.objects.filter(pk=window_id, state=WindowState.DRAFT)
    if not draft.update(state=WindowState.SCHEDULED):
        raise IllegalMove(kind="window", id=window_id, from_state=window.state, to_state=WindowState.SCHEDULED.value)
    problems = schedule_problems(window, now)
    if problems:
        raise InvalidInput(problems=problems)
    audit.record(
        kind="window",
        object_id=window_id,
        from_state=WindowState.DRAFT,
        to_state=WindowState.SCHEDULED,
        at=now,
        by=by,
    )
    window.state = WindowState.SCHEDULED.value
    return window
