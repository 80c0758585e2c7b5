"""The books in themselves: nothing was changed, nothing goes from one hub to another, opposites are opposites."""

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Exists, F, OuterRef, Q

from marketplace.models import LedgerAccount, LedgerEntry, LedgerTransaction
from marketplace.queries.purchases import as_entry
from marketplace.rules.ledger.accounts import BadAccount, code_of
from marketplace.rules.ledger.difference import difference
from marketplace.rules.ledger.entries import TransactionKind, content_hash


def check_accounts_are_named_by_what_they_are_about() -> Iterator[str]:
    """An account's code says its kind and what it is about; its currency is its hub's."""
    for account in LedgerAccount.objects.select_related("hub").iterator():
        try:
            code = code_of(account.ref)
        except BadAccount as bad:
            code = str(bad)
        if code != account.code:
            yield f"account {account.pk} is named {account.code}, not {code}"
        if account.currency != account.hub.currency:
            yield f"account {account.pk} is in {account.currency}, its hub in {account.hub.currency}"


def check_entries_stay_within_a_hub() -> Iterator[str]:
    """Nothing moves between the books of two hubs, whose currencies may differ."""
    hub = F("transaction__hub")
    elsewhere = LedgerEntry.objects.filter(~Q(source__hub=hub) | ~Q(destination__hub=hub))
    for pk in elsewhere.values_list("pk", flat=True).iterator():
        yield f"entry {pk} belongs to accounts of another hub"


def check_bookings_have_entries() -> Iterator[str]:
    empty = LedgerTransaction.objects.filter(~Exists(LedgerEntry.objects.filter(transaction=OuterRef("pk"))))
    for pk, key in empty.values_list("pk", "key").iterator():
        yield f"booking {pk} ({key}) moves nothing"


def check_bookings_hold_what_was_booked() -> Iterator[str]:
    """The entries of a booking are those that its hash was made of."""
    rows = LedgerEntry.objects.select_related("transaction", "source", "destination")
    for booking, entries in groupby(
        rows.order_by("transaction_id", "number").iterator(chunk_size=2000), key=lambda row: row.transaction
    ):
        found = content_hash(TransactionKind(booking.kind), [as_entry(row) for row in entries])
        if found != booking.content_hash:
            yield f"booking {booking.pk} ({booking.key}) holds other entries than were booked"


def check_opposites_are_opposite() -> Iterator[str]:
    """What a booking undoes is what the other one did."""
    for undone in LedgerTransaction.objects.filter(reverses__isnull=False).select_related("reverses"):
        rows = LedgerEntry.objects.filter(transaction__in=[undone.pk, undone.reverses_id])
        both = [as_entry(row) for row in rows.select_related("source", "destination")]
        if difference([], both):
            yield f"booking {undone.pk} is not the opposite of {undone.reverses_id}"


CHECKS = (
    check_accounts_are_named_by_what_they_are_about,
    check_entries_stay_within_a_hub,
    check_bookings_have_entries,
    check_bookings_hold_what_was_booked,
    check_opposites_are_opposite,
)
