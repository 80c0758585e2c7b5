"""Services for a command, or until Ctrl-C.

python -m tests.services run -- python -m pytest -m race    PostgreSQL and Redis for as long as the command runs
python -m tests.services up [--json]                        print their URLs, keep them until Ctrl-C or TERM
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import NoReturn

from tests.services import chromium, postgres, redis
from tests.services.errors import ServiceMissing


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    # Once is enough: a second signal must not interrupt the stopping of servers.
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)
    raise SystemExit(128 + number)


@contextmanager
def services(*, browser: bool = False) -> Iterator[dict[str, str]]:
    """PostgreSQL, Redis and, if asked for, Chromium: the variables under which tests find them.

    From here on TERM, HUP and Ctrl-C end this process by SystemExit, so that the servers are stopped.
    Raises ServiceMissing with the reason when one cannot be had.
    """
    for one in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(one, _leave)
    with ExitStack() as stack:
        found = {chromium.VARIABLE: chromium.find()} if browser else {}
        found[redis.VARIABLE] = stack.enter_context(redis.running())
        found[postgres.VARIABLE] = stack.enter_context(postgres.running())
        yield found


def call(command: Sequence[str], variables: dict[str, str]) -> int:
    """Run the command with these variables added; its exit code. Leaving early ends it first, gently."""
    process = subprocess.Popen(command, env={**os.environ, **variables})
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)  # pytest tears its fixtures down and prints where it was
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def as_settings(found: dict[str, str]) -> dict[str, str]:
    """The same services as the database and broker of the run itself (config/env.py)."""
    return {**found, "DATABASE_URL": found[postgres.VARIABLE], "REDIS_URL": found[redis.VARIABLE]}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.services", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    up = commands.add_parser("up", help="keep PostgreSQL and Redis until Ctrl-C")
    up.add_argument("--json", action="store_true", help="print one JSON object instead of lines for a shell")
    run = commands.add_parser("run", help="run a command with DATABASE_URL and REDIS_URL set")
    run.add_argument("--browser", action="store_true", help="find Chromium too")
    run.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)
    try:
        with services(browser=options.what == "run" and options.browser) as found:
            if options.what == "run":
                return call(options.command, as_settings(found))
            print(json.dumps(found) if options.json else "\n".join(f"{k}={v}" for k, v in found.items()), flush=True)
            while True:
                signal.pause()
    except ServiceMissing as missing:
        print(f"A service that the tests need cannot be had. {missing}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
