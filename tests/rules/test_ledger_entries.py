"""Accounts and entries, before anything is written."""

import pytest

from marketplace.rules.ledger.accounts import AccountKind, AccountRef, BadAccount, code_of, household, shown, vat_due
from marketplace.rules.ledger.entries import (
    BadEntries,
    Entry,
    TransactionKind,
    check_entries,
    content_hash,
    drained,
)

BANK = AccountRef(AccountKind.BANK)


def test_an_account_is_named_by_its_kind_and_what_it_is_about() -> None:
    assert [code_of(ref) for ref in (household(12), vat_due(0), BANK)] == ["household:12", "vat_due:0", "bank"]


@pytest.mark.parametrize(
    "ref",
    [
        AccountRef(AccountKind.HOUSEHOLD),
        AccountRef(AccountKind.HOUSEHOLD, merchant_id=1),
        AccountRef(AccountKind.BANK, household_id=1),
        AccountRef(AccountKind.VAT_DUE, tax_rate=600, merchant_id=1),
    ],
)
def test_an_account_that_names_too_little_or_too_much_is_refused(ref: AccountRef) -> None:
    with pytest.raises(BadAccount):
        code_of(ref)


def test_money_at_the_bank_reads_as_money() -> None:
    assert shown(AccountKind.BANK, -5000) == 5000
    assert shown(AccountKind.HOUSEHOLD, 5000) == 5000


@pytest.mark.parametrize("amount", [0, -1, True, 1.0, 10**12 + 1])
def test_an_entry_moves_a_whole_amount_above_zero(amount: int) -> None:
    with pytest.raises(BadEntries):
        check_entries([Entry(BANK, household(1), amount, "payment")])


def test_an_entry_moves_elsewhere() -> None:
    with pytest.raises(BadEntries):
        check_entries([Entry(BANK, BANK, 1, "payment")])
    with pytest.raises(BadEntries):
        check_entries([])


def test_the_same_content_is_the_same_accounts_amounts_and_memos() -> None:
    one = Entry(BANK, household(1), 5, "payment", {"said": "A"})
    same = Entry(BANK, household(1), 5, "payment", {"said": "B"})
    other = Entry(BANK, household(2), 5, "payment")
    kind = TransactionKind.PAYMENT
    assert content_hash(kind, [one]) == content_hash(kind, [same]) != content_hash(kind, [other])
    assert content_hash(kind, [one]) != content_hash(TransactionKind.BANK, [one])


def test_what_entries_take_out_of_an_account() -> None:
    entries = [Entry(household(1), BANK, 7, "a"), Entry(BANK, household(1), 3, "b"), Entry(household(2), BANK, 1, "c")]
    assert drained(entries, household(1)) == 4
    assert drained([entry.turned() for entry in entries], household(1)) == -4
