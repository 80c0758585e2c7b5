"""Purchase-order numbers without gaps per merchant: taken with the order, in its transaction."""

from collections.abc import Iterable

from django.db import connection

from marketplace.models import MerchantCounter


def next_numbers(merchant_ids: Iterable[int]) -> dict[int, int]:
    """The next number of each merchant. One statement that locks the counters in the order of merchants, so that two
    closings with common merchants wait for each other and never deadlock; a rollback gives the numbers back."""
    ids = sorted(set(merchant_ids))
    if not ids:
        return {}
    quote = connection.ops.quote_name
    table = quote(MerchantCounter._meta.db_table)
    # One text for both databases; rows of VALUES are inserted, and so locked, in the order given.
    statement = (
        f"INSERT INTO {table} (merchant_id, last_order_number) "  # noqa: S608 - no value is part of the text
        f"VALUES {', '.join(['(%s, 1)'] * len(ids))} "
        f"ON CONFLICT (merchant_id) DO UPDATE SET last_order_number = {table}.last_order_number + 1 "
        "RETURNING merchant_id, last_order_number"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, ids)
        return dict(cursor.fetchall())
