"""manage.py close_due_windows [--loop] [--every SECONDS] [--json]: closing for plain cron, or as a small service."""

import json
import signal
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.close_due_windows import close_or_log
from marketplace.actions.closing.answer import ClosedWindow
from marketplace.queries.closing import due_window_ids
from marketplace.rules.money import format_minor


class Command(BaseCommand):
    """Closes what is due and ends, or goes on scanning. SIGTERM and SIGINT end it between two windows."""

    help = _("Close every window past its deadline, however long ago that was.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help=_("go on scanning until it is told to stop"))
        parser.add_argument(
            "--every", type=float, default=settings.SCAN_SECONDS, metavar="SECONDS", help=_("pause between two scans")
        )
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help=_("one JSON object per closed window and nothing else")
        )

    def handle(self, *args: Any, loop: bool, every: float, as_json: bool, **options: Any) -> None:
        """Scan once, or until a signal comes."""
        with _stopped_by_signals() as stop:
            while not stop.is_set():
                self._scan(stop, as_json)
                if not loop or stop.wait(every):
                    return

    def _scan(self, stop: Event, as_json: bool) -> None:
        for window_id in due_window_ids(clock.now()):
            if stop.is_set():
                return
            closed = close_or_log(window_id)
            if closed is not None:
                self.stdout.write(json.dumps(closed.as_json()) if as_json else _sentence(closed))
                self.stdout.flush()


@contextmanager
def _stopped_by_signals() -> Iterator[Event]:
    """An event that SIGTERM or SIGINT sets, so that a window that is being closed is finished first."""
    stop = Event()

    def ask(signum: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _sentence(closed: ClosedWindow) -> str:
    total = sum(order.total_minor for order in closed.orders)
    return _(
        "%(name)s: %(reached)d of %(offers)d offers reached, %(orders)d purchase orders, %(total)s %(currency)s"
    ) % {
        "name": closed.name,
        "reached": closed.offers_reached,
        "offers": closed.offers,
        "orders": len(closed.orders),
        "total": format_minor(total, closed.currency),
        "currency": closed.currency,
    }
