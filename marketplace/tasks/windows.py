"""Wake-ups for the windows' scanners. A message that comes twice, late or never changes nothing.

Their queues stand in config/celery.py.
"""

from celery import shared_task

from marketplace.actions.close_due_windows import close_due_windows, close_or_log
from marketplace.actions.open_due_windows import open_due_windows
from marketplace.actions.plan_rounds import plan_rounds

# A window of a million lines closes in seconds; a worker that takes minutes is stuck, and the next scan takes over.
CLOSING_SECONDS = 600


@shared_task(name="marketplace.close_due_windows", time_limit=CLOSING_SECONDS)
def close_due() -> None:
    """Close every window past its deadline."""
    close_due_windows()


@shared_task(name="marketplace.close_window", time_limit=CLOSING_SECONDS)
def close_one(window_id: int) -> None:
    """Close one window, if it is due."""
    close_or_log(window_id)


@shared_task(name="marketplace.open_due_windows", soft_time_limit=50, time_limit=60)
def open_due() -> None:
    """Open every scheduled window whose opening has come."""
    open_due_windows()


@shared_task(name="marketplace.plan_rounds", soft_time_limit=270, time_limit=300)
def plan() -> None:
    """Make the rounds that the rules ask for."""
    plan_rounds()
