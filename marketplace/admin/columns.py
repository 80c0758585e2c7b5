"""Columns that several lists of the desks share: money, states, times."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats

from marketplace.rules.money import format_minor

# Chip colours of unfold, by state: red only for what needs someone.
STATE_COLOURS = {
    "draft": "info",
    "scheduled": "info",
    "open": "success",
    "closed": "warning",
    "cancelled": "danger",
    "issued": "warning",
    "acknowledged": "info",
    "confirmed": "success",
    "partly_confirmed": "warning",
    "declined": "danger",
    "voided": "danger",
    "waiting": "info",
    "sending": "info",
    "sent": "success",
    "failed": "warning",
    "exhausted": "danger",
    "parked": "danger",
}


def money(amount: int | None, currency: str) -> str:
    """Minor units as text with their currency; a dash where there is none."""
    return "–" if amount is None else f"{format_minor(amount, currency)} {currency}"


def local(moment: datetime, zone: str) -> str:
    """An instant on the hub's wall clock."""
    return formats.date_format(moment.astimezone(ZoneInfo(zone)), "D j M, H:i")
