"""Closing, 3: three ways to share whole units, each equal to handing them out one by one.

All take a quantity and give back, in the order of the wishes, how many units each gets. `tie` gives the sort key
(the hash) of a wish by its index; it is called only for those who compete for the last units. O(n log n).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

Tie = Callable[[int], bytes]


class TimedUnits(NamedTuple):
    """Some units of one wish (by its index), asked for at one time."""

    at: datetime
    wish: int
    units: int


def by_turns(quantity: int, bounds: Sequence[int], tie: Tie, starts: Sequence[int] | None = None) -> list[int]:
    """Each unit to the wish with the least (start + units so far) that is below its bound, then to the smaller tie.

    This is max_min with all starts 0, and the sharing of extras with `extra_taken` as start. Filled like basins
    up to one water level; what is left of the level's last layer goes by tie. Units that no bound takes are left.
    """
    starts = starts if starts is not None else [0] * len(bounds)
    if quantity >= sum(bounds):
        return list(bounds)
    level = full_level(quantity, _marks(bounds, starts))
    got = [min(bound, max(0, level - start)) for bound, start in zip(bounds, starts, strict=True)]
    left = quantity - sum(got)
    if left:
        next_layer = [i for i, start in enumerate(starts) if start <= level < start + bounds[i]]
        for index in sorted(next_layer, key=tie)[:left]:
            got[index] += 1
    return got


def proportionally(quantity: int, bounds: Sequence[int], tie: Tie) -> list[int]:
    """Whole parts of quantity * bound / total, then single units by the largest remainders, then the smaller tie."""
    total = sum(bounds)
    if quantity >= total:
        return list(bounds)
    got = [bound * quantity // total for bound in bounds]
    left = quantity - sum(got)
    if left:
        remainders = [bound * quantity % total for bound in bounds]
        edge = sorted(remainders, reverse=True)[left - 1]
        above = [i for i, remainder in enumerate(remainders) if remainder > edge]
        level = [i for i, remainder in enumerate(remainders) if remainder == edge]
        if len(above) + len(level) > left:
            level.sort(key=tie)
        for index in (above + level)[:left]:
            got[index] += 1
    return got


def first_come(quantity: int, units: Sequence[TimedUnits], wishes: int, tie: Tie) -> list[int]:
    """Units in the order of their times; of the same time, those of the smaller tie first."""
    got = [0] * wishes
    ordered = sorted(units, key=lambda part: part.at)
    position = 0
    while quantity > 0 and position < len(ordered):
        end = position + 1
        while end < len(ordered) and ordered[end].at == ordered[position].at:
            end += 1
        moment = ordered[position:end]
        if len(moment) > 1 and sum(part.units for part in moment) > quantity:
            moment.sort(key=lambda part: tie(part.wish))
        for part in moment:
            taken = min(part.units, quantity)
            got[part.wish] += taken
            quantity -= taken
        position = end
    return got


def _marks(bounds: Sequence[int], starts: Sequence[int]) -> dict[int, int]:
    """A wish rises with the level from its start to its full mark: by how much the slope changes at these marks."""
    marks: dict[int, int] = {}
    for start, bound in zip(starts, bounds, strict=True):
        if bound:
            marks[start] = marks.get(start, 0) + 1
            marks[start + bound] = marks.get(start + bound, 0) - 1
    return marks


def full_level(quantity: int, marks: Mapping[int, int]) -> int:
    """The highest water level that `quantity` units fill completely; `marks` say where how many wishes rise or end."""
    level = filled = rising = 0
    for mark in sorted(marks):
        if rising and filled + rising * (mark - level) > quantity:
            return level + (quantity - filled) // rising
        filled += rising * (mark - level)
        level, rising = mark, rising + marks[mark]
    return level
