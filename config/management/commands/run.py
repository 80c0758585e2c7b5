"""The embedded form: pages, API, sockets, worker and beat in one process, on the data folder's own database."""

from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import env
from config.demo import folder
from config.demo.running import stopped_by_signals
from config.demo.web import HOST, PortTaken, Web, take_port
from config.demo.worker import Worker

LOOK_EVERY = 1.0


class Command(BaseCommand):
    """`manage.py run`; without robots and made-up data. Exit code 1 when a part ends by itself."""

    help = "Run pages, API, sockets, worker and timetable as one process, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="loopback port of pages, API and sockets")

    def handle(self, *args: Any, **options: Any) -> None:
        if env.REDIS_URL:
            raise CommandError("REDIS_URL is set: run web and workers as processes of their own instead.")
        try:
            with folder.only_one(env.DATA_DIR), take_port(options["port"]) as taken, stopped_by_signals() as stop:
                call_command("migrate", verbosity=0)
                self.stdout.write(f"http://{HOST}:{options['port']}/  (Ctrl-C stops everything)")
                _serve(Web(taken), Worker(), stop)
        except folder.AlreadyRunning as error:
            raise CommandError(f"Another process runs on {env.DATA_DIR}; stop it first.") from error
        except PortTaken as error:
            raise CommandError(f"Port {options['port']} is taken; stop who holds it, or choose --port.") from error


def _serve(web: Web, worker: Worker, stop: Event) -> None:
    web.start()
    worker.start()
    while not stop.wait(LOOK_EVERY):
        if not (web.is_alive and worker.is_alive):
            raise CommandError("A part of the process ended by itself; the log above says why.")
    web.stop()
    worker.stop()
