"""What a reservation may come to at most: before the count by what was promised at most, with everything beside it."""

from fractions import Fraction
from typing import NamedTuple

from marketplace.rules.ledger.splitting import Market, half_up, taxed


class UnitDues(NamedTuple):
    """What comes with a unit of an offer beside its price: its deposit, the tax (1/100 %) where that is added on top,
    and by how many per cent its weight may be above the nominal one."""

    deposit: int = 0
    tax_rate: int = 0
    margin_percent: int = 0


class Credit(NamedTuple):
    """A household at a hub that limits credit: its balance, how far below zero it may go, and what its other
    reservations there hold."""

    balance: int
    limit: int
    others: int
    market: Market

    @property
    def available(self) -> int:
        """What all that this reservation may cost has to stay within."""
        return self.balance + self.limit - self.others


def line_at_most(units: int, unit_price: int, dues: UnitDues, market: Market) -> int:
    """What a line may cost: all units that are wanted, at their highest price and weight, with tax and deposit."""
    price = half_up(Fraction(units * unit_price * (100 + dues.margin_percent), 100))
    gross = taxed(price, dues.tax_rate, includes_tax=market.prices_include_tax).gross
    return gross + units * dues.deposit


def fee_at_most(amount: int, market: Market) -> int:
    """What a fee costs with its tax."""
    return taxed(amount, market.service_tax_rate, includes_tax=market.prices_include_tax).gross
