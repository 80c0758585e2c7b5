"""What a price ladder must be before anybody may reserve on it. Warnings about a lawful one: clearing/ladder.py."""

from collections.abc import Sequence
from itertools import pairwise

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.clearing.terms import PriceStep

# The bound of every quantity and amount that people type; far above any order, far below any overflow.
MOST_UNITS = 1_000_000
MOST_MINOR = 1_000_000_00

_NONE = gettext_noop("A ladder needs at least one step.")
_BOUNDS = gettext_noop(
    "Step %(number)d: from 1 to %(units)d units, money from 0 to %(minor)d minor units, a price above 0."
)
_RISES = gettext_noop("Step %(number)d: its quantity must be above %(before)d.")
_FALLS = gettext_noop("Step %(number)d: its cost and its price must be below those of the step before.")


def ladder_problems(ladder: Sequence[PriceStep]) -> list[Broken]:
    """Each broken rule: at least one step, quantities rise, costs and prices strictly fall."""
    if not ladder:
        return [Broken(_NONE)]
    problems = [
        Broken(_BOUNDS, {"number": number, "units": MOST_UNITS, "minor": MOST_MINOR})
        for number, step in enumerate(ladder, 1)
        if not (
            1 <= step.from_quantity <= MOST_UNITS
            and 0 <= step.cost <= MOST_MINOR
            and 1 <= step.unit_price <= MOST_MINOR
        )
    ]
    for number, (before, step) in enumerate(pairwise(ladder), 2):
        if step.from_quantity <= before.from_quantity:
            problems.append(Broken(_RISES, {"number": number, "before": before.from_quantity}))
        if step.cost >= before.cost or step.unit_price >= before.unit_price:
            problems.append(Broken(_FALLS, {"number": number}))
    return problems
