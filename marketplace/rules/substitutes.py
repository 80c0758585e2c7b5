"""Which allowed product comes instead of one that is missing."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Available(NamedTuple):
    """What can be supplied of a product: units, at this unit price in minor units."""

    units: int
    unit_price: int


class Substitution(NamedTuple):
    product: int
    units: int
    unit_price: int


def at_most_for(limit: int | None, first_price: int) -> int:
    """The most that a unit of the line may cost: the offer's "at most", or the household's lower limit."""
    return first_price if limit is None else min(limit, first_price)


def substitutions(
    *,
    missing: int,
    allowed: Sequence[int],
    available: Mapping[int, Available],
    at_most: int,
    whole_only: bool = False,
) -> list[Substitution]:
    """What comes instead of `missing` units: the household's best product first, as far as each lasts, none above
    `at_most` per unit. With `whole_only` from one product alone and all of them, or nothing.

    Empty where nothing allowed is there; what is left over after these is still missing.
    """
    found: list[Substitution] = []
    for product in allowed:
        there = available.get(product)
        if missing <= 0 or there is None or there.units <= 0 or there.unit_price > at_most:
            continue
        if whole_only:
            if there.units >= missing:
                return [Substitution(product, missing, there.unit_price)]
            continue
        units = min(there.units, missing)
        found.append(Substitution(product, units, there.unit_price))
        missing -= units
    return found
