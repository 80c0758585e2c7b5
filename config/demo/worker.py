"""The Celery worker and beat as threads of this process, over the in-memory broker."""

from threading import Thread

from celery.beat import EmbeddedService
from celery.worker import WorkController, state

from config.celery import app

QUEUES = ("closing", "planning", "notify", "analysis")
THREADS = 2
PATIENCE = 8.0


class Worker:
    """Worker and beat of the demo; `stop` lets running tasks end."""

    def __init__(self) -> None:
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
        self._thread = Thread(target=self._worker.start, name="worker", daemon=True)
        # In memory: nothing is due so rarely that its last time has to be remembered over a restart.
        self._beat = EmbeddedService(app, thread=True, scheduler_cls="celery.beat:Scheduler")

    def start(self) -> None:
        self._thread.start()
        self._beat.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive() and self._beat.is_alive()

    def stop(self) -> None:
        self._beat.service.stop(wait=False)
        state.should_stop = 0  # the exit code of a wish, not of a failure
        self._beat.join(PATIENCE)
        self._thread.join(PATIENCE)
        state.should_stop = None
