"""Checks that hold the tables of the house against each other. Each app registers its own when it is ready; `manage.py
check_integrity` runs them, and so does every flow test.

A check is a function without parameters that yields a sentence for everything that does not fit; it only reads.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

Check = Callable[[], Iterable[str]]


class Finding(NamedTuple):
    """Something that does not fit: which check of which area said what."""

    area: str
    check: str
    sentence: str


_registered: dict[str, list[Check]] = {}


def register(area: str, checks: Sequence[Check]) -> None:
    """Add an area's checks; its name is the app's or the noun's. Registering the same check again changes nothing."""
    known = _registered.setdefault(area, [])
    known.extend(check for check in checks if check not in known)


def registered() -> dict[str, tuple[Check, ...]]:
    """All checks by area, in the order of registration."""
    return {area: tuple(checks) for area, checks in _registered.items()}


def findings(areas: Iterable[str] | None = None) -> Iterator[Finding]:
    """What does not fit, of these areas or of all of them. Raises KeyError for an unknown area."""
    for area in _registered if areas is None else areas:
        for check in _registered[area]:
            for sentence in check():
                yield Finding(area, check.__name__.removeprefix("check_"), sentence)
