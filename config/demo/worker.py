"""The Celery worker and beat as threads of this process, over the in-memory broker."""

from threading import Thread

from celery.beat import Scheduler, Service
from celery.worker import WorkController, state

from config.celery import app

QUEUES = ("closing", "planning", "notify", "analysis")
THREADS = 2
PATIENCE = 8.0


class Worker:
    """Worker and beat of the demo; `stop` lets running tasks end."""

    def __init__(self) -> None:
        # A bare controller leaves signals and the log to the process in which it is a guest.
        self._worker = WorkController(
            app=app,
            hostname="demo@localhost",
            pool="threads",
            concurrency=THREADS,
            queues=list(QUEUES),
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        # In memory: nothing is due so rarely that its last time has to be remembered over a restart. Beat looks up
        # once a second, so that it ends within one.
        self._beat = Service(app, max_interval=1, scheduler_cls=Scheduler)
        self._threads = (
            Thread(target=self._worker.start, name="worker", daemon=True),
            Thread(target=self._beat.start, name="beat", daemon=True),
        )

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def is_alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def stop(self) -> None:
        self._beat.stop(wait=False)
        state.should_stop = 0  # type: ignore[assignment]  # the exit code of a wish; None means "go on"
        for thread in self._threads:
            thread.join(PATIENCE)
        state.should_stop = None
