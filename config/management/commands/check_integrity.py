"""Hold the tables of the whole house against each other: reservations, outcomes, orders, allocations, books."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketplace.integrity.frame import findings, registered


class Command(BaseCommand):
    """`manage.py check_integrity`; a line for everything that does not fit, exit code 1 where there is any."""

    help = "Hold reservations, outcomes, orders, allocations and the books against each other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("areas", nargs="*", metavar="AREA", help="only these areas; without any, all")
        parser.add_argument("--list", action="store_true", help="name areas and checks, and run none")

    def handle(self, *args: Any, **options: Any) -> None:
        known = registered()
        areas = options["areas"] or list(known)
        if unknown := sorted(set(areas) - set(known)):
            raise CommandError(f"There is no area {', '.join(unknown)}; there are {', '.join(known)}.")
        if options["list"]:
            for area in areas:
                for check in known[area]:
                    self.stdout.write(f"{area}.{check.__name__.removeprefix('check_')}")
            return
        found = 0
        for finding in findings(areas):
            found += 1
            self.stdout.write(f"{finding.area}.{finding.check}: {finding.sentence}")
        count = sum(len(known[area]) for area in areas)
        if found:
            raise CommandError(f"{found} things do not fit ({count} checks).", returncode=1)
        self.stdout.write(f"Everything fits ({count} checks).")
