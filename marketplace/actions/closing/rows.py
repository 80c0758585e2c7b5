"""Writing many plain rows at once: COPY on PostgreSQL, multi-row inserts elsewhere; the same rows either way."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model
from psycopg.types.json import Jsonb

BATCH = 2000  # rows in memory at once where there is no COPY


def write_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of the named columns' values, in the caller's transaction. Every column without a database default
    has to be named (a foreign key as `offer_id`); keys are given by the database and not read back.

    COPY takes a third of the time of the fastest INSERT and holds no second copy of the rows in memory.
    """
    if connection.vendor == "postgresql":
        _copy(model, columns, rows)
    else:
        made = (model(**dict(zip(columns, row, strict=True))) for row in rows)
        model._default_manager.bulk_create(made, batch_size=BATCH)


def _copy(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    quote = connection.ops.quote_name
    documents = [place for place, name in enumerate(columns) if isinstance(model._meta.get_field(name), JSONField)]
    target = f"COPY {quote(model._meta.db_table)} ({', '.join(map(quote, columns))}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(target) as copy:
        for row in _with_documents(rows, documents) if documents else rows:
            copy.write_row(row)


def _with_documents(rows: Iterable[Sequence[Any]], places: Sequence[int]) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield [Jsonb(value) if place in places else value for place, value in enumerate(row)]
