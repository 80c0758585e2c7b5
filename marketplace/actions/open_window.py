"""Open a scheduled window for reservations."""

from django.db import transaction

from marketplace import audit, clock, locks
from marketplace.access import window_for_coordinator
from marketplace.events import emit
from marketplace.models import OrderingWindow, User
from marketplace.rules.states import WindowState


@transaction.atomic
def open_window(*, window_id: int, by: User | None = None) -> bool:
    """Open a scheduled window whose opening has come; False when there is nothing (left) to do.

    `by` is a coordinator of the hub, or None for the clock. A window that nobody opened in time is opened however
    late it is, and then closed by the next scan, so that it ends like every other. Raises NotFound for a foreign
    coordinator.
    """
    if by is not None:
        window_for_coordinator(by, window_id)
    locks.window_exclusive(window_id)
    now = clock.now()
    opening = OrderingWindow.objects.filter(pk=window_id, state=WindowState.SCHEDULED, opens_at__lte=now)
    if not opening.update(state=WindowState.OPEN):
        return False
    window = OrderingWindow.objects.get(pk=window_id)
    audit.record(
        kind="window",
        object_id=window_id,
        from_state=WindowState.SCHEDULED,
        to_state=WindowState.OPEN,
        at=window.opens_at,
        by=by,
    )
    emit("window.opened", window_id=window_id, round_id=window.round_id)
    return True
