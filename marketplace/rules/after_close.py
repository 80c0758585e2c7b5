"""What happens to a purchase order once its window has closed: it goes out at an instant, or a reason holds it."""

from datetime import datetime, timedelta
from enum import StrEnum


class AfterClose(StrEnum):
    """The policy of a window; the values that its column stores."""

    SEND = "send"
    SEND_ABOVE_MINIMUM = "send_above_minimum"
    HOLD = "hold"
    ONLY_CLOSE = "only_close"


class HeldFor(StrEnum):
    """Why an order waits for the coordinator. Stored and shown as it is: a code is never renamed."""

    LATE_CLOSE = "late_close"  # the window was closed after the merchant's own cut-off
    BELOW_MINIMUM = "below_minimum"  # the policy sends only larger orders
    COORDINATOR = "coordinator"  # the policy leaves the sending to the coordinator
    ONLY_CLOSE = "only_close"  # the policy sends nothing


def held_for(
    *, policy: AfterClose, goods: int, send_above: int, orders_due_at: datetime, now: datetime
) -> HeldFor | None:
    """Why an order is held, or None when it goes out. `goods` (at cost, without fees) and `send_above` in minor units.

    A close later than the merchant's cut-off decides first: whatever the policy, somebody has to speak to the merchant.
    """
    if policy is AfterClose.ONLY_CLOSE:
        return HeldFor.ONLY_CLOSE
    if now > orders_due_at:
        return HeldFor.LATE_CLOSE
    if policy is AfterClose.HOLD:
        return HeldFor.COORDINATOR
    if policy is AfterClose.SEND_ABOVE_MINIMUM and goods < send_above:
        return HeldFor.BELOW_MINIMUM
    return None


def dispatch_due_at(*, closes_at: datetime, grace_minutes: int) -> datetime:
    """When an order that is not held goes out: the grace counts from the deadline, not from the worker's lateness."""
    return closes_at + timedelta(minutes=grace_minutes)
