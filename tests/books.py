"""The triggers that make books append-only, in tests: some runs make their tables without migrations, and a database
that is emptied after a test has to be able to forget its books."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.db import connection

_migration: Any = import_module("marketplace.migrations.0005_books_are_append_only")
TABLES: tuple[str, ...] = _migration.TABLES
REFUSAL: str = _migration.REFUSAL


def are_protected() -> bool:
    """Whether this database refuses to change its books."""
    counted = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = %s::regclass"
    if connection.vendor == "sqlite":
        counted = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    with connection.cursor() as cursor:
        cursor.execute(counted, [TABLES[0]])
        return bool(cursor.fetchone()[0])


def protect() -> None:
    """Make them append-only, as the migration does."""
    _run(_migration.statements(connection.vendor))


def release() -> None:
    """The opposite."""
    _run(_migration.undoing(connection.vendor))


@contextmanager
def open_books() -> Iterator[None]:
    """Let the tables be emptied, and protect them again if they were."""
    if not are_protected():
        yield
        return
    release()
    try:
        yield
    finally:
        protect()


def _run(statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
