"""Columns that several lists of the desks share: money, states, times."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import cast
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.functional import Promise
from unfold.decorators import display

from marketplace.rules.money import format_minor
from marketplace.state_words import state_words

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


def chip(*, description: Promise, ordering: str | None = None) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """A column for a state as unfold's coloured chip.

    The cast: unfold's releases for Python 3.11 say that a description is plain text, and take lazy text all the same.
    """
    column: Callable[[Callable[..., object]], Callable[..., str]]
    column = display(description=cast("str", description), label=STATE_COLOURS, ordering=ordering)

    def shown(state_of: Callable[..., str]) -> Callable[..., str]:
        @wraps(state_of)
        def chip_of(*row: object) -> object:
            state = state_of(*row)
            # A pair is unfold's way to tell the colour's key and the text apart; it wants a colour for the key.
            return (state, state_words(state)) if state in STATE_COLOURS else state_words(state)

        return column(chip_of)

    return shown


def typed_text(typed: str) -> str:
    """What was typed, as the database can keep it: without NUL, which PostgreSQL refuses."""
    return typed.replace("\0", "").strip()


def money(amount: int | None, currency: str) -> str:
    """Minor units as text with their currency; a dash where there is none."""
    return "–" if amount is None else f"{format_minor(amount, currency)} {currency}"


def local(moment: datetime, zone: str) -> str:
    """An instant on the hub's wall clock."""
    return formats.date_format(moment.astimezone(ZoneInfo(zone)), "DAY_TIME")
