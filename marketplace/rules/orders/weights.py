"""Catch weight: ordered in pieces, priced by weight on a nominal one, billed by what was weighed within a margin.

Weights are thousandths of the price unit (grams of a kilogram), so that they are whole numbers.
"""

from fractions import Fraction
from typing import NamedTuple

MILLI = 1000


class Weighing(NamedTuple):
    """One consumer unit nominally holds `numerator/denominator` price units; a unit of weight above the nominal one is
    paid up to `margin_percent`."""

    unit: str
    numerator: int
    denominator: int
    margin_percent: int

    def nominal_milli(self, units: int) -> Fraction:
        """The nominal weight of some units."""
        return Fraction(units * self.numerator * MILLI, self.denominator)

    def most_milli(self, units: int) -> int:
        """The most weight that is paid for these units: the nominal one and its margin."""
        return int(self.nominal_milli(units) * (100 + self.margin_percent) / 100)

    def billed_milli(self, units: int, actual_milli: int) -> int:
        """What of an actual weight is paid."""
        return min(actual_milli, self.most_milli(units))


def amount_of(*, cost: int, units: int, weighing: Weighing | None = None, actual_milli: int | None = None) -> int:
    """Minor units for some consumer units at `cost` each; by their weight, where it is known, rounded half up once."""
    if weighing is None or actual_milli is None or not units:
        return units * cost
    per_price_unit = Fraction(cost * weighing.denominator, weighing.numerator)
    return half_up(per_price_unit * weighing.billed_milli(units, actual_milli) / MILLI)


def half_up(amount: Fraction) -> int:
    """The nearest whole number of an amount of 0 or more; a half goes up."""
    return int(amount + Fraction(1, 2))


def milli_text(milli: int) -> str:
    """Thousandths as decimal text: 3210 is "3.210"."""
    return f"{milli // MILLI}.{milli % MILLI:03d}"
