"""Closing, 3, last sentence: which whole_only line is taken out next, without sharing out anew for each.

A group of lines that competes for a quantity is sorted once; after that a release changes only sums per size, or
the place in the queue up to which units are served. The victims are exactly those of the ways of `sharing`: of the
whole_only lines with a part, the one with the smallest part; then the latest placed; then the smaller hash.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from typing import NamedTuple, Protocol

from marketplace.rules.clearing.sharing import filled_level
from marketplace.rules.clearing.terms import Line, ShortageRule


class Competitor(NamedTuple):
    """A line that may be short, with its tie hash."""

    tie: bytes
    line: Line


class Contest(Protocol):
    """Lines that share what is too little, and how."""

    def remove(self, one: Competitor) -> None:
        """Take a line out."""

    def victim(self, quantity: int) -> Competitor | None:
        """The whole_only line to be released, when the lines left share `quantity`, less than they want."""


def contest(rule: ShortageRule, lines: Iterable[Competitor]) -> Contest:
    """The contest of these lines by a rule."""
    return _Queue(lines) if rule is ShortageRule.FIRST_COME else _Sizes(rule, lines)


class _Class:
    """The lines of one size: who of them is there by tie, and the whole_only ones by who is released first."""

    def __init__(self) -> None:
        self.ties: list[bytes] = []
        self.whole: list[tuple[float, bytes, Competitor]] = []

    def add(self, one: Competitor) -> None:
        self.ties.append(one.tie)
        if one.line.whole_only:
            self.whole.append(_release_key(one))

    def remove(self, one: Competitor) -> None:
        del self.ties[bisect_left(self.ties, one.tie)]
        if one.line.whole_only:
            del self.whole[bisect_left(self.whole, _release_key(one))]


def _release_key(one: Competitor) -> tuple[float, bytes, Competitor]:
    """Sorts the latest placed first, then the smaller hash."""
    return -_instant(one.line), one.tie, one
