"""How an amount comes apart: what a household pays for a line, and who gets which part of it.

Amounts in minor units, rates in 1/100 %. Everything is multiplied first and rounded half up once, at the place that a
function names; the parts of an amount always add up to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from marketplace.rules.ledger.accounts import (
    AccountKind,
    AccountRef,
    deposits,
    host,
    household,
    merchant,
    vat_due,
    vat_paid,
)
from marketplace.rules.ledger.entries import Entry, LineMemo
from marketplace.rules.parts import Part, split, split_as_agreed

Facts = Mapping[str, object]
NOTHING: Facts = MappingProxyType({})
ALL = 10_000  # 100 % in 1/100 %
MARGIN = AccountRef(AccountKind.HUB_MARGIN)
STOCK = AccountRef(AccountKind.HUB_STOCK)


class SellsAs(StrEnum):
    """Who sells to the household."""

    RESELLER = "reseller"  # the hub, which buys from the merchant
    AGENT = "agent"  # the merchant, through the hub


class Taxed(NamedTuple):
    """A price with its tax: `gross` is paid, `net` is earned, `tax` goes to the tax office."""

    net: int
    tax: int

    @property
    def gross(self) -> int:
        return self.net + self.tax


def half_up(amount: Fraction) -> int:
    """The nearest whole number; a half goes away from zero."""
    whole = int(abs(amount) + Fraction(1, 2))
    return whole if amount >= 0 else -whole


def taxed(amount: int, rate: int, *, includes_tax: bool) -> Taxed:
    """A price as this market states it, with its tax: contained in it, or on top. The tax is rounded half up once."""
    if includes_tax:
        tax = half_up(Fraction(amount * rate, ALL + rate))
        return Taxed(amount - tax, tax)
    return Taxed(amount, half_up(Fraction(amount * rate, ALL)))


class Payer(NamedTuple):
    """A household's part of a line. `agreed_units`: it pays for no more than these (None: for all)."""

    household_id: int
    parts: int = 1
    agreed_units: int | None = None


class Sold(NamedTuple):
    """What was handed over of a line: `units` at `price` in all (as the market states prices), of one product.

    The first payer is the line's own household. `cost` is what the units cost in all, net: what the merchant gets where
    it sells itself, what leaves the hub's stock where `from_stock`.
    """

    line_id: int
    units: int
    price: int
    tax_rate: int
    payers: Sequence[Payer]
    merchant_id: int
    sells_as: SellsAs
    cost: int
    from_stock: bool = False
    deposit_type_id: int | None = None
    deposit_each: int = 0
    # What the sentence of its entries needs: product, units, price of one.
    facts: Facts = NOTHING


class Paid(NamedTuple):
    """What one household pays for a line."""

    household_id: int
    net: int
    tax: int
    deposit: int

    @property
    def total(self) -> int:
        return self.net + self.tax + self.deposit


class Market(NamedTuple):
    """How a hub states prices, and the tax on its own services (fees, commissions)."""

    prices_include_tax: bool = True
    service_tax_rate: int = 0


def paid_by(sold: Sold, market: Market) -> list[Paid]:
    """What each household pays, the line's own first. Price, tax and deposit are each parted exactly."""
    whole = taxed(sold.price, sold.tax_rate, includes_tax=market.prices_include_tax)
    goods = _parted(whole.gross, sold)
    deposit = _parted(sold.deposit_each * sold.units, sold)
    taxes = _along(whole.tax, goods)
    return [
        Paid(payer.household_id, amount - tax, tax, kept)
        for payer, amount, tax, kept in zip(sold.payers, goods, taxes, deposit, strict=True)
    ]


def sale_entries(sold: Sold, market: Market) -> Iterator[Entry]:
    """The sale of a line. As a reseller the hub earns the net price and owes the tax; as an agent it passes all of the
    price on to the merchant and earns what is left above the cost as its commission."""
    paid = paid_by(sold, market)
    is_agent = sold.sells_as is SellsAs.AGENT and not sold.from_stock
    earns, owes = (merchant(sold.merchant_id),) * 2 if is_agent else (MARGIN, vat_due(sold.tax_rate))
    for one in paid:
        payer = household(one.household_id)
        yield from _some(payer, earns, one.net, LineMemo.GOODS, sold)
        yield from _some(payer, owes, one.tax, LineMemo.TAX, sold)
        if sold.deposit_type_id is not None:
            yield from _some(payer, deposits(sold.deposit_type_id), one.deposit, LineMemo.DEPOSIT, sold)
    if is_agent:
        yield from _commission(sold, sum(one.net for one in paid) - sold.cost, market)
    elif sold.from_stock:
        yield from _some(MARGIN, STOCK, sold.cost, LineMemo.STOCK_COST, sold)


def _commission(sold: Sold, net: int, market: Market) -> Iterator[Entry]:
    """What the agent keeps, with the tax on its service; where it sells below the cost, it adds the rest."""
    owner, earned = merchant(sold.merchant_id), AccountRef(AccountKind.COMMISSION)
    yield from _some(owner, earned, net, LineMemo.COMMISSION, sold)
    tax = taxed(net, market.service_tax_rate, includes_tax=False).tax
    yield from _some(owner, vat_due(market.service_tax_rate), tax, LineMemo.TAX, sold)


class Fee(NamedTuple):
    """What a household pays beside the goods, as the market states prices. `code` says what for."""

    household_id: int
    code: str
    amount: int
    account: AccountRef = AccountRef(AccountKind.FEES)
    facts: Facts = NOTHING


def fee_entries(fee: Fee, market: Market) -> Iterator[Entry]:
    """A fee and the tax on it."""
    price = taxed(fee.amount, market.service_tax_rate, includes_tax=market.prices_include_tax)
    facts = {**fee.facts, "fee": fee.code}
    payer = household(fee.household_id)
    yield from _moved(payer, fee.account, price.net, LineMemo.FEE, facts)
    yield from _moved(payer, vat_due(market.service_tax_rate), price.tax, LineMemo.TAX, facts)


def host_entries(point_id: int, net: int, rate: int) -> Iterator[Entry]:
    """The commission of a pickup point's host on the net value of what was handed over; rounded half up once."""
    amount = half_up(Fraction(net * rate, ALL))
    given = AccountRef(AccountKind.HOST_COMMISSION)
    yield from _moved(given, host(point_id), amount, LineMemo.COMMISSION, {"net_minor": net, "rate": rate})


class Bought(NamedTuple):
    """What came of a line of a purchase order. `cost` of all units, `stock_cost` of those of them that the hub keeps,
    net; `units` came, `kept` of them for the hub."""

    merchant_id: int
    sells_as: SellsAs
    tax_rate: int
    units: int
    kept: int
    cost: int
    stock_cost: int
    fee: int = 0
    deposit_type_id: int | None = None
    deposit_each: int = 0
    facts: Facts = NOTHING


def purchase_entries(bought: Bought) -> Iterator[Entry]:
    """What the hub owes the merchant for a line: everything as a reseller, its own units and fees as an agent; and the
    packages, which it has taken the deposit for or keeps."""
    owed = merchant(bought.merchant_id)
    sold_on = 0 if bought.sells_as is SellsAs.AGENT else bought.cost - bought.stock_cost
    parts = (
        (MARGIN, sold_on, LineMemo.COST),
        (STOCK, bought.stock_cost, LineMemo.STOCK),
        (AccountRef(AccountKind.PURCHASE_FEES), bought.fee, LineMemo.PURCHASE_FEE),
    )
    for account, amount, memo in parts:
        yield from _moved(account, owed, amount, memo, bought.facts)
    net = sum(amount for _account, amount, _memo in parts)
    tax = taxed(net, bought.tax_rate, includes_tax=False).tax
    yield from _moved(vat_paid(bought.tax_rate), owed, tax, LineMemo.TAX, bought.facts)
    if bought.deposit_type_id is not None:
        packages = bought.deposit_each * bought.units
        yield from _moved(deposits(bought.deposit_type_id), owed, packages, LineMemo.DEPOSIT, bought.facts)


class Bearer(StrEnum):
    """Who bears what a household is given back."""

    MERCHANT = "merchant"
    HUB = "hub"
    COURIER = "courier"


def refund_entries(
    *,
    household_id: int,
    amount: int,
    tax_rate: int | None,
    sells_as: SellsAs,
    merchant_id: int | None,
    borne_by: Bearer,
    line_id: int | None = None,
    facts: Facts = NOTHING,
) -> list[Entry]:
    """An amount (as paid, with tax) given back to a household. Where the hub was the seller the tax in it is no longer
    due; `tax_rate` is None for what belongs to no single line, which then has none.

    Raises ValueError where a merchant is to bear what is nobody's of its own.
    """
    if borne_by is Bearer.MERCHANT and merchant_id is None:
        raise ValueError("No merchant is known that could bear this.")
    bearers = {
        Bearer.MERCHANT: merchant(merchant_id) if merchant_id is not None else None,
        Bearer.HUB: AccountRef(AccountKind.GOODWILL),
        Bearer.COURIER: AccountRef(AccountKind.COURIER),
    }
    bearer = bearers[borne_by]
    assert bearer is not None  # noqa: S101 - refused above
    hub_sold = tax_rate is not None and sells_as is SellsAs.RESELLER
    parts = taxed(amount, tax_rate or 0, includes_tax=True) if hub_sold else Taxed(amount, 0)
    receiver = household(household_id)
    entries = list(_moved(bearer, receiver, parts.net, LineMemo.GOODS, facts, line_id))
    entries += _moved(vat_due(tax_rate or 0), receiver, parts.tax, LineMemo.TAX, facts, line_id)
    return entries


def rounding_entries(*, collected: int, exact: int, sells_as: SellsAs, merchant_id: int) -> list[Entry]:
    """What households paid for weighed goods, each rounded once, beside what all of it together comes to, rounded once:
    the hub's rounding account takes the difference from the seller, or gives it."""
    seller = merchant(merchant_id) if sells_as is SellsAs.AGENT else MARGIN
    return list(_moved(seller, AccountRef(AccountKind.ROUNDING), collected - exact, LineMemo.ROUNDING, NOTHING))


def _parted(amount: int, sold: Sold) -> list[int]:
    """An amount by the payers' parts, in their order; its sum is the amount."""
    own, *others = sold.payers
    if not others:
        return [amount]
    taken = [(Part(other.household_id, other.parts), other.agreed_units) for other in others]
    return split_as_agreed(amount, sold.units, Part(own.household_id, own.parts), taken)


def _along(amount: int, parts: Sequence[int]) -> list[int]:
    """An amount in proportion to others, never above any of them; its sum is the amount (at most that of the parts)."""
    if not amount:
        return [0] * len(parts)
    weights = [Part(place, part) for place, part in enumerate(parts) if part]
    shares = dict(zip((weight.household_id for weight in weights), split(amount, weights), strict=True))
    return [shares.get(place, 0) for place in range(len(parts))]


def _some(source: AccountRef, destination: AccountRef, amount: int, memo: LineMemo, sold: Sold) -> Iterator[Entry]:
    yield from _moved(source, destination, amount, memo, sold.facts, sold.line_id)


def _moved(
    source: AccountRef,
    destination: AccountRef,
    amount: int,
    memo: LineMemo,
    facts: Facts,
    line_id: int | None = None,
) -> Iterator[Entry]:
    """An entry; the other way round for an amount below zero, none for zero."""
    if amount > 0:
        yield Entry(source, destination, amount, memo.value, facts, line_id)
    elif amount < 0:
        yield Entry(destination, source, -amount, memo.value, facts, line_id)
