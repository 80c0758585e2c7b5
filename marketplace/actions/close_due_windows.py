"""Close every window that is past its deadline. The scanner behind beat, cron and wake-ups."""

import logging

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.closing.answer import ClosedWindow
from marketplace.queries.closing import due_window_ids

logger = logging.getLogger(__name__)


def close_due_windows() -> list[ClosedWindow]:
    """Close what is due, each window in its own transaction, however long it is overdue.

    A window that cannot be closed is logged and tried again by the next scan; it never stops the others.
    """
    return [closed for window_id in due_window_ids(clock.now()) if (closed := close_or_log(window_id)) is not None]


def close_or_log(window_id: int) -> ClosedWindow | None:
    """Close one window; None when there was nothing to do, or when it failed (then the log says why)."""
    try:
        return close_window(window_id=window_id)
    except Exception:
        # Whatever is wrong with one window, the others have their deadlines too.
        logger.exception("Window %s is due and could not be closed; the next scan tries again.", window_id)
        return None
