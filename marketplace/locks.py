"""The locks of windows, and the one order of all locks (docs/adr/0002): household; windows, in id order; offers, in id
order, in the filling stretch only; counters, in id order. A second household (units offered back in the filling
stretch) is tried without waiting, else all are taken first. Whoever holds a later one never waits for an earlier one.

Reserving takes its windows *shared*, closing takes one *exclusive*: reservations do not wait for each other, a
closer waits for all that began before it, and none can begin after it. PostgreSQL: transaction-scoped advisory
locks. SQLite: every write transaction is IMMEDIATE, which is exclusive by itself.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.transaction import TransactionManagementError

# The first key of the two-key advisory locks; the second is the window's id.
WINDOW_LOCKS = 0x57494E  # "WIN"


def _in_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("A lock outside a transaction is released at once; open one first.")


def windows_shared(window_ids: Iterable[int]) -> None:
    """Keep these windows from closing until the transaction ends. One statement on PostgreSQL, none on SQLite.

    Read the windows' state afterwards, in a statement of its own: one that locks and reads at once sees a snapshot
    older than its lock.
    """
    _in_transaction()
    ids = sorted(set(window_ids))
    if connection.vendor == "postgresql" and ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(%s, id) FROM unnest(%s::int[]) WITH ORDINALITY AS w(id, n)",
                [WINDOW_LOCKS, ids],
            )


def window_exclusive(window_id: int) -> None:
    """Wait for every reservation of this window that began, and keep new ones out until the transaction ends."""
    _in_transaction()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [WINDOW_LOCKS, window_id])
