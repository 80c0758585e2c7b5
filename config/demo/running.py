"""The demo as one process: web, worker and beat, and the robots, each a thread; one signal stops them all."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socket import socket
from threading import Event, Thread
from types import FrameType

from config.demo.live import LiveRounds
from config.demo.web import Web
from config.demo.worker import Worker
from marketplace.models import Hub

logger = logging.getLogger(__name__)

LOOK_EVERY = 1.0
PATIENCE = 8.0


def run(*, hub: Hub, taken: socket, minutes: float, number: int, stop: Event, tell: Callable[[str], None]) -> bool:
    """Run until `stop` is set; False if a part of the house ended before. `taken` is the web server's listening end."""
    rounds = LiveRounds(hub=hub, minutes=minutes, number=number, stop=stop, tell=tell)
    robots = Thread(target=rounds.run, name="rounds", daemon=True)
    web, worker = Web(taken), Worker()
    web.start()
    worker.start()
    robots.start()
    while not stop.wait(LOOK_EVERY):
        if not (web.is_alive and worker.is_alive and robots.is_alive()):
            logger.error("A part of the demo ended by itself; the log above says why.")
            break
    sound = stop.is_set()
    stop.set()
    tell("Stopping …")
    # The robots first: they are the clients of the others.
    robots.join(PATIENCE)
    web.stop()
    worker.stop()
    _tell_leftovers()
    return sound


@contextmanager
def stopped_by_signals() -> Iterator[Event]:
    """An event that SIGINT and SIGTERM set; a second one of them no longer waits."""
    stop = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell_leftovers() -> None:
    left = [thread.name for thread in threading.enumerate() if thread.name in ("web", "worker", "rounds", "beat")]
    if left:
        logger.warning("Still running at the end: %s", ", ".join(left))
