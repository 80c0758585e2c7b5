"""A worker that closes windows and is killed: `python -m tests.races.closing_process`, on the DATABASE_URL given.

Reads one order a line, "<window id> <point> <number>", and answers "killed" or "ended" when the child process that it
forks for it is gone. The child closes the window and meets SIGKILL, which no program can catch:
`statement n`: before it sends its n-th statement; `commit`: with everything written, before it commits;
`committed`: after the commit, before the relay is woken; `after n`: n milliseconds after it began, from outside.
"""

import os
import signal
import sys
import time
import traceback
from itertools import count
from typing import Any, NoReturn


def main() -> None:
    """Serve orders until the input ends."""
    import django

    django.setup()
    import marketplace.actions.close_window  # noqa: F401 - loaded once, before the forks

    for order in sys.stdin:
        window_id, point, number = order.split()
        child = os.fork()
        if not child:
            _close(int(window_id), point, int(number))
        if point == "after":
            time.sleep(int(number) / 1000)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        answer = "killed" if os.WIFSIGNALED(status) else "ended" if status == 0 else "failed"
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _close(window_id: int, point: str, number: int) -> NoReturn:
    try:
        _close_until(window_id, point, number)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _close_until(window_id: int, point: str, number: int) -> None:
    from django.db import DEFAULT_DB_ALIAS, connections

    from marketplace.actions.close_window import close_window

    statements = count(1)
    database: Any = connections[DEFAULT_DB_ALIAS]
    commit = database._commit

    def kill_before(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if point == "statement" and next(statements) == number:
            _die()
        return execute(sql, params, many, context)

    def commit_and_die() -> None:
        if point == "committed":
            commit()
        _die()

    if point in ("commit", "committed"):
        database._commit = commit_and_die
    with database.execute_wrapper(kill_before):
        close_window(window_id=window_id)


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


if __name__ == "__main__":
    main()
