"""Closing, 4: the best combination of options that reaches a minimum order value. Exact.

Most firm units, then least total price, then fewest units, then offer by offer the earlier option: all of it becomes
one integer cost per option, because the sums of each measure stay below the weight of the one before, and the
positions are its last digits. So the best combination is the one of least cost, no two cost the same, and the cost
alone tells which options it has: the offers may be searched in any order.

Only the gap counts: every offer starts from its cheapest option, and its others add value to close the gap, in steps
of their greatest common divisor. If options may be mixed (the linear relaxation), one rate of cost per value decides
every offer but one, which is mixed. From there `Core` looks for the least cost; see there for the bound on its work.
"""

from collections.abc import Sequence
from functools import cmp_to_key
from itertools import pairwise
from math import gcd
from typing import NamedTuple

from marketplace.rules.clearing.core import Core, Point


class Candidate(NamedTuple):
    """One option of an offer: its value towards the minimum, and the three measures that decide."""

    value: int
    firm_served: int
    price: int
    units: int


class _Upgrade(NamedTuple):
    """A piece of the lower convex edge of an offer's points."""

    value: int
    cost: int
    offer: int
    end: Point


def best_combination(minimum: int, offers: Sequence[Sequence[Candidate]]) -> list[int] | None:
    """The index of the chosen option per offer, or None when no combination reaches the minimum.

    Offers in the order of their ids, options in the order of step and quantity; every offer takes exactly one.
    """
    if sum(max(option.value for option in options) for options in offers) < minimum:
        return None
    digits = max(len(options) for options in offers).bit_length()
    weighed = [_useful(options) for options in _weigh(minimum, _most_served(minimum, offers), digits)]
    cost = sum(points[0].cost for points in weighed)
    gap = minimum - sum(points[0].value for points in weighed)
    if gap > 0:
        cost += _least_cost(*_scaled(gap, weighed))
    return [cost >> digits * place & (1 << digits) - 1 for place in reversed(range(len(offers)))]


def _most_served(minimum: int, offers: Sequence[Sequence[Candidate]]) -> list[list[tuple[int, Candidate]]]:
    """The options with their positions; only those that serve the most, if these alone can reach the minimum."""
    numbered = [list(enumerate(options)) for options in offers]
    most = [
        [pair for pair in options if pair[1].firm_served == max(other.firm_served for _place, other in options)]
        for options in numbered
    ]
    enough = sum(max(option.value for _place, option in options) for options in most) >= minimum
    return most if enough else numbered


def _weigh(minimum: int, offers: Sequence[Sequence[tuple[int, Candidate]]], digits: int) -> list[list[Point]]:
    """One integer cost per option: firm units not served weigh more than any price, price more than any units, and
    units more than any positions, of which the first offer's weigh most."""
    per_unit = 1 << digits * len(offers)
    per_price = per_unit * (1 + sum(max(option.units for _place, option in options) for options in offers))
    per_firm = per_price * (1 + sum(max(option.price for _place, option in options) for options in offers))
    weighed = []
    for offer, options in enumerate(offers):
        most, per_place = max(option.firm_served for _place, option in options), digits * (len(offers) - 1 - offer)
        weighed.append(
            [
                Point(
                    option.value,
                    (most - option.firm_served) * per_firm
                    + option.price * per_price
                    + option.units * per_unit
                    + (place << per_place),
                )
                for place, option in options
            ]
        )
    return weighed


def _useful(options: Sequence[Point]) -> list[Point]:
    """The options that no other of the same offer makes useless, by rising value and cost."""
    kept: list[Point] = []
    for option in sorted(options, key=lambda option: (-option.value, option.cost)):
        if not kept or option.cost < kept[-1].cost:
            kept.append(option)
    return kept[::-1]


def _scaled(gap: int, offers: Sequence[Sequence[Point]]) -> tuple[int, list[list[Point]]]:
    """The gap and what the options add to their offer's cheapest, in steps; more than the gap is no better than it."""
    step = gcd(*(option.value - options[0].value for options in offers for option in options))
    steps = -(-gap // step)
    return steps, [
        _useful(
            [
                Point(min((option.value - options[0].value) // step, steps), option.cost - options[0].cost)
                for option in options
            ]
        )
        for options in offers
    ]


def _hull(offer: int, points: Sequence[Point]) -> list[_Upgrade]:
    """The upgrades along the lower convex edge, from the cheapest option on."""
    edge: list[Point] = []
    for point in points:
        while len(edge) > 1 and _is_above(edge[-2], edge[-1], point):
            edge.pop()
        edge.append(point)
    return [_Upgrade(b.value - a.value, b.cost - a.cost, offer, b) for a, b in pairwise(edge)]


def _is_above(left: Point, middle: Point, right: Point) -> bool:
    """Whether `middle` lies on or above the straight line from left to right."""
    climb = (middle.cost - left.cost) * (right.value - left.value)
    return climb >= (right.cost - left.cost) * (middle.value - left.value)


def _by_slope(one: _Upgrade, other: _Upgrade) -> int:
    mine, its = one.cost * other.value, other.cost * one.value
    return (mine > its) - (mine < its)


def _least_cost(gap: int, offers: Sequence[Sequence[Point]]) -> int:
    """The least cost of adding at least `gap` steps of value with one point of every offer; that it can be is known."""
    upgrades = [upgrade for offer, points in enumerate(offers) for upgrade in _hull(offer, points)]
    chosen = [points[0] for points in offers]
    missing = gap
    for upgrade in sorted(upgrades, key=cmp_to_key(_by_slope)):
        if upgrade.value >= missing:
            break
        chosen[upgrade.offer] = upgrade.end
        missing -= upgrade.value
    # Taking the mixed upgrade whole is a combination that reaches the minimum.
    return Core(gap, offers, chosen, Point(upgrade.value, upgrade.cost), upgrade.value - missing).least_cost()
