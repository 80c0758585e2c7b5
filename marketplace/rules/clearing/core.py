"""Closing, 4: the search around the linear relaxation. Each offer stands at the point that the relaxation's rate of
cost per value chooses; what a change of it costs above the rate is its loss, never negative.

The offers are changed one after the other. After each there is one state per sum of values above or below the gap:
the least loss that gives it. Its bound adds what the offers to come must lose to reach the gap, and what is paid for
the value above it that their common divisor cannot take back; a bound at or above the best total found ends it.
A round keeps at most `width` states per offer, those of the least bounds; it is a proof if the best total found is not
above the least bound it put aside. Otherwise the width grows. Two orders of the offers take turns: those that lose
least first (the states around the gap stay few), or those first that break the common divisor of the others (sums
that cannot hit the gap die early).

Bound: with n offers of at most k points, a round looks at no more than n * k * min(width, s) changes, where s <= k ** n
counts the sums that the offers' values can have (in steps of their common divisor, so s is at most the sum of the
offers' spans, each no wider than the gap); rounds end with a width of at most 4 * s. Memory is that of k * width
states. In practice only the few states whose bound is below the least total are looked at.
"""

from collections.abc import Iterable, Sequence
from math import gcd
from typing import NamedTuple, TypeAlias

FIRST_WIDTH = 500  # states after each offer in the first round
GROWTH = 4
PRIMES = (2, 3, 5, 7, 11, 13)  # the divisors that cases and prices share in practice; any choice is correct


class Point(NamedTuple):
    """An option, or a change between two: value and cost."""

    value: int
    cost: int


class _Move(NamedTuple):
    """Another point of an offer than the chosen one: its loss (scaled) and the change of value."""

    loss: int
    value: int


_Moves: TypeAlias = Sequence[_Move]
_State: TypeAlias = tuple[int, int]  # loss so far, value above the gap (below: negative)


class _Level(NamedTuple):
    """The moves of an offer, and what the offers after it can still do: the loss per step of value up and down, the
    most steps up, and the divisor of all their steps."""

    moves: _Moves
    up: int
    down: int
    most_up: int
    stride: int


class Core:
    """One search for the least cost. Costs are scaled by the mixed upgrade's value, so that losses are integers."""

    def __init__(
        self, gap: int, offers: Sequence[Sequence[Point]], chosen: Sequence[Point], mixed: Point, above: int
    ) -> None:
        """`chosen` are the offers' points at the rate of the `mixed` upgrade; with it they are `above` the gap."""
        self.value_rate, self.cost_rate = mixed
        self.start = sum(point.value for point in chosen) - gap
        self.fixed = self.value_rate * sum(point.cost for point in chosen) - self.cost_rate * self.start
        self.best = self.cost_rate * above
        moves = [self._moves(points, own) for points, own in zip(offers, chosen, strict=True)]
        moves = [some for some in moves if some]
        self.orders = [self._levels(sorted(moves, key=_least_loss)), self._levels(_finest_first(moves))]

    def least_cost(self) -> int:
        """The cost of the best combination."""
        width = FIRST_WIDTH
        while not any(self._proves(levels, width) for levels in self.orders):
            width *= GROWTH
        return (self.fixed + self.best) // self.value_rate

    def _moves(self, points: Iterable[Point], own: Point) -> list[_Move]:
        """The offer's other points by rising loss, as far as one of them alone does not lose too much."""
        changes = [Point(point.value - own.value, point.cost - own.cost) for point in points if point != own]
        moves = [_Move(cost * self.value_rate - value * self.cost_rate, value) for value, cost in changes]
        return sorted(move for move in moves if move.loss < self.best)

    def _levels(self, offers: Sequence[_Moves]) -> list[_Level]:
        """The offers in the order given, each with the prospects of those after it."""
        levels: list[_Level] = []
        up, down, most_up, stride = self.best, self.cost_rate, 0, 0
        for moves in reversed(offers):
            levels.append(_Level(moves, up, down, most_up, stride))
            up = min([up, *(loss // value for loss, value in moves if value > 0)])
            down = min([down, *(loss // -value for loss, value in moves if value < 0)])
            most_up += max(0, *(value for _loss, value in moves), 0)
            stride = gcd(stride, *(value for _loss, value in moves))
        return levels[::-1]

    def _proves(self, levels: Sequence[_Level], width: int) -> bool:
        """One round: look for better combinations; whether nothing that was put aside can be better than the best."""
        states: list[_State] = [(0, self.start)]
        limit = self.best
        for level in levels:
            ranked = self._bounded(_changed(states, level.moves, limit), level, limit)
            limit = min(limit, self.best)
            if len(ranked) > width:
                ranked.sort()
                limit = min(limit, ranked[width][0])
                del ranked[width:]
            states = sorted((loss, value) for _bound, loss, value in ranked)
        return self.best <= limit

    def _bounded(self, losses: dict[int, int], level: _Level, limit: int) -> list[tuple[int, int, int]]:
        """The states that may still lead to a total below the limit: bound, loss, value. Notes the best total."""
        rate, best, stride = self.cost_rate, self.best, level.stride
        bounded = []
        for value, loss in losses.items():
            if value >= 0:
                best = min(best, loss + value * rate)
                over = value % stride if stride else value
                bound = loss + (value - over) * level.down + over * rate
            elif -value <= level.most_up:
                bound = loss - value * level.up + value % stride * rate
            else:
                continue
            if bound < limit:
                bounded.append((bound, loss, value))
        self.best = best
        return bounded


def _changed(states: Sequence[_State], moves: _Moves, limit: int) -> dict[int, int]:
    """The least loss per value, with one move of an offer made or none. `states` come by rising loss."""
    losses = {value: loss for loss, value in states}
    known = losses.get
    for extra, change in moves:
        room = limit - extra
        for loss, value in states:
            if loss >= room:
                break
            if loss + extra < known(value + change, limit):
                losses[value + change] = loss + extra
    return losses


def _least_loss(moves: _Moves) -> int:
    """What a change of the offer loses per step of value, at least."""
    return min(loss // abs(value) for loss, value in moves)


def _finest_first(offers: Sequence[_Moves]) -> list[_Moves]:
    """Again and again first the fewest offers without which the others have a larger common divisor."""
    ordered: list[_Moves] = []
    rest = list(offers)
    while rest:
        strides = [gcd(*(value for _loss, value in moves)) for moves in rest]
        common = gcd(*strides)
        breaking = [[stride // common % prime != 0 for stride in strides] for prime in PRIMES]
        finest = min((some for some in breaking if any(some)), key=sum, default=[True] * len(rest))
        ordered += sorted((moves for moves, fine in zip(rest, finest, strict=True) if fine), key=_least_loss)
        rest = [moves for moves, fine in zip(rest, finest, strict=True) if not fine]
    return ordered
