"""When a reservation is settled, and what with: the plain values between what was read and what is booked."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from marketplace.rules.ledger.entries import Entry
from marketplace.rules.ledger.splitting import (
    Fee,
    Market,
    Paid,
    Payer,
    Sold,
    fee_entries,
    host_entries,
    paid_by,
    sale_entries,
    taxed,
)
from marketplace.rules.orders.weights import MILLI, Weighing, half_up


class Cause(StrEnum):
    """Why a reservation was settled (again)."""

    HANDED_OVER = "handed_over"
    NO_SHOW = "no_show"
    TAKEN_BACK = "taken_back"  # the tick was a mistake
    SHORTAGE = "shortage"  # what it got was put right afterwards
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Detail:
    """What is told of a sold line beside its amounts."""

    product_id: int
    name: str
    unit_price: int
    weight_milli: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """All that a reservation costs by what is known now; nothing at all where nothing was handed over."""

    market: Market
    sold: tuple[tuple[Sold, Detail], ...] = ()
    fees: tuple[tuple[Fee, str], ...] = ()
    host_point_id: int | None = None
    host_rate: int = 0

    def entries(self) -> list[Entry]:
        """The entries that say all of it."""
        entries = [entry for sold, _ in self.sold for entry in sale_entries(sold, self.market)]
        entries += [entry for fee, _ in self.fees for entry in fee_entries(fee, self.market)]
        if self.host_point_id is not None and self.host_rate:
            net = sum(paid.net for paid in self.paid())
            entries += host_entries(self.host_point_id, net, self.host_rate)
        return entries

    def paid(self) -> Iterable[Paid]:
        """What every household pays for every line."""
        return (paid for sold, _ in self.sold for paid in paid_by(sold, self.market))

    @property
    def goods_minor(self) -> int:
        return sum(paid.net + paid.tax for paid in self.paid())

    @property
    def deposit_minor(self) -> int:
        return sum(paid.deposit for paid in self.paid())

    @property
    def fees_minor(self) -> int:
        return sum(self.fee_price(fee)[0] for fee, _ in self.fees)

    @property
    def tax_minor(self) -> int:
        return sum(paid.tax for paid in self.paid()) + sum(self.fee_price(fee)[1] for fee, _ in self.fees)

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.deposit_minor + self.fees_minor

    def fee_price(self, fee: Fee) -> tuple[int, int]:
        """What a fee costs, and the tax in it."""
        price = taxed(fee.amount, self.market.service_tax_rate, includes_tax=self.market.prices_include_tax)
        return price.gross, price.tax


def weight_share(units: int, weighed_units: int, actual_milli: int) -> Fraction:
    """The part of a weight that was taken together which falls on some of its units, in thousandths."""
    return Fraction(actual_milli * units, weighed_units)


def weighed_price(*, unit_price: int, units: int, weighing: Weighing, milli: Fraction) -> int:
    """What these units cost by their weight, no more than within its margin; rounded half up once."""
    most = weighing.nominal_milli(units) * (100 + weighing.margin_percent) / 100
    return half_up(Fraction(unit_price * weighing.denominator, weighing.numerator) * min(milli, most) / MILLI)


def payers_of(household_id: int, shared: Iterable[tuple[int, int, int, int | None]]) -> tuple[Payer, ...]:
    """The line's own household with what it keeps, then those that took parts, given as (household, parts, of all
    parts, units agreed to)."""
    taken = list(shared)
    if not taken:
        return (Payer(household_id),)
    kept = taken[0][2] - sum(parts for _household, parts, _all, _agreed in taken)
    return (Payer(household_id, kept), *(Payer(other, parts, agreed) for other, parts, _all, agreed in taken))
