"""What reserving costs, and what 32 clients get done at once.

    python -m benchmarks.reserving [--requests 300] [--seconds 8] [--clients 32]

Prints one JSON object and nothing else on standard output:
  statements    SQL statements of POST /api/v1/rounds/<id>/reservation/ with 3 capped lines, from view entry to the
                rendered answer, without transaction control and authentication (`statements_sql`: their beginnings)
  cpu_ms        our process's CPU per such reservation; `lean_cpu_ms` that of the leanest DRF endpoint (same
                authentication and reading of the body, one statement), in turns in the same run; `cpu_ratio` of the two
  backend_ms    CPU of the PostgreSQL session per request, and `lean_backend_ms`, in the same turns
  cpu_ratio_with_database    of the sums of both (these three are null where /proc does not show the session)
                The leanest endpoint's statement reads one row by its key; one that wrote a reservation would cost the
                session more, so that both ratios would be smaller.
  many_offers   32 clients, baskets of 3 of 10,000 capped offers; one_offer: all on one capped offer, one unit each.
                Each with reservations, per_second, p50_ms, p99_ms, oversold, miscounted, lost, deadlocks, errors
`lost`: accepted units that are not stored; `miscounted`: counters that differ from the sum of their lines.

PostgreSQL: the server of DATABASE_URL (its role must create databases), else one that the tests' services start.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.reserving_data import ROUND_ID, Size, fill

PROCESSES = 2
PATH = f"/api/v1/rounds/{ROUND_ID}/reservation/"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reserving", description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=300, help="API requests of either kind")
    parser.add_argument("--seconds", type=float, default=8, help="duration of each crowd")
    parser.add_argument("--clients", type=int, default=32)
    asked = parser.parse_args()
    with _server() as server, _scratch(server) as url:
        os.environ["DATABASE_URL"] = url
        _django()
        found = _one_request(asked.requests)
        found["many_offers"] = _crowd("many", asked.clients, asked.seconds)
        found["one_offer"] = _crowd("one", asked.clients, asked.seconds)
    json.dump(found, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _one_request(requests: int) -> dict[str, Any]:
    """Both doors in turns; each reservation is a new one of another household."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks import reserving_doors as doors

    ours, arguments = doors.reserving(PATH)
    lean, cpu = doors.leanest(), {"ours": [0.0], "lean": [0.0]}
    posts = _posts(requests + 20)
    for post in posts[:19]:  # caches, code paths, the server's plans
        doors.ask(ours, post, arguments), doors.ask(lean, post, {"round_id": ROUND_ID})
    with CaptureQueriesContext(connection) as captured:
        answer = doors.ask(ours, posts[19], arguments)
    assert answer.status_code in (200, 201), answer.content
    statements = [query["sql"] for query in captured if not _is_apart(query["sql"])]
    backend = _backend_seconds(connection)
    of_backend = {"ours": 0.0, "lean": 0.0}
    batches = [posts[20:][start::10] for start in range(10)]
    for batch in batches:
        for name, view, given in (("ours", ours, arguments), ("lean", lean, {"round_id": ROUND_ID})):
            before = backend()
            for post in batch:
                started = time.process_time()
                answer = doors.ask(view, post, given)
                cpu[name].append(time.process_time() - started)
                assert answer.status_code in (200, 201), answer.content
            of_backend[name] += backend() - before
    ours_ms, lean_ms = (statistics.mean(cpu[name][1:]) * 1000 for name in ("ours", "lean"))
    backend_ms, lean_backend_ms = (of_backend[name] * 1000 / requests or None for name in ("ours", "lean"))
    with_database = None
    if backend_ms and lean_backend_ms:
        with_database = round((ours_ms + backend_ms) / (lean_ms + lean_backend_ms), 2)
    return {
        "statements": len(statements),
        "statements_sql": [" ".join(sql.split())[:70] for sql in statements],
        "cpu_ms": round(ours_ms, 3),
        "lean_cpu_ms": round(lean_ms, 3),
        "cpu_ratio": round(ours_ms / lean_ms, 2),
        "backend_ms": backend_ms and round(backend_ms, 3),
        "lean_backend_ms": lean_backend_ms and round(lean_backend_ms, 3),
        "cpu_ratio_with_database": with_database,
    }


def _posts(number: int) -> list[Any]:
    """Requests with a token each, of as many people; baskets of 3 capped offers."""
    from django.test import RequestFactory

    from marketplace.models import User

    posts = []
    for index, user in enumerate(User.objects.order_by("-pk")[:number]):
        token = _token(user)
        lines = [{"offer_id": 2 + (index * 3 + n) % 9000, "firm": n + 1} for n in range(3)]
        posts.append(
            RequestFactory().post(
                PATH,
                data=json.dumps({"lines": lines}),
                content_type="application/json",
                headers={"X-Session-Token": token, "Idempotency-Key": f"bench-{index}"},
            )
        )
    return posts


def _token(user: Any) -> str:
    """The session of an app in which the user has signed in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _is_apart(sql: str) -> bool:
    """Transaction control and authentication are not counted."""
    return (
        "django_session" in sql
        or "has_unread" in sql
        or sql.split(maxsplit=1)[0] in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    )


def _backend_seconds(connection: Any) -> Callable[[], float]:
    """A reader of the CPU seconds of this connection's server process; of 0 where they cannot be seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        schedstat = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def seconds() -> float:
        return int(schedstat.read_text().split()[0]) / 1e9 if schedstat.exists() else 0.0

    return seconds


def _crowd(kind: str, clients: int, seconds: float) -> dict[str, Any]:
    """Clients in processes of their own, at once; then the books are checked."""
    from benchmarks.reserving_crowd import audit

    each = clients // PROCESSES
    command = [sys.executable, "-m", "benchmarks.reserving_crowd", kind, str(each), str(seconds)]
    processes = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(PROCESSES)]
    told = [json.loads(process.communicate()[0]) for process in processes]
    took = sorted(ms for one in told for ms in one["took_ms"])
    spent = max(one["seconds"] for one in told)
    return {
        "clients": each * PROCESSES,
        "reservations": len(took),
        "per_second": round(len(took) / spent),
        "p50_ms": took[len(took) // 2],
        "p99_ms": took[len(took) * 99 // 100],
        **audit(kind, sum(one["accepted"] for one in told)),
        "deadlocks": sum(one["deadlocks"] for one in told),
        "errors": sorted({error for one in told for error in one["errors"]}),
    }


def _django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from django.conf import settings

    settings.DATABASES["default"]["CONN_MAX_AGE"] = None
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as raw:
        fill(raw, Size())
    connection.ensure_connection()


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
def _scratch(server: str) -> Iterator[str]:
    """A database of its own on that server."""
    name = f"windrow_reserving_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    main()
