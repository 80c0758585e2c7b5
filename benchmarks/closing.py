"""How long closing a window takes, against the best SQL that writes the same rows.

    python -m benchmarks.closing [--lines 1000000] [--rounds 1]

Prints one JSON object and nothing else on standard output: `ours_s`, `raw_sql_s`, `ratio`, `peak_mb` (the most memory
that the process that closed ever held) and the details. Both sides run on copies of one scratch database of one
PostgreSQL, one after the other, commit included, in alternating order over the rounds; the figures are those of the
median round by ratio. Afterwards their rows are compared by content (`equal`; the command fails when they differ).
What the SQL side does and leaves out: closing_sql.py. The data: closing_data.py.

`close_window` runs as it does in production, in a process of its own: the pure Python clearing, its conservation check
and the waking of the relay are in its time. Meanwhile a reader asks for the window, a page of offers, a reservation
and the orders, on either side; its longest wait says whether closing keeps readers waiting.

On a machine that is shared with other work the seconds of the two sides are taken at different moments; the CPU
seconds of both (Python's and the database session's, where the server runs on this machine) hardly move, and
`cpu_ratio` is made of them.

PostgreSQL: the server of DATABASE_URL (its role must create databases), else one that the tests' services start.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import urlsplit

import psycopg

from benchmarks.closing_data import WINDOW_ID, Size, fill, size_of
from benchmarks.closing_sql import DIGESTS, digest, statements

_READS = (
    f"SELECT state, closes_at FROM marketplace_orderingwindow WHERE id = {WINDOW_ID}",
    f"""SELECT o.id, p.name, m.name FROM marketplace_offer o JOIN marketplace_product p ON p.id = o.product_id
          JOIN marketplace_merchant m ON m.id = p.merchant_id WHERE o.window_id = {WINDOW_ID} ORDER BY o.id LIMIT 50""",
    "SELECT id, firm FROM marketplace_reservationline WHERE reservation_id = 7",
    f"SELECT count(*) FROM marketplace_purchaseorder WHERE window_id = {WINDOW_ID}",
    "SELECT last_order_number FROM marketplace_merchantcounter WHERE merchant_id = 1",
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.closing", description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=100_000, help="lines of the window (the goal is set for 1000000)")
    parser.add_argument("--rounds", type=int, default=1, help="repetitions, each on fresh copies")
    parser.add_argument("--close", metavar="URL", help=argparse.SUPPRESS)  # the process that closes
    asked = parser.parse_args()
    if asked.close:
        json.dump(_close_here(asked.close), sys.stdout)
        return
    with _server() as server:
        found = _compare(server, size_of(asked.lines), asked.rounds)
    json.dump(found, sys.stdout, indent=2)
    sys.stdout.write("\n")
    if not found["equal"]:
        sys.exit("The two sides did not write the same rows.")


def _compare(server: str, size: Size, rounds: int) -> dict[str, Any]:
    with _scratch(server, "data") as data:
        _migrate(data)
        with psycopg.connect(data, autocommit=True) as connection:
            fill(connection, size)
        measured = [_round(server, data, ours_first=bool(number % 2)) for number in range(rounds)]
    measured.sort(key=lambda found: found["ours_s"] / found["raw_sql_s"])
    chosen = measured[len(measured) // 2]
    ratio = chosen["ours_s"] / chosen["raw_sql_s"]
    return {
        "ours_s": chosen["ours_s"],
        "raw_sql_s": chosen["raw_sql_s"],
        "ratio": round(ratio, 2),
        "cpu_ratio": _cpu_ratio(chosen),
        "peak_mb": max(found["peak_mb"] for found in measured),
        "equal": all(found["equal"] for found in measured),
        "size": {**size._asdict(), "reservations": size.reservations},
        "rounds": [{**found, "ratio": round(found["ours_s"] / found["raw_sql_s"], 2)} for found in measured],
    }


def _cpu_ratio(found: dict[str, Any]) -> float | None:
    """Python's and the database's CPU seconds of ours to those of the SQL side."""
    raw = found["raw_sql_database_cpu_s"]
    return round((found["ours_python_cpu_s"] + found["ours_database_cpu_s"]) / raw, 2) if raw else None


def _round(server: str, data: str, *, ours_first: bool) -> dict[str, Any]:
    """Both sides once, on fresh copies."""
    found: dict[str, Any] = {"ours_first": ours_first}
    with _scratch(server, "ours", copy=data) as ours, _scratch(server, "raw", copy=data) as raw:
        for side in (ours, raw) if ours_first else (raw, ours):
            found.update(_ours(ours) if side == ours else _raw(raw))
        written = {name: (_digest(ours, rows), _digest(raw, rows)) for name, rows in DIGESTS.items()}
    found["rows"] = {name: of_ours[0] for name, (of_ours, _) in written.items()}
    found["different"] = [name for name, (of_ours, of_raw) in written.items() if of_ours != of_raw]
    found["equal"] = not found["different"]
    return found


def _ours(url: str) -> dict[str, Any]:
    with _reading(url) as waits:
        command = [sys.executable, "-m", "benchmarks.closing", "--close", url]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return {**found, "reader_max_wait_ms": round(max(waits) * 1000, 1), "reads": len(waits)}


def _raw(url: str) -> dict[str, Any]:
    seconds = {}
    with _reading(url) as waits, psycopg.connect(url) as connection:
        served = _cpu_of(connection.info.backend_pid)
        started = time.perf_counter()
        for number, statement in enumerate(statements(WINDOW_ID), 1):
            before = time.perf_counter()
            connection.execute(statement)
            seconds[number] = round(time.perf_counter() - before, 3)
        before = time.perf_counter()
        connection.commit()
        seconds[0] = round(time.perf_counter() - before, 3)
        took = time.perf_counter() - started
        served = _cpu_of(connection.info.backend_pid) - served
    return {
        "raw_sql_s": round(took, 3),
        "raw_sql_database_cpu_s": round(served, 2),
        "raw_sql_statements_s": seconds,
        "raw_sql_reader_max_wait_ms": round(max(waits) * 1000, 1),
    }


def _close_here(url: str) -> dict[str, Any]:
    """Close the window in this process."""
    _django(url)
    from django.db import connection

    from marketplace.actions.close_window import close_window

    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    before, worked, served = _peak_mb(), time.process_time(), _cpu_of(backend)
    started = time.perf_counter()
    closed = close_window(window_id=WINDOW_ID)
    took = time.perf_counter() - started
    assert closed is not None
    return {
        "ours_s": round(took, 3),
        "ours_python_cpu_s": round(time.process_time() - worked, 2),
        "ours_database_cpu_s": round(_cpu_of(backend) - served, 2),
        "peak_mb": _peak_mb(),
        "mb_before": before,
        "offers_reached": closed.offers_reached,
        "purchase_orders": len(closed.orders),
        "exceptions": closed.exceptions,
    }


def _cpu_of(backend: int) -> float:
    """CPU seconds that a session of a server on this machine has used; 0 where that cannot be read."""
    try:
        fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


@contextmanager
def _reading(url: str) -> Iterator[list[float]]:
    """A reader beside the closing: yields the seconds that each of its reads took."""
    waits: list[float] = []
    stop = Event()

    def read() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not stop.wait(0.02):
                for statement in _READS:
                    before = time.perf_counter()
                    connection.execute(statement).fetchall()
                    waits.append(time.perf_counter() - before)

    reader = Thread(target=read)
    reader.start()
    try:
        yield waits
    finally:
        stop.set()
        reader.join()


def _digest(url: str, rows: str) -> tuple[int, str]:
    with psycopg.connect(url) as connection:
        found = connection.execute(digest(rows)).fetchone()
    assert found is not None
    return found[0], found[1]


@contextmanager
def _server() -> Iterator[str]:
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    from tests.services import postgres

    with postgres.running() as url:
        yield url


@contextmanager
def _scratch(server: str, name: str, copy: str | None = None) -> Iterator[str]:
    """A database of its own, a copy of another one if asked; dropped at the end."""
    database = f"benchmark_closing_{os.getpid()}_{name}"
    template = "" if copy is None else f" TEMPLATE {urlsplit(copy).path.strip('/')}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {database}")
        connection.execute(f"CREATE DATABASE {database}{template}")
        connection.execute("CHECKPOINT")
    try:
        yield urlsplit(server)._replace(path=f"/{database}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {database} WITH (FORCE)")


def _migrate(url: str) -> None:
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; from django.core.management import call_command as c; "
            "django.setup(); c('migrate', verbosity=0)",
        ],
        env=_environment(url),
        check=True,
        stdout=sys.stderr,
    )


def _environment(url: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "config.settings.test"}


def _django(url: str) -> None:
    os.environ.update(_environment(url))
    import django

    django.setup()


if __name__ == "__main__":
    main()
