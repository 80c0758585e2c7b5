"""One amount in parts: exact to the minor unit, the same whatever the order in which the parts are named.

Of a line that grew after a part was taken, the part counts of as many units as its household had agreed to.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Part(NamedTuple):
    """A household's weight in the whole: its `parts` of the sum of all."""

    household_id: int
    parts: int


def split(amount_minor: int, parts: Sequence[Part]) -> list[int]:
    """What each part pays, in the order given; the sum is the amount.

    By largest remainder: everybody the whole minor units of the exact part, the units left over to the largest
    remainders, and where these are equal to the smaller household id. Raises ValueError for a negative amount, no
    parts, a part below one, or a household named twice.
    """
    if amount_minor < 0 or not parts or any(part.parts < 1 for part in parts):
        raise ValueError("An amount of 0 or more is split into parts of 1 or more.")
    if len({part.household_id for part in parts}) != len(parts):
        raise ValueError("A household is named twice.")
    total = sum(part.parts for part in parts)
    paid = [amount_minor * part.parts // total for part in parts]
    order = sorted(range(len(parts)), key=lambda n: (-(amount_minor * parts[n].parts % total), parts[n].household_id))
    for n in order[: amount_minor - sum(paid)]:
        paid[n] += 1
    return paid


def split_as_agreed(amount_minor: int, units: int, own: Part, taken: Sequence[tuple[Part, int | None]]) -> list[int]:
    """What the line's own household pays of the amount of all `units`, then each taken part.

    A taken part comes with the units that its household agreed to (None: all): it pays its part of the amount of no
    more than those, and the own household pays the rest. Raises ValueError as `split` does.
    """
    parts = [own, *(part for part, _ in taken)]
    paid = []
    for place, (_part, agreed) in enumerate(taken, start=1):
        counted = units if agreed is None else min(units, agreed)
        paid.append(split(amount_minor if counted == units else amount_minor * counted // units, parts)[place])
    return [amount_minor - sum(paid), *paid]
