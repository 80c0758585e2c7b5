"""Writing into a hub's books."""

from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.ledger.post import Refs, post, reverse_of
from marketplace.errors import LedgerKeyReused, PeriodLocked
from marketplace.models import Household, Hub, LedgerAccount, LedgerEntry, LedgerLock, LedgerTransaction
from marketplace.queries.balances import account_balance, balance_of, balances
from marketplace.rules.ledger.accounts import AccountKind, AccountRef, household
from marketplace.rules.ledger.entries import Entry, TransactionKind
from tests import books
from tests.factories import NOON, make_household, make_hub, make_hub_staff

pytestmark = pytest.mark.django_db

BANK = AccountRef(AccountKind.BANK)


@pytest.fixture
def hub() -> Hub:
    return make_hub()


@pytest.fixture
def ana() -> Household:
    return make_household("Ana")


@pytest.fixture
def append_only() -> None:
    """The books as the migration protects them, also where the tables were made without it."""
    if not books.are_protected():
        books.protect()


def pay(
    hub: Hub, payer: Household, amount: int = 5000, key: str = "transfer:1", at: datetime = NOON
) -> LedgerTransaction:
    with clock.frozen(NOON):
        return post(
            hub_id=hub.pk,
            kind=TransactionKind.PAYMENT,
            key=key,
            entries=[Entry(BANK, household(payer.pk), amount, "payment")],
            at=at,
            by=None,
        )


def rows() -> tuple[int, int, int]:
    return LedgerAccount.objects.count(), LedgerTransaction.objects.count(), LedgerEntry.objects.count()


def test_a_payment_reaches_the_household_and_the_books_balance(hub: Hub, ana: Household) -> None:
    booked = pay(hub, ana)
    assert (booked.kind, booked.key, booked.at, booked.recorded_at) == ("payment", "transfer:1", NOON, NOON)
    assert balance_of(ana.pk, hub.pk) == 5000
    assert account_balance(BANK, hub.pk) == -5000
    assert [(row.account.code, row.shown_minor) for row in balances(hub.pk)] == [
        (f"household:{ana.pk}", 5000),
        ("bank", 5000),
    ]
    assert {account.currency for account in LedgerAccount.objects.all()} == {"EUR"}


def test_the_same_key_twice_is_the_same_booking(hub: Hub, ana: Household) -> None:
    first = pay(hub, ana)
    assert pay(hub, ana).pk == first.pk
    assert rows() == (2, 1, 1)


def test_other_content_under_a_key_is_refused_and_changes_nothing(hub: Hub, ana: Household) -> None:
    pay(hub, ana)
    with pytest.raises(LedgerKeyReused):
        pay(hub, ana, 5001)
    assert rows() == (2, 1, 1)
    assert balance_of(ana.pk, hub.pk) == 5000


def test_two_hubs_keep_books_of_their_own(hub: Hub, ana: Household) -> None:
    abroad = make_hub(currency="CHF")
    pay(hub, ana)
    pay(abroad, ana, 700)
    assert (balance_of(ana.pk, hub.pk), balance_of(ana.pk, abroad.pk)) == (5000, 700)
    assert set(abroad.ledger_accounts.values_list("currency", flat=True)) == {"CHF"}


def test_a_booking_outside_a_transaction_is_refused(hub: Hub, ana: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "in_atomic_block", False)
    with pytest.raises(TransactionManagementError):
        pay(hub, ana)


def test_nothing_is_booked_for_a_day_whose_books_are_closed(hub: Hub, ana: Household) -> None:
    LedgerLock.objects.create(hub=hub, through=date(2026, 11, 21), locked_at=NOON, by=make_hub_staff(hub))
    # The hub's calendar counts: in Lisbon's winter, midnight is UTC's.
    with pytest.raises(PeriodLocked):
        pay(hub, ana, at=datetime(2026, 11, 21, 23, 59, tzinfo=UTC))
    assert rows() == (0, 0, 0)
    pay(hub, ana, at=datetime(2026, 11, 22, 0, 0, tzinfo=UTC))
    assert balance_of(ana.pk, hub.pk) == 5000


def test_a_booking_is_undone_by_its_opposite_once(hub: Hub, ana: Household) -> None:
    booked = pay(hub, ana)
    for _again in range(2):
        undone = reverse_of(
            booked=booked, kind=TransactionKind.CORRECTION, key="undo:1", at=NOON, reason="twice", by=None
        )
    assert (undone.reverses_id, undone.reason, rows()) == (booked.pk, "twice", (2, 2, 2))
    assert balance_of(ana.pk, hub.pk) == account_balance(BANK, hub.pk) == 0


def test_a_balance_before_a_moment_leaves_out_what_counts_later(hub: Hub, ana: Household) -> None:
    pay(hub, ana, at=NOON)
    assert balance_of(ana.pk, hub.pk, before=NOON) == 0
    assert [row.balance_minor for row in balances(hub.pk, before=NOON)] == [0, 0]
    assert [row.balance_minor for row in balances(hub.pk, since=NOON)] == [5000, -5000]


@pytest.mark.usefixtures("append_only")
@pytest.mark.parametrize("model", [LedgerEntry, LedgerTransaction, LedgerAccount, LedgerLock])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_to_change_or_delete_what_is_booked(
    model: type[LedgerEntry], verb: str, hub: Hub, ana: Household
) -> None:
    LedgerLock.objects.create(hub=hub, through=date(2026, 11, 1), locked_at=NOON, by=make_hub_staff(hub))
    pay(hub, ana)
    before = list(model.objects.values_list())
    assert before
    rows = model.objects.all()
    # As SQL, without looking for what depends on it.
    change = partial(rows.update, id=F("id") + 1000) if verb == "update" else partial(rows._raw_delete, rows.db)
    with pytest.raises(DatabaseError, match=books.REFUSAL), transaction.atomic():
        change()
    assert list(model.objects.values_list()) == before


def test_balances_cost_three_queries_for_any_number(hub: Hub) -> None:
    counts = []
    for number in (1, 20):
        for more in range(number):
            pay(hub, make_household(), key=f"transfer:{number}:{more}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(balances(hub.pk)) > number
        counts.append(len(queries))
    assert counts == [3, 3]


def test_what_a_booking_is_about_is_kept(hub: Hub, ana: Household) -> None:
    with clock.frozen(NOON):
        booked = post(
            hub_id=hub.pk,
            kind=TransactionKind.PAYMENT,
            key="k",
            entries=[Entry(BANK, household(ana.pk), 1, "payment", {"said": "rent"})],
            at=NOON,
            refs=Refs(payment_id=7),
            by=None,
        )
    assert (booked.payment_id, booked.entries.get().facts) == (7, {"said": "rent"})


@pytest.mark.slow
@pytest.mark.usefixtures("append_only")
@pytest.mark.django_db(transaction=True)
def test_a_test_with_transactions_of_its_own_leaves_protected_books_behind(hub: Hub, ana: Household) -> None:
    """What it leaves is emptied after it (tests/books.py); the next test would not begin otherwise."""
    with transaction.atomic():
        pay(hub, ana)
    assert balance_of(ana.pk, hub.pk) == 5000
