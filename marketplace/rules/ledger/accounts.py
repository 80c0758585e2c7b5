"""The accounts of a hub's books: what each one says, and how it is named.

Every amount leaves one account and reaches another, so the sum of all balances is zero. The balance of an account is
what reached it minus what left it: above zero the hub owes it (a household's wallet, a merchant, a tax office) or has
earned it; below zero it is something that the hub has (money at the bank, goods in stock) or has spent.
"""

from enum import StrEnum
from typing import Final, NamedTuple


class AccountKind(StrEnum):
    HOUSEHOLD = "household"  # one household's wallet at the hub
    MERCHANT = "merchant"  # what the hub owes a merchant
    HOST = "host"  # what the hub owes the host of a pickup point: its commission
    COURIER = "courier"  # what couriers bear of what went wrong on the way
    HUB_MARGIN = "hub_margin"  # sold goods, net, minus what they cost
    HUB_STOCK = "hub_stock"  # goods that the hub keeps, at cost
    ROUNDING = "rounding"  # what rounding weighed goods leaves over
    FEES = "fees"  # what households pay for the handover and the like, net
    PURCHASE_FEES = "purchase_fees"  # what merchants take for split cases and small orders, net
    COMMISSION = "commission"  # what the hub earns on what it sells as a merchant's agent, net
    HOST_COMMISSION = "host_commission"  # what the hub gives away of its margin to hosts
    MEMBERSHIP = "membership"  # membership fees, net
    DEPOSITS = "deposits"  # returnable packages of one type: paid for by households, not yet by them given back
    VAT_DUE = "vat_due"  # tax on sales, by rate
    VAT_PAID = "vat_paid"  # tax on purchases, by rate
    BANK = "bank"
    CASH = "cash"
    CARD = "card"  # money that the card company holds
    CARD_FEES = "card_fees"
    GOODWILL = "goodwill"  # what the hub itself bears of claims
    OPENING = "opening"  # balances brought along from an older system
    SUSPENSE = "suspense"  # money that nobody has assigned yet
    WRITE_OFF = "write_off"  # what will not come in any more, or was lost


class AccountRef(NamedTuple):
    """One account of a hub, by what it is about. Rates in 1/100 %; a kind takes the parts that `PARTS` names for it."""

    kind: AccountKind
    household_id: int | None = None
    merchant_id: int | None = None
    deposit_type_id: int | None = None
    tax_rate: int | None = None
    pickup_point_id: int | None = None


_K = AccountKind
# What tells two accounts of one kind apart; kinds that are not named have one account per hub.
PARTS: Final[dict[AccountKind, str]] = {
    _K.HOUSEHOLD: "household_id",
    _K.MERCHANT: "merchant_id",
    _K.HOST: "pickup_point_id",
    _K.DEPOSITS: "deposit_type_id",
    _K.VAT_DUE: "tax_rate",
    _K.VAT_PAID: "tax_rate",
}
# What the hub has or spends: shown with the sign turned round, so that money at the bank reads as money.
HAD_OR_SPENT: Final = frozenset(
    {
        _K.HUB_STOCK,
        _K.PURCHASE_FEES,
        _K.HOST_COMMISSION,
        _K.VAT_PAID,
        _K.BANK,
        _K.CASH,
        _K.CARD,
        _K.CARD_FEES,
        _K.GOODWILL,
        _K.WRITE_OFF,
    }
)


class BadAccount(ValueError):
    """An account that names too little or too much; says which."""


def code_of(ref: AccountRef) -> str:
    """The account's name within its hub: "household:12", "vat_due:600", "bank". Raises BadAccount where the part that
    the kind needs is missing, or another one is named."""
    part = PARTS.get(ref.kind)
    named = {name: value for name, value in zip(ref._fields[1:], ref[1:], strict=True) if value is not None}
    if set(named) != ({part} if part else set()):
        raise BadAccount(f"An account of kind {ref.kind.value} takes {part or 'nothing else'}, not {sorted(named)}.")
    return f"{ref.kind.value}:{named[part]}" if part else ref.kind.value


def shown(kind: AccountKind, balance_minor: int) -> int:
    """A balance as people read it: what the hub has stands without a minus."""
    return -balance_minor if kind in HAD_OR_SPENT else balance_minor


def household(household_id: int) -> AccountRef:
    return AccountRef(_K.HOUSEHOLD, household_id=household_id)


def merchant(merchant_id: int) -> AccountRef:
    return AccountRef(_K.MERCHANT, merchant_id=merchant_id)


def deposits(deposit_type_id: int) -> AccountRef:
    return AccountRef(_K.DEPOSITS, deposit_type_id=deposit_type_id)


def vat_due(tax_rate: int) -> AccountRef:
    return AccountRef(_K.VAT_DUE, tax_rate=tax_rate)


def vat_paid(tax_rate: int) -> AccountRef:
    return AccountRef(_K.VAT_PAID, tax_rate=tax_rate)


def host(pickup_point_id: int) -> AccountRef:
    return AccountRef(_K.HOST, pickup_point_id=pickup_point_id)
