"""The one clock. Deadlines are decided by it and by nothing else (domain: time).

On PostgreSQL it is the database's `clock_timestamp()`, so a worker whose own clock is wrong decides nothing. SQLite
lives inside the process, its clock is the process's. Demonstrations and tests shift it, for all callers alike.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from threading import Lock

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, Func, Value
from django.db.models.expressions import Combinable

_guard = Lock()
_shift: timedelta | None = None
_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def shift() -> timedelta:
    """How far the clock runs ahead of the database's."""
    return timedelta(seconds=settings.CLOCK_SHIFT_SECONDS) if _shift is None else _shift


def shift_by(amount: timedelta) -> None:
    """Move the clock of this process; amounts add up."""
    global _shift
    with _guard:
        _shift = shift() + amount


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock of this thread (or task) still at an aware instant."""
    token = _frozen.set(at)
    try:
        yield
    finally:
        _frozen.reset(token)


def now() -> datetime:
    """The instant, in UTC, by the one clock: one query on PostgreSQL, none on SQLite."""
    held = _frozen.get()
    if held is not None:
        return held
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            read: datetime = cursor.fetchone()[0]
        return read.astimezone(UTC) + shift()
    return datetime.now(UTC) + shift()


class _DatabaseClock(Func):
    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = DateTimeField()


def expression() -> Combinable:
    """The same clock as a query expression, to read it with the rows that it decides on (annotate)."""
    held = _frozen.get()
    if held is not None:
        return Value(held, output_field=DateTimeField())
    if connection.vendor == "postgresql":
        return _DatabaseClock() + Value(shift()) if shift() else _DatabaseClock()
    return Value(datetime.now(UTC) + shift(), output_field=DateTimeField())
