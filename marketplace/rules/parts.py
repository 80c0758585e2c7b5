"""One amount in parts: exact to the minor unit, the same whatever the order in which the parts are named."""

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
