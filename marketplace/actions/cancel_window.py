"""Cancel a window before it closes: nothing is ordered in it."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import audit, clock, locks
from marketplace.access import window_for_coordinator
from marketplace.errors import IllegalMove, InvalidInput
from marketplace.events import emit
from marketplace.models import OrderingWindow, User
from marketplace.rules.states import WINDOW_MOVES, WindowState


@transaction.atomic
def cancel_window(*, window_id: int, reason: str, by: User) -> OrderingWindow:
    """Cancel a draft, scheduled or open window. Its lines stay as they were, and bind nobody.

    Raises NotFound for a foreign coordinator, InvalidInput without a reason, IllegalMove once it is closed.
    """
    window_for_coordinator(by, window_id)
    if not reason.strip():
        raise InvalidInput(problems=[{"place": "reason", "problem": _("Say why: households and merchants are told.")}])
    locks.window_exclusive(window_id)
    # A statement after the lock: the state that no reservation or closing can change any more.
    window = OrderingWindow.objects.get(pk=window_id)
    before = WindowState(window.state)
    running = OrderingWindow.objects.filter(pk=window_id, state=before)
    if WindowState.CANCELLED not in WINDOW_MOVES[before] or not running.update(state=WindowState.CANCELLED):
        raise IllegalMove(kind="window", id=window_id, from_state=before.value, to_state=WindowState.CANCELLED.value)
    audit.record(
        kind="window",
        object_id=window_id,
        from_state=before,
        to_state=WindowState.CANCELLED,
        at=clock.now(),
        by=by,
        reason=reason,
    )
    emit("window.cancelled", window_id=window_id, round_id=window.round_id)
    window.state = WindowState.CANCELLED.value
    return window
