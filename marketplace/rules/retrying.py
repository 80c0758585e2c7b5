"""How long to wait before a failed sending is tried again."""

from datetime import timedelta

# Half an hour in all: long enough for a mail gateway to restart, short enough to pick up the phone before the cut-off.
PAUSES = (
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=3),
    timedelta(minutes=8),
    timedelta(minutes=18),
)


def next_pause(attempts: int) -> timedelta | None:
    """The pause after so many attempts (1 or more), or None when it is given up."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None
