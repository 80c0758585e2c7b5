"""A merchant's invoice as a table (CSV or XLSX): what is billed of which product, found by its SKU or GTIN."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.catalogue.amounts import Refusal, count_of, money_of
from marketplace.rules.catalogue.table import Row, Table

_NO_COLUMN = gettext_noop("The table needs a column “%(name)s”.")
_UNKNOWN = gettext_noop("Nothing on this order has this number.")
_TWICE = gettext_noop("This product stands in the table twice; add the rows up.")

# What programs call the columns, by our name for them.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "sku": ("sku", "article", "item", "number", "artikel", "artikelnummer", "code"),
    "gtin": ("gtin", "ean", "barcode"),
    "quantity": ("quantity", "units", "qty", "menge", "anzahl"),
    "amount": ("amount", "net", "total", "betrag", "netto"),
}
MOST_UNITS: Final = 1_000_000


class BilledRow(NamedTuple):
    """What one row bills: the key of the product on the order, units, and the net amount in minor units."""

    key: str
    units: int
    amount: int


class TableProblem(NamedTuple):
    """What is wrong, in which row of the file (0: in its names of columns) and which column."""

    row: int
    column: str
    problem: Broken


def billed_rows(table: Table, *, keys: Mapping[str, str], currency: str) -> tuple[list[BilledRow], list[TableProblem]]:
    """The rows, and everything that is wrong with them; nothing may be taken while something is.

    `keys` leads from each SKU and GTIN of the order, in lower case, to the key of its line.
    """
    columns = {name: _column(table, name) for name in _NAMES}
    missing = [name for name in ("quantity", "amount") if columns[name] is None]
    if columns["sku"] is None and columns["gtin"] is None:
        missing.insert(0, "sku")
    problems = [TableProblem(0, name, Broken(_NO_COLUMN, {"name": name})) for name in missing]
    if problems:
        return [], problems
    found: dict[str, BilledRow] = {}
    for row in table.rows:
        read = _row(row, columns, keys, currency)
        if isinstance(read, BilledRow) and read.key in found:
            read = [TableProblem(row.number, "sku", Broken(_TWICE))]
        if isinstance(read, BilledRow):
            found[read.key] = read
        else:
            problems += read
    return list(found.values()), problems


def _column(table: Table, name: str) -> str | None:
    """The file's own name of a column."""
    return next((column for column in table.columns if column.casefold() in _NAMES[name]), None)


def _row(
    row: Row, columns: Mapping[str, str | None], keys: Mapping[str, str], currency: str
) -> BilledRow | list[TableProblem]:
    if row.problem is not None:
        return [TableProblem(row.number, "", row.problem)]
    cells = {name: row.cells.get(column, "") if column else "" for name, column in columns.items()}
    key = keys.get(cells["sku"].casefold()) or keys.get(cells["gtin"].casefold())
    units = _read(lambda: count_of(cells["quantity"], 0, MOST_UNITS))
    amount = _read(lambda: money_of(cells["amount"], currency))
    problems = [
        TableProblem(row.number, name, problem)
        for name, problem in (
            (columns["sku"] or columns["gtin"] or "sku", None if key else Broken(_UNKNOWN)),
            (columns["quantity"] or "", units if isinstance(units, Broken) else None),
            (columns["amount"] or "", amount if isinstance(amount, Broken) else None),
        )
        if problem is not None
    ]
    if problems or key is None or isinstance(units, Broken) or isinstance(amount, Broken):
        return problems
    return BilledRow(key, units, amount)


def _read(reading: Callable[[], int]) -> int | Broken:
    try:
        return reading()
    except Refusal as refused:
        return refused.broken
