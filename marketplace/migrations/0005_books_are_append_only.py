"""The database itself refuses to change or delete what stands in the books: mistakes are put right by new entries."""

from collections.abc import Iterator

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = (
    "marketplace_ledgeraccount",
    "marketplace_ledgertransaction",
    "marketplace_ledgerentry",
    "marketplace_ledgerlock",
)
REFUSAL = "the books are append-only"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION marketplace_books_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def statements(vendor: str) -> Iterator[str]:
    """What makes the tables append-only on this database."""
    if vendor == "postgresql":
        yield _FUNCTION
        for table in TABLES:
            yield (
                f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION marketplace_books_are_append_only()"
            )
            yield (
                f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION marketplace_books_are_append_only()"
            )
    elif vendor == "sqlite":
        for table in TABLES:
            for verb in ("UPDATE", "DELETE"):
                yield (
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {verb} on {table}'); END"
                )


def undoing(vendor: str) -> Iterator[str]:
    """What takes that away again."""
    if vendor == "postgresql":
        for table in TABLES:
            yield f"DROP TRIGGER append_only ON {table}"
            yield f"DROP TRIGGER never_emptied ON {table}"
        yield "DROP FUNCTION marketplace_books_are_append_only()"
    elif vendor == "sqlite":
        for table in TABLES:
            for verb in ("update", "delete"):
                yield f"DROP TRIGGER {table}_no_{verb}"


def protect(apps: StateApps | None, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def release(apps: StateApps | None, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in undoing(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0004_merchants_and_money")]
    operations = [migrations.RunPython(protect, release)]
