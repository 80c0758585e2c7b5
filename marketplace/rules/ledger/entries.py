"""Entries and the transactions that hold them: plain values, before anything is written."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from marketplace.rules.ledger.accounts import AccountRef, code_of
from marketplace.rules.money import MAX_MINOR_UNITS


class TransactionKind(StrEnum):
    """Why amounts moved."""

    SETTLEMENT = "settlement"  # what a reservation finally costs
    SETTLEMENT_UNDONE = "settlement_undone"  # the hand-over was taken back: everything in the other direction
    SETTLEMENT_CORRECTED = "settlement_corrected"  # what was handed over was put right
    SHORTAGE = "shortage"  # less came than was charged
    CLAIM = "claim"  # an accepted claim
    CLAIM_UNDONE = "claim_undone"
    DEPOSIT_RETURN = "deposit_return"  # packages that households brought back
    DEPOSIT_SENT_BACK = "deposit_sent_back"  # packages that went back to a merchant
    MEMBERSHIP_FEE = "membership_fee"
    HOST_COMMISSION = "host_commission"
    PURCHASE = "purchase"  # what a merchant delivered
    INVOICE = "invoice"  # what a merchant's invoice changed
    STOCK = "stock"  # goods of the hub that were sold, given away or lost
    WEIGHT_ROUNDING = "weight_rounding"
    PAYMENT = "payment"  # money from a household
    REFUND = "refund"  # money back to a household
    PAYOUT = "payout"  # money to a merchant or a host
    BANK = "bank"  # a line of a bank statement that is none of these
    CARD = "card"  # what the card company took, paid out or gave back
    CASH = "cash"  # taken in or banked
    TAX = "tax"  # paid to or received from the tax office
    OPENING = "opening"
    TRANSFER = "transfer"  # between two accounts, by somebody who says why
    GOODWILL = "goodwill"
    WRITE_OFF = "write_off"
    CORRECTION = "correction"  # the opposite of an earlier one, by somebody who says why


class BadEntries(ValueError):
    """Entries that no book can hold; says which and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`amount_minor` (above zero, minor units of the hub's currency) from one account to another.

    `memo` is a stable code for what this is (`LineMemo`, or the caller's own), `facts` what its sentence needs, in
    plain JSON. `line_id`: the reservation's line that it is about, if one is.
    """

    source: AccountRef
    destination: AccountRef
    amount_minor: int
    memo: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    line_id: int | None = None

    def turned(self) -> "Entry":
        """The same in the other direction."""
        return Entry(self.destination, self.source, self.amount_minor, self.memo, self.facts, self.line_id)


class LineMemo(StrEnum):
    """What an entry of a settlement, a purchase or a credit is."""

    GOODS = "goods"  # net price
    TAX = "tax"
    DEPOSIT = "deposit"
    FEE = "fee"
    COMMISSION = "commission"
    STOCK_COST = "stock_cost"
    COST = "cost"
    PURCHASE_FEE = "purchase_fee"
    STOCK = "stock"
    ROUNDING = "rounding"


def check_entries(entries: Sequence[Entry]) -> None:
    """Raise BadEntries or BadAccount for entries that cannot be written."""
    if not entries:
        raise BadEntries("A transaction moves something: at least one entry.")
    for number, entry in enumerate(entries, start=1):
        amount = entry.amount_minor
        if type(amount) is not int or not 0 < amount <= MAX_MINOR_UNITS:
            raise BadEntries(f"Entry {number} moves {amount!r}; an amount is a whole number above 0.")
        if code_of(entry.source) == code_of(entry.destination):
            raise BadEntries(f"Entry {number} moves from {code_of(entry.source)} to itself.")


def content_hash(kind: TransactionKind, entries: Iterable[Entry]) -> str:
    """What "the same content" means for a transaction's key: kind, accounts, amounts and memos in their order."""
    body = [
        kind.value,
        *([code_of(e.source), code_of(e.destination), e.amount_minor, e.memo, e.line_id] for e in entries),
    ]
    return hashlib.sha256(json.dumps(body, separators=(",", ":")).encode()).hexdigest()


def drained(entries: Iterable[Entry], ref: AccountRef) -> int:
    """What the entries take out of an account, less what they bring in; minor units."""
    return sum(e.amount_minor * ((e.source == ref) - (e.destination == ref)) for e in entries)
