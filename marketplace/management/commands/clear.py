"""manage.py clear FILE.json [--json]: what a window would order, by the rules that also close it."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from marketplace.rules.clearing.answer import answer_file
from marketplace.rules.clearing.file_format import parse_file
from marketplace.rules.clearing.json_reader import BadFile, Problem

BAD_INPUT = 2


class Command(BaseCommand):
    """Reads the file, clears it, writes a table or JSON. Touches no database. Exit code 2 for bad input."""

    help = _("Clear the windows of a JSON file and show what is ordered, for whom, and why.")
    requires_system_checks = []  # a pure calculation

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE.json", help=_("the windows to clear; - reads standard input"))
        parser.add_argument("--json", action="store_true", dest="as_json", help=_("write JSON and nothing else"))

    def handle(self, *args: Any, file: str, as_json: bool, **options: Any) -> None:
        """Clear the file, or tell everything that is wrong with it."""
        try:
            answer = answer_file(parse_file(_read(file)))
        except BadFile as bad:
            self._refuse(bad, as_json)
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=True, indent=2))
        else:
            for window in answer if isinstance(answer, list) else [answer]:
                self.stdout.write("\n".join(_table(window)))

    def _refuse(self, bad: BadFile, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"errors": [problem._asdict() for problem in bad.problems]}, indent=2))
            sys.exit(BAD_INPUT)
        # Every problem stands on a line of its own.
        for problem in bad.problems:
            self.stderr.write(str(problem))
        sys.exit(BAD_INPUT)


def _read(file: str) -> str:
    """The text of the file or of standard input."""
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadFile([Problem(file, _("cannot be read: %s") % reason, _("name a readable file"))]) from error
    except UnicodeDecodeError as error:
        raise BadFile([Problem(file, _("this is not UTF-8 text"), _("save it as UTF-8"))]) from error


def _table(window: dict[str, Any]) -> list[str]:
    """A window's answer for people: offers, orders, allocations."""
    currency = window["currency"]
    rows = [_("Window %(window)s (%(currency)s)") % {"window": window["window"], "currency": currency}]
    rows += _columns(
        [_("offer"), _("reason"), _("price"), _("ordered"), _("cases"), _("split"), _("hub")],
        [
            [
                *(offer["id"], offer["reason"], offer["unit_price"] or "-", offer["ordered"]),
                *(offer["whole_cases"], _("yes") if offer["split"] else _("no"), offer["hub"]),
            ]
            for offer in window["offers"]
        ],
    )
    rows += _columns(
        [_("order to"), _("reason"), _("lines"), _("fee"), _("total")],
        [
            [order["merchant"], order["reason"], len(order["lines"]), order["small_order_fee"] or "-", order["total"]]
            for order in window["purchase_orders"]
        ],
    )
    rows += _columns(
        [_("line"), _("reason"), _("quantity"), _("charged")],
        [[got["line"], got["reason"], got["quantity"], got["charged"]] for got in window["allocations"]],
    )
    return rows


def _columns(titles: list[str], rows: list[list[Any]]) -> list[str]:
    """Aligned columns: texts (the first two) to the left, figures to the right."""
    if not rows:
        return []
    cells = [titles, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(titles))]
    return [
        "",
        *(
            "  ".join(
                cell.ljust(width) if place < 2 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in cells
        ),
    ]
