"""The cut-off ladder of a merchant's part in a window, from the close to the hand-over."""

from datetime import datetime, timedelta
from typing import NamedTuple


class Deadlines(NamedTuple):
    """Until when the merchant's order is complete with it, and until when the goods are due at the dock."""

    orders_in: datetime
    at_dock: datetime


def deadlines_of(*, orders_due_at: datetime, lead_hours: int) -> Deadlines:
    """By what the window says of the merchant's cut-off, and the lead time of its supply."""
    return Deadlines(orders_due_at, orders_due_at + timedelta(hours=lead_hours))
