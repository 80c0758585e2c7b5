"""A merchant's invoice against what was ordered and what came: the difference of each line, and who bears it.

A lower billed price always reaches the households. More than was agreed never does, except weight within the margin
that they agreed to beforehand. All amounts are net, in minor units.
"""

from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from marketplace.rules.orders.weights import Weighing, amount_of, half_up


class InvoiceState(StrEnum):
    ENTERED = "entered"
    MATCHED = "matched"
    WITHDRAWN = "withdrawn"  # another one was entered in its place


class Bearer(StrEnum):
    """Who bears what is billed too much, or keeps what is billed too little."""

    MERCHANT = "merchant"  # the hub pays what was agreed
    HUB = "hub"
    HOUSEHOLDS = "households"


class Came(NamedTuple):
    """What came of a line: units, at `cost` each, of which `hub` are the hub's; what they weighed where that is known
    (`actual_milli` of `weighed_units`)."""

    units: int
    cost: int
    hub: int = 0
    weighing: Weighing | None = None
    actual_milli: int | None = None
    weighed_units: int = 0

    def expected(self, units: int) -> int:
        """What so many of these units should cost."""
        if self.weighing is None or self.actual_milli is None or not self.weighed_units:
            return units * self.cost
        milli = half_up(Fraction(self.actual_milli * units, self.weighed_units))
        return amount_of(cost=self.cost, units=units, weighing=self.weighing, actual_milli=milli)

    def at_most(self) -> int:
        """What all of them may cost by the margin that the households agreed to; without one, what was ordered."""
        if self.weighing is None:
            return self.units * self.cost
        most = self.weighing.most_milli(self.units)
        return amount_of(cost=self.cost, units=self.units, weighing=self.weighing, actual_milli=most)


class Billed(NamedTuple):
    """What the invoice asks for a line."""

    units: int
    amount: int


class Match(NamedTuple):
    """One line matched: `expected` for what came, `fall` by which the billed price is lower (it goes to the
    households), and `rest` of the difference, which somebody bears (above 0) or keeps (below 0)."""

    expected: int
    fall: int
    rest: int
    may_bear: tuple[Bearer, ...]

    @property
    def usual(self) -> Bearer | None:
        """Who bears the rest unless somebody decides otherwise."""
        return self.may_bear[0] if self.may_bear else None


def match(came: Came, billed: Billed) -> Match:
    """Hold a billed line against what came. The difference is `rest - fall`."""
    expected = came.expected(came.units)
    both = min(billed.units, came.units)
    by_price = 0
    if both:
        by_price = half_up(Fraction(billed.amount * both, billed.units)) - came.expected(both)
    fall = max(0, -by_price)
    rest = billed.amount - expected + fall
    return Match(expected, fall, rest, _bearers(came, billed, rest))


def _bearers(came: Came, billed: Billed, rest: int) -> tuple[Bearer, ...]:
    if rest < 0:
        return Bearer.HUB, Bearer.HOUSEHOLDS
    if rest == 0:
        return ()
    within_margin = came.weighing is not None and billed.units <= came.units and billed.amount <= came.at_most()
    if within_margin:
        return Bearer.HOUSEHOLDS, Bearer.HUB, Bearer.MERCHANT
    return Bearer.MERCHANT, Bearer.HUB


class Borne(NamedTuple):
    """What a matched line comes to: the hub pays `payable`; the households get `credit` back, or pay `charge` more."""

    payable: int
    credit: int
    charge: int


def borne(came: Came, billed: Billed, found: Match, bearer: Bearer | None) -> Borne:
    """The amounts of a line whose rest this one bears. Raises ValueError for one who may not."""
    if bearer not in found.may_bear if bearer else found.rest:
        raise ValueError(f"{bearer} may not bear this difference.")
    payable = billed.amount - (found.rest if found.rest > 0 and bearer is Bearer.MERCHANT else 0)
    to_households = found.fall + (-found.rest if found.rest < 0 and bearer is Bearer.HOUSEHOLDS else 0)
    charge = found.rest if found.rest > 0 and bearer is Bearer.HOUSEHOLDS else 0
    return Borne(payable, _share(came, to_households), _share(came, charge))


def _share(came: Came, amount: int) -> int:
    """The households' part of an amount: by their units of those that came; the hub's own units keep theirs."""
    if not amount or not came.units:
        return amount if not came.hub else 0
    return half_up(Fraction(amount * (came.units - min(came.hub, came.units)), came.units))


def tax_of(amounts: dict[int, int]) -> int:
    """Tax on net amounts by rate in hundredths of a per cent, rounded half up once per rate."""
    return sum(half_up(Fraction(net * rate, 10_000)) for rate, net in amounts.items())
