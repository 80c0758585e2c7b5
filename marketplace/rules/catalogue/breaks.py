"""Which windows a merchant's break blocks."""

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

VACATION: Final = "vacation"


class SupplyDays(NamedTuple):
    """The days of a window that concern one of its merchants, by the hub's calendar: the order comes in, the goods are
    due at the dock, they are handed over."""

    order_on: date
    dock_on: date
    handover_on: date


def supply_days(*, orders_due_at: datetime, lead_hours: int, handover_on: date, zone: str) -> SupplyDays:
    """The days of a merchant's part in a window, by its cut-off and lead time."""
    local = ZoneInfo(zone)
    return SupplyDays(
        orders_due_at.astimezone(local).date(),
        (orders_due_at + timedelta(hours=lead_hours)).astimezone(local).date(),
        handover_on,
    )


def blocks(*, kind: str, starts_on: date, ends_on: date, days: SupplyDays) -> bool:
    """Whether a break touches the window: a vacation any day from the order to the hand-over, a delivery break any day
    from the dock to the hand-over. First and last day count."""
    first = days.order_on if kind == VACATION else days.dock_on
    return starts_on <= max(days.dock_on, days.handover_on) and ends_on >= min(first, days.handover_on)
