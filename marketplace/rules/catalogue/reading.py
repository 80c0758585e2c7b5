"""From the bytes of a price list to rows under our names of columns, by how the list is read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.catalogue.bnn3 import read_bnn3
from marketplace.rules.catalogue.columns import CURRENCY, FILE_COLUMNS, KEY, SYNONYMS
from marketplace.rules.catalogue.csv_table import read_csv
from marketplace.rules.catalogue.odin import read_odin
from marketplace.rules.catalogue.options import BNN3, ODIN, ROWS, ListOptions
from marketplace.rules.catalogue.table import Row, Table, Unreadable, check_size, enough_rows, row_of
from marketplace.rules.catalogue.values import folded
from marketplace.rules.catalogue.xlsx_table import is_xlsx, read_xlsx

NO_KEY = gettext_noop("No column holds the article number (sku). Say which one does.")
_NO_SUCH = gettext_noop("The file has no column “%(name)s”.")
_CURRENCY = gettext_noop("The list's prices are in %(found)s, and it is read as %(expected)s.")
_NO_ROWS_JSON = gettext_noop("This is no list of products.")


@dataclass(frozen=True, slots=True)
class Named:
    """Rows under our names. `theirs`: our column → the file's own name, as it is shown; `ignored`: columns of the file
    that are not read."""

    rows: tuple[Row, ...]
    theirs: Mapping[str, str]
    ignored: tuple[str, ...]
    whole: bool | None
    skipped: int
    notes: tuple[Broken, ...]


def read_table(content: bytes, list_format: str) -> Table:
    """The rows of a file under its own names. Raises Unreadable."""
    if list_format == BNN3:
        return read_bnn3(content)
    if list_format == ODIN:
        return read_odin(content)
    if list_format == ROWS:
        return _read_rows(content)
    return read_xlsx(content) if is_xlsx(content) else read_csv(content)


def read_list(content: bytes, options: ListOptions) -> Named:
    """The rows of a file under our names. Raises Unreadable."""
    table = read_table(content, options.format)
    if table.currency and table.currency != options.currency:
        raise Unreadable(Broken(_CURRENCY, {"found": table.currency, "expected": options.currency}))
    theirs = dict(options.columns) or guessed(table.columns)
    missing = [name for name in theirs.values() if name not in table.columns]
    if missing:
        raise Unreadable(Broken(_NO_SUCH, {"name": missing[0][:40]}))
    if KEY not in theirs:
        raise Unreadable(Broken(NO_KEY))
    rows = tuple(
        Row(row.number, {ours: row.cells[name] for ours, name in theirs.items() if name in row.cells}, row.problem)
        for row in table.rows
    )
    ignored = tuple(name for name in table.columns if name not in theirs.values())
    return Named(rows, theirs, ignored, table.whole, table.skipped, table.notes)


def guessed(columns: tuple[str, ...]) -> dict[str, str]:
    """Our column → theirs, by their names: our own name first, then what lists usually call it."""
    found: dict[str, str] = {}
    by_folded = {folded(name): name for name in reversed(columns)}
    for ours in FILE_COLUMNS:
        for name in (folded(ours), *SYNONYMS.get(ours, ())):
            if name in by_folded and by_folded[name] not in found.values():
                found[ours] = by_folded[name]
                break
    return found


class Code(NamedTuple):
    """A text of a column that stands for something of ours: how many rows have it, and the name of one of them."""

    text: str
    many: int
    example: str


def codes_of(named: Named) -> dict[str, list[Code]]:
    """The different texts of CODED columns, those of most rows first."""
    found: dict[str, list[Code]] = {}
    for column in CODED:
        rows: dict[str, list[str]] = {}
        for row in named.rows:
            if text := row.cells.get(column, ""):
                rows.setdefault(text, []).append(row.cells.get("name", ""))
        codes = [Code(text, len(names), names[0]) for text, names in rows.items()]
        if codes:
            found[column] = sorted(codes, key=lambda code: (-code.many, code.text))[:MOST_CODES]
    return found


# Columns whose texts a kind of list may translate, and how many of one are asked for.
CODED: Final = ("category", "tax", "deposit", "storage")
MOST_CODES: Final = 300
# What a column may be mapped to.
MAPPABLE: Final = tuple(name for name in FILE_COLUMNS if name != CURRENCY)


def _read_rows(content: bytes) -> Table:
    """Rows that a merchant's system sent, as JSON objects of texts; numbered from 1."""
    check_size(content)
    try:
        told = json.loads(content)
    except ValueError as error:
        raise Unreadable(Broken(_NO_ROWS_JSON)) from error
    if not isinstance(told, list) or not all(isinstance(row, dict) for row in told):
        raise Unreadable(Broken(_NO_ROWS_JSON))
    columns = tuple(name for name in FILE_COLUMNS if any(name in row for row in told))
    # What an object does not name stays as it is; what it names with nothing becomes empty.
    rows = []
    for number, row in enumerate(told, 1):
        named = tuple(name for name in columns if name in row)
        rows.append(row_of(number, named, [str(row[name]) for name in named]))
    return Table(columns, enough_rows([row for row in rows if row is not None]))
