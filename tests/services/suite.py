"""The whole suite, as `make test` runs it: three parts, services brought once, one summary.

embedded     everything that needs no service, on SQLite in memory
postgresql   the tests of actions, queries and flows once more, on PostgreSQL
services     races, workers, sockets and browser journeys on PostgreSQL, Redis and Chromium
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.services import postgres
from tests.services.__main__ import as_settings, call, services
from tests.services.errors import ServiceMissing

NEEDS_SERVICES = "pg or redis or browser or race"
NO_TESTS = 5  # pytest's exit code


@dataclass(frozen=True)
class Part:
    """One pytest run: its marker expression, whether two processes share it, how long it took and what came out."""

    name: str
    markers: str
    two_processes: bool


PARTS = (
    Part("embedded", f"not ({NEEDS_SERVICES})", two_processes=True),
    Part("postgresql", f"both_forms and not ({NEEDS_SERVICES})", two_processes=True),
    Part("services", NEEDS_SERVICES, two_processes=False),
)


def variables_of(part: Part, found: Mapping[str, str]) -> dict[str, str]:
    """The environment of a part; only the last one talks to Redis."""
    if part.name == "embedded":
        return {**found, "DATABASE_URL": "", "REDIS_URL": ""}
    if part.name == "postgresql":
        return {**found, "DATABASE_URL": found[postgres.VARIABLE], "REDIS_URL": ""}
    return as_settings(dict(found))


def run(part: Part, found: Mapping[str, str], arguments: Sequence[str], folder: Path) -> tuple[bool, dict[str, int]]:
    """Run one part; whether it went well, and its counts by outcome."""
    print(f"\n--- {part.name}: {part.markers}", flush=True)
    totals = folder / part.name
    command = [sys.executable, "-m", "pytest", "-q", "-m", part.markers, f"--totals-file={totals}", *arguments]
    if part.two_processes:
        command += ["-n", os.environ.get("TEST_PROCESSES", "2"), "--dist", "worksteal"]
    code = call(command, variables_of(part, found))
    counts: dict[str, int] = json.loads(totals.read_text()) if totals.exists() else {"errors": 1}
    return code in (0, NO_TESTS), counts


def main(arguments: Sequence[str]) -> int:
    """Run all parts, also after a failing one; 0 only if all went well and at least one test ran."""
    lines: list[str] = []
    sums: dict[str, int] = {}
    well = True
    try:
        with services(browser=True) as found, tempfile.TemporaryDirectory(prefix="windrow-test-totals-") as folder:
            for part in PARTS:
                began = time.monotonic()
                good, counts = run(part, found, arguments, Path(folder))
                well = well and good
                for outcome, number in counts.items():
                    sums[outcome] = sums.get(outcome, 0) + number
                told = ", ".join(f"{number} {outcome}" for outcome, number in counts.items() if number) or "no tests"
                verdict = "ok" if good else "FAILED"
                lines.append(f"{part.name:<12} {verdict:<7} {time.monotonic() - began:6.1f} s  {told}")
    except ServiceMissing as missing:
        print(f"A service that the tests need cannot be had. {missing}", file=sys.stderr)
        return 1
    passed, failed = sums.get("passed", 0), sums.get("failed", 0) + sums.get("errors", 0)
    print("\n" + "\n".join(lines))
    print(f"{passed} passed, {failed} failed" + (f", {sums['skipped']} skipped" if sums.get("skipped") else ""))
    return 0 if well and not failed and passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
