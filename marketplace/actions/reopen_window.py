"""Open a closed window again, as long as no merchant was told anything."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import audit, clock, locks
from marketplace.access import window_for_coordinator
from marketplace.actions.closing.voiding import void_orders, withdraw_dispatches
from marketplace.errors import IllegalMove, InvalidInput
from marketplace.events import emit
from marketplace.models import Allocation, ClearingRun, OrderingWindow, User
from marketplace.rules.states import WindowState


@transaction.atomic
def reopen_window(*, window_id: int, closes_at: datetime, reason: str, by: User) -> OrderingWindow:
    """Take reservations again until `closes_at`. The orders become void and keep their numbers; the next close issues
    new ones. The filling stretch keeps its length.

    Raises NotFound for a foreign coordinator, InvalidInput without a reason or with a deadline that is past,
    IllegalMove when the window is not closed, OrderNotOpen once a dispatch left `waiting` or a merchant answered.
    """
    window_for_coordinator(by, window_id)
    locks.window_exclusive(window_id)
    now = clock.now()
    _check(closes_at, reason, now)
    window = OrderingWindow.objects.get(pk=window_id)
    reopened = OrderingWindow.objects.filter(pk=window_id, state=WindowState.CLOSED).update(
        state=WindowState.OPEN, closes_at=closes_at, fills_at=closes_at - (window.closes_at - window.fills_at)
    )
    if not reopened:
        raise IllegalMove(kind="window", id=window_id, from_state=window.state, to_state=WindowState.OPEN.value)
    withdraw_dispatches(window_id)
    void_orders(window_id=window_id, at=now, reason=reason, by=by)
    # The next close decides anew. Outcomes stay as history under their void run; nobody's units do.
    voided = ClearingRun.objects.filter(window=window, voided_at__isnull=True)
    Allocation.objects.filter(run__in=voided).delete()
    voided.update(voided_at=now)
    audit.record(
        kind="window",
        object_id=window_id,
        from_state=WindowState.CLOSED,
        to_state=WindowState.OPEN,
        at=now,
        by=by,
        reason=reason,
    )
    emit("window.reopened", window_id=window_id, round_id=window.round_id, closes_at=closes_at.isoformat())
    window.refresh_from_db()
    return window


def _check(closes_at: datetime, reason: str, now: datetime) -> None:
    problems = []
    if closes_at <= now:
        problems.append({"place": "closes_at", "problem": _("Choose a closing time that lies ahead.")})
    if not reason.strip():
        problems.append({"place": "reason", "problem": _("Say why: households and merchants are told.")})
    if problems:
        raise InvalidInput(problems=problems)
