"""Closing, 4: the best combination of options that reaches a minimum order value. Exact, and fast in practice.

Most firm units, then least total price, then fewest units, then offer by offer the earlier option: the first three
become one integer cost, because sums of each stay below the weight of the one before. Offers are added one by one;
of two partial combinations the one that is worth at least as much (counted up to the minimum) and is better or
earlier makes the other one useless. What cannot beat a known good combination even when the remaining options may
be mixed (the linear relaxation) is dropped; equals are kept, for the order of ids decides between them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple


class Candidate(NamedTuple):
    """One option of an offer: its value towards the minimum, and the three measures that decide."""

    value: int
    firm_served: int
    price: int
    units: int


class _Weighed(NamedTuple):
    value: int
    cost: int
    position: int  # in the offer's order of options: the last tie-break


class _State(NamedTuple):
    """A partial combination; `rank` orders the combinations that came before by their positions."""

    value: int
    cost: int
    rank: int
    parent: "_State | None"
    position: int
    excess: int  # above the best at the relaxation's rate, in total


class _Bound(NamedTuple):
    """The linear relaxation of the remaining offers: cheapest start, then upgrades by falling worth."""

    value: int
    cost: int
    values: list[int]
    costs: list[int]
    upgrades: list[tuple[int, int]]

    def least_cost(self, missing: int) -> int | None:
        """A bound from below on the cost of adding `missing` value; None when it cannot be had."""
        missing -= self.value
        if missing <= 0:
            return self.cost
        place = bisect_left(self.values, missing)
        if place == len(self.values):
            return None
        value, cost = self.upgrades[place]
        rest = missing - (self.values[place] - value)
        return self.cost + self.costs[place] - cost + -(-rest * cost // value)

    def rate(self, missing: int) -> tuple[int, int]:
        """The last upgrade that adding `missing` value takes: for this much value, this much cost."""
        missing -= self.value
        return self.upgrades[bisect_left(self.values, missing)] if missing > 0 else (1, 0)


def best_combination(minimum: int, offers: Sequence[Sequence[Candidate]]) -> list[int] | None:
    """The index of the chosen option per offer, or None when no combination reaches the minimum.

    Offers in the order of their ids, options in the order of step and quantity; every offer takes exactly one.
    """
    weighed = [_useful(options) for options in _weigh(minimum, offers)]
    bounds = _bounds(weighed)
    least = bounds[0].least_cost(minimum)
    if least is None:
        return None
    good = _good_cost(minimum, weighed)
    # The best is mostly much nearer to the bound than to the first good one: look near the bound first.
    rate = bounds[0].rate(minimum)
    room, wide = 0, (good - least) // 1024
    while True:
        best = _best_within(min(least + room, good), minimum, weighed, bounds, rate)
        if best is not None:
            return _positions(best)
        room = 4 * room + 1 if room < wide else room + room // 2 + 1


def _best_within(
    limit: int, minimum: int, offers: Sequence[Sequence[_Weighed]], bounds: Sequence[_Bound], rate: tuple[int, int]
) -> _State | None:
    """The best combination if its cost is at most `limit`; None when there is none of that cost."""
    value_rate, cost_rate = rate
    priced = [_by_excess(options, rate) for options in offers]
    # At the rate, the minimum is worth this much more than every offer's best: no excess above it can be paid.
    spare = limit * value_rate - minimum * cost_rate - sum(least for least, _options in priced)
    states = [_State(0, 0, 0, None, -1, 0)]
    for (_least, options), bound in zip(priced, bounds[1:], strict=True):
        grown: list[_State] = []
        for state in states:
            for excess, value, cost, position in options:
                spent = state.excess + excess
                if spent > spare:
                    break
                reached = min(minimum, state.value + value)
                grown.append(_State(reached, state.cost + cost, state.rank, state, position, spent))
        states = _ranked(_undominated(grown, minimum, limit, bound))
    complete = (state for state in states if state.value >= minimum)
    return min(complete, key=lambda state: (state.cost, state.rank), default=None)


def _by_excess(options: Sequence[_Weighed], rate: tuple[int, int]) -> tuple[int, list[tuple[int, int, int, int]]]:
    """The least worth of an offer's options at a rate, and the options by what they are above it."""
    value_rate, cost_rate = rate
    worth = [option.cost * value_rate - option.value * cost_rate for option in options]
    least = min(worth)
    return least, sorted((own - least, *option) for own, option in zip(worth, options, strict=True))


def _weigh(minimum: int, offers: Sequence[Sequence[Candidate]]) -> list[list[_Weighed]]:
    """One integer cost per option: firm units not served weigh more than any price, price more than any units."""
    per_unit = 1
    per_price = 1 + sum(max(option.units for option in options) for options in offers)
    per_firm = per_price * (1 + sum(max(option.price for option in options) for options in offers))
    return [
        [
            _Weighed(
                min(option.value, minimum),
                (max(other.firm_served for other in options) - option.firm_served) * per_firm
                + option.price * per_price
                + option.units * per_unit,
                position,
            )
            for position, option in enumerate(options)
        ]
        for options in offers
    ]


def _useful(options: Sequence[_Weighed]) -> list[_Weighed]:
    """The options that no other of the same offer makes useless, by rising value and cost."""
    kept: list[_Weighed] = []
    for option in sorted(options, key=lambda option: (-option.value, option.cost, option.position)):
        if not kept or (option.cost, option.position) < (kept[-1].cost, kept[-1].position):
            kept.append(option)
    return kept[::-1]


def _hull(options: Sequence[_Weighed]) -> list[tuple[int, int]]:
    """The upgrades (value, cost) along the lower convex edge, from the cheapest option on."""
    edge: list[_Weighed] = []
    for point in options:
        while len(edge) > 1 and _is_above(edge[-2], edge[-1], point):
            edge.pop()
        edge.append(point)
    return [(b.value - a.value, b.cost - a.cost) for a, b in pairwise(edge)]


def _is_above(left: _Weighed, middle: _Weighed, right: _Weighed) -> bool:
    """Whether `middle` lies on or above the straight line from left to right."""
    climb = (middle.cost - left.cost) * (right.value - left.value)
    return climb >= (right.cost - left.cost) * (middle.value - left.value)


def _bounds(offers: Sequence[Sequence[_Weighed]]) -> list[_Bound]:
    """The relaxation of every tail of the offers; the last one is that of no offer."""
    bounds = [_Bound(0, 0, [], [], [])]
    for options in reversed(offers):
        after = bounds[-1]
        upgrades = sorted(after.upgrades + _hull(options), key=lambda upgrade: _Slope(*upgrade))
        bounds.append(
            _Bound(
                after.value + options[0].value,
                after.cost + options[0].cost,
                list(accumulate(value for value, _cost in upgrades)),
                list(accumulate(cost for _value, cost in upgrades)),
                upgrades,
            )
        )
    return bounds[::-1]


class _Slope:
    """Sorts upgrades by cost per value, exactly."""

    __slots__ = ("cost", "value")

    def __init__(self, value: int, cost: int) -> None:
        self.value, self.cost = value, cost

    def __lt__(self, other: "_Slope") -> bool:
        return self.cost * other.value < other.cost * self.value


def _good_cost(minimum: int, offers: Sequence[Sequence[_Weighed]]) -> int:
    """The cost of some good combination that reaches the minimum: greedy along the edges, then one by one."""
    chosen = [options[0] for options in offers]
    steps = sorted(
        ((_Slope(value, cost), index) for index, options in enumerate(offers) for value, cost in _hull(options)),
        key=lambda step: step[0],
    )
    value = sum(option.value for option in chosen)
    for slope, index in steps:
        if value >= minimum:
            break
        target = chosen[index].value + slope.value
        chosen[index] = next(option for option in offers[index] if option.value == target)
        value += slope.value
    improved = True
    while improved:
        improved = False
        for index, options in enumerate(offers):
            spare = value - minimum
            better = next(option for option in options if option.value >= chosen[index].value - spare)
            if better.cost < chosen[index].cost:
                value += better.value - chosen[index].value
                chosen[index], improved = better, True
    return sum(option.cost for option in chosen)


def _undominated(states: Sequence[_State], minimum: int, limit: int, bound: _Bound) -> list[_State]:
    """The states that may still lead to the best combination."""
    kept: list[_State] = []
    best: tuple[int, int, int] | None = None
    for state in sorted(states, key=lambda state: (-state.value, state.cost, state.rank, state.position)):
        key = (state.cost, state.rank, state.position)
        if best is not None and key >= best:
            continue
        rest = bound.least_cost(minimum - state.value)
        if rest is not None and state.cost + rest <= limit:
            kept.append(state)
            best = key
    return kept


def _ranked(states: Sequence[_State]) -> list[_State]:
    """The same states with ranks by their positions so far."""
    ordered = sorted(states, key=lambda state: (state.rank, state.position))
    return [state._replace(rank=rank) for rank, state in enumerate(ordered)]


def _positions(state: _State) -> list[int]:
    positions: list[int] = []
    current: _State | None = state
    while current is not None and current.parent is not None:
        positions.append(current.position)
        current = current.parent
    return positions[::-1]
