"""Open every scheduled window whose opening has come."""

import logging

from marketplace import clock
from marketplace.actions.open_window import open_window
from marketplace.queries.closing import due_to_open_ids

logger = logging.getLogger(__name__)


def open_due_windows() -> list[int]:
    """Open what is due, each window in its own transaction; returns the ids that this call opened."""
    return [window_id for window_id in due_to_open_ids(clock.now()) if _open_or_log(window_id)]


def _open_or_log(window_id: int) -> bool:
    try:
        return open_window(window_id=window_id)
    except Exception:
        # One window that cannot be opened never keeps the others shut.
        logger.exception("Window %s is due to open and could not be opened; the next scan tries again.", window_id)
        return False
