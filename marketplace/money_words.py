"""What moved a balance, in a household's words, and what the accounts of a hub are called."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.models import LedgerAccount
from marketplace.queries.balances import account_name
from marketplace.queries.movements import Movement
from marketplace.rules.ledger.accounts import AccountKind
from marketplace.rules.ledger.entries import TransactionKind
from marketplace.words import isolated, listed

_T, _A = TransactionKind, AccountKind

KINDS: Mapping[TransactionKind, Promise] = {
    _T.SETTLEMENT: gettext_lazy("Handed over"),
    _T.SETTLEMENT_UNDONE: gettext_lazy("Taken back"),
    _T.SETTLEMENT_CORRECTED: gettext_lazy("Put right"),
    _T.SHORTAGE: gettext_lazy("Put right after the handover"),
    _T.CLAIM: gettext_lazy("Given back for a problem"),
    _T.CLAIM_UNDONE: gettext_lazy("Taken back"),
    _T.DEPOSIT_RETURN: gettext_lazy("Packages brought back"),
    _T.DEPOSIT_SENT_BACK: gettext_lazy("Packages sent back"),
    _T.MEMBERSHIP_FEE: gettext_lazy("Membership fee"),
    _T.HOST_COMMISSION: gettext_lazy("Commission of a host"),
    _T.PURCHASE: gettext_lazy("Delivery of a merchant"),
    _T.INVOICE: gettext_lazy("Invoice of a merchant"),
    _T.STOCK: gettext_lazy("Stock"),
    _T.WEIGHT_ROUNDING: gettext_lazy("Rounding of weights"),
    _T.PAYMENT: gettext_lazy("Paid in"),
    _T.REFUND: gettext_lazy("Paid back"),
    _T.PAYOUT: gettext_lazy("Payout"),
    _T.BANK: gettext_lazy("Bank"),
    _T.CARD: gettext_lazy("Card"),
    _T.CASH: gettext_lazy("Cash"),
    _T.TAX: gettext_lazy("Tax"),
    _T.OPENING: gettext_lazy("Brought along from before"),
    _T.TRANSFER: gettext_lazy("Moved by the hub"),
    _T.GOODWILL: gettext_lazy("From the hub, out of goodwill"),
    _T.WRITE_OFF: gettext_lazy("Written off"),
    _T.CORRECTION: gettext_lazy("Correction"),
}

ACCOUNTS: Mapping[AccountKind, Promise] = {
    _A.HOUSEHOLD: gettext_lazy("Households"),
    _A.MERCHANT: gettext_lazy("Merchants"),
    _A.HOST: gettext_lazy("Hosts"),
    _A.COURIER: gettext_lazy("Couriers"),
    _A.HUB_MARGIN: gettext_lazy("Margin on goods"),
    _A.HUB_STOCK: gettext_lazy("Stock, at cost"),
    _A.ROUNDING: gettext_lazy("Rounding"),
    _A.FEES: gettext_lazy("Fees of households"),
    _A.PURCHASE_FEES: gettext_lazy("Fees of merchants"),
    _A.COMMISSION: gettext_lazy("Commission earned"),
    _A.HOST_COMMISSION: gettext_lazy("Commission given to hosts"),
    _A.MEMBERSHIP: gettext_lazy("Membership fees"),
    _A.DEPOSITS: gettext_lazy("Deposits"),
    _A.VAT_DUE: gettext_lazy("Tax on sales"),
    _A.VAT_PAID: gettext_lazy("Tax on purchases"),
    _A.BANK: gettext_lazy("Bank"),
    _A.CASH: gettext_lazy("Cash"),
    _A.CARD: gettext_lazy("Cards"),
    _A.CARD_FEES: gettext_lazy("Fees of cards"),
    _A.GOODWILL: gettext_lazy("Goodwill"),
    _A.OPENING: gettext_lazy("Opening balances"),
    _A.SUSPENSE: gettext_lazy("Not assigned yet"),
    _A.WRITE_OFF: gettext_lazy("Written off"),
}
# Kinds that somebody books by hand and says why.
_BY_HAND = {_T.TRANSFER, _T.GOODWILL, _T.WRITE_OFF, _T.CORRECTION, _T.BANK, _T.OPENING, _T.REFUND}


def kind_words(kind: str) -> str:
    """What a booking is, in a word or two; a kind without words is shown as it is."""
    return str(KINDS[TransactionKind(kind)]) if kind in set(TransactionKind) else kind


def account_kind_words(kind: str) -> str:
    """What an account of a hub is called; one without words is shown as it is."""
    return str(ACCOUNTS[AccountKind(kind)]) if kind in set(AccountKind) and AccountKind(kind) in ACCOUNTS else kind


def account_words(account: LedgerAccount) -> str:
    """The account's own name within its kind: whose it is, which package, which rate."""
    if account.tax_rate is not None:
        return rate_words(account.tax_rate)
    return account_name(account) or account_kind_words(account.kind)


def rate_words(rate: int) -> str:
    """A rate in 1/100 % as people write it: 6 %, 5.5 %."""
    return _("%(rate)s %%") % {"rate": f"{rate // 100}.{rate % 100:02d}".rstrip("0").rstrip(".")}


def movement_words(movement: Movement) -> str:
    """Why the balance moved, in a sentence without a full stop."""
    booking = movement.booking
    round_ = booking.reservation.round if booking.reservation else booking.round
    kind = TransactionKind(booking.kind)
    if kind in _SENTENCES:
        return _SENTENCES[kind](movement, isolated(round_.name) if round_ else "")
    said = booking.reason if kind in _BY_HAND else ""
    return listed([kind_words(booking.kind), isolated(said)])


def _settled(movement: Movement, round_: str) -> str:
    if movement.is_part:
        return _("%(round)s: your part of a shared line") % {"round": round_}
    settlement = getattr(movement.booking, "settlement", None)
    if settlement is not None and settlement.cause == "no_show":
        return _("%(round)s, not collected") % {"round": round_}
    return _("%(round)s, handed over") % {"round": round_}


def _undone(movement: Movement, round_: str) -> str:
    return _("%(round)s: not handed over after all") % {"round": round_}


def _put_right(movement: Movement, round_: str) -> str:
    if movement.amount_minor > 0:
        return _("%(round)s: less than was charged") % {"round": round_}
    return _("%(round)s: more than was charged") % {"round": round_}


def _claimed(movement: Movement, round_: str) -> str:
    product = str(movement.facts.get("product") or "")
    if product:
        return _("Given back: %(product)s, %(round)s") % {"product": isolated(product), "round": round_}
    return _("Given back: %(round)s") % {"round": round_}


def _brought_back(movement: Movement, round_: str) -> str:
    return listed([kind_words(movement.booking.kind), package_words(movement.facts)])


def package_words(facts: Mapping[str, Any]) -> str:
    """How many of which package: "6 × bottle"."""
    count, name = int(facts.get("count") or 0), str(facts.get("deposit_type") or "")
    return ngettext("%(count)d × %(name)s", "%(count)d × %(name)s", count) % {"count": count, "name": isolated(name)}


def _paid(movement: Movement, round_: str) -> str:
    if movement.memo == "membership_fee":
        return _("Membership fee paid")
    return kind_words(movement.booking.kind)


_SENTENCES: Mapping[TransactionKind, Callable[[Movement, str], str]] = {
    _T.SETTLEMENT: _settled,
    _T.SETTLEMENT_UNDONE: _undone,
    _T.SETTLEMENT_CORRECTED: _put_right,
    _T.SHORTAGE: _put_right,
    _T.CLAIM: _claimed,
    _T.DEPOSIT_RETURN: _brought_back,
    _T.PAYMENT: _paid,
}
