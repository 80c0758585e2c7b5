"""The demo: a real market that runs by itself, or with --once one whole life of a round in a minute."""

import json
import os
import subprocess
import sys
import tempfile
from argparse import SUPPRESS, ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config import env
from config.demo import folder, seed
from config.demo.furnish import furnish
from config.demo.greeting import greeting
from config.demo.one_life import live_one_life
from config.demo.running import run, stopped_by_signals
from config.demo.summary import summarize
from config.demo.table import summary_lines
from config.demo.web import HOST, PortTaken, take_port
from marketplace.models import Hub


class Command(BaseCommand):
    """`manage.py demo`; `make demo` is the same. Exit code 1 when a check of --once does not hold."""

    help = "Run the demo market, or one whole life of a round with --once."
    requires_system_checks = ()  # one life needs no pages; the server checks its own when it starts

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one life on a shifted clock, in a folder of its own")
        parser.add_argument("--json", action="store_true", help="standard output is one JSON object")
        parser.add_argument("--port", type=int, default=8000, help="loopback port of pages, API and sockets")
        parser.add_argument("--minutes", type=float, default=5.0, help="length of a live round")
        parser.add_argument("--seed", type=int, default=seed.SEED, help="decides names, baskets and arrivals")
        parser.add_argument("--new", action="store_true", help="remove the data of earlier starts first")
        parser.add_argument("--in-this-folder", action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        site_url = f"http://{HOST}:{options['port']}"
        if options["once"] and not options["in_this_folder"]:
            sys.exit(_in_fresh_folder(site_url))
        if not env.is_embedded(site_url=site_url):
            # A demo never works on the database that the environment names. The process stays the same.
            again = env.embedded(data_dir=env.DATA_DIR, site_url=site_url)
            os.execve(sys.executable, [sys.executable, *sys.argv], again)  # noqa: S606 - the same command again
        if options["once"]:
            self._once(options)
        else:
            self._run(options)

    def _once(self, options: dict[str, Any]) -> None:
        call_command("migrate", verbosity=0)
        hub = _made(options["seed"], with_pictures=False)
        lived = live_one_life(hub=hub, number=options["seed"])
        summary = summarize(lived.round_id)
        if options["json"]:
            self.stdout.write(json.dumps({**summary.as_json(), "seen": dict(lived.seen)}, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(summary_lines(summary, lived)))
        if not summary.is_sound:
            sys.exit(1)

    def _run(self, options: dict[str, Any]) -> None:
        if not 0.2 <= options["minutes"] <= 24 * 60:
            raise CommandError("A round lasts from 0.2 minutes to a day.")
        try:
            # Before anything is changed: the folder and the port are ours.
            with folder.only_one(env.DATA_DIR), take_port(options["port"]) as taken:
                self._serve(taken, options)
        except folder.AlreadyRunning as error:
            raise CommandError(f"Another demo runs on {env.DATA_DIR}; stop it, or set WINDROW_DATA_DIR.") from error
        except PortTaken as error:
            raise CommandError(
                f"Port {options['port']} is taken by another process; stop it, or choose one with --port."
            ) from error
        except KeyboardInterrupt:
            # Before the market stood: it is made whole or not at all, so nothing half-made is left.
            self.stderr.write("Stopped before the demo began.")
            sys.exit(130)

    def _serve(self, taken: Any, options: dict[str, Any]) -> None:
        if options["new"]:
            folder.begin_anew(env.DATA_DIR)
        call_command("migrate", verbosity=0)
        hub = seed.found()
        is_new = hub is None
        if hub is None:
            self._tell("Making a market: 441 products, 16 merchants, 120 households, a round that is over …", options)
            hub = _made(options["seed"])
        with stopped_by_signals() as stop:
            told = greeting(hub=hub, address=env.SITE_URL, folder=env.DATA_DIR, is_new=is_new)
            text = json.dumps(told.as_json(), ensure_ascii=False) if options["json"] else "\n".join(told.lines())
            self.stdout.write(text)
            self.stdout.flush()
            sound = run(
                hub=hub,
                taken=taken,
                minutes=options["minutes"],
                number=options["seed"],
                stop=stop,
                tell=lambda line: self._tell(line, options),
            )
        if not sound:
            sys.exit(1)

    def _tell(self, line: str, options: dict[str, Any]) -> None:
        """Progress: on standard output, unless that is kept for JSON."""
        out = self.stderr if options["json"] else self.stdout
        out.write(line)
        out.flush()


@transaction.atomic
def _made(number: int, *, with_pictures: bool = True) -> Hub:
    """The hub of a market that is seeded, announced and lived in: all of it, or nothing."""
    hub = seed.seed(number=number).hub
    seed.announce_weekly_round(hub)
    furnish(hub=hub, number=number, with_pictures=with_pictures)
    return hub


def _in_fresh_folder(site_url: str) -> int:
    """The same command again in a process of its own, whose data is gone afterwards; its exit code."""
    with tempfile.TemporaryDirectory(prefix="windrow-") as name:
        # Settings read the folder when they are loaded: another folder is another process.
        again = [sys.executable, *sys.argv, "--in-this-folder"]
        fresh = env.embedded(data_dir=Path(name), site_url=site_url)
        return subprocess.run(again, env=fresh, check=False).returncode  # noqa: S603 - the same command again
