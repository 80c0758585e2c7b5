"""Running a statement that PostgreSQL plans once per session instead of once per request.

Planning is the larger part of what a reservation costs the database. The statements are bound by the server, which
psycopg prepares on their second use. A pooler between us and PostgreSQL may give every transaction another session,
in which what was prepared is not known: there each statement is planned anew, and nothing else differs.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import debug_transaction


def rows(sql: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement of a transaction. Query logs and wrappers see it as any other, with its placeholders."""
    raw: Any = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
    with (
        connection.make_cursor(raw) as cursor,
        # A debug cursor asks psycopg for the text sent, and of a prepared statement there is none.
        debug_transaction(connection, sql),
    ):
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def plan_once(served_by: int) -> None:
    """Let this connection's statements be prepared if it has a session of its own; `served_by` is the process that
    serves this transaction (pg_backend_pid). A pooler tells its clients another one, or serves them by several.

    A threshold in the database's OPTIONS stands.
    """
    session = connection.connection
    if "prepare_threshold" not in connection.settings_dict["OPTIONS"]:
        session.prepare_threshold = 1 if session.info.backend_pid == served_by else None
