"""How the API writes plain values: instants, amounts, places of mistakes."""

import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from marketplace.rules.money import format_minor

_INDEX = re.compile(r"\[(\d+)\]")


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC: 2026-11-22T18:00:00Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def instant_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else instant(moment)


def amount_or_none(minor: int | None, currency: str) -> str | None:
    """Decimal text of an amount, None for none."""
    return None if minor is None else format_minor(minor, currency)


def rounded(minor: Fraction) -> int:
    """Half up, once: for a price that is told to compare, never charged."""
    return int(minor + Fraction(1, 2))


def pointer(place: str) -> str:
    """A place like "lines[2].firm" as a JSON pointer into the request's body: "#/lines/2/firm"."""
    path = _INDEX.sub(r".\1", place)
    return "#" + "".join(f"/{part}" for part in path.split(".") if part)


def plain(value: Any) -> Any:
    """A fact of an error as JSON: instants as text, anything unknown in its words."""
    if isinstance(value, datetime):
        return instant(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    return str(value)
