"""A catalogue written out as a table that reads in again unchanged."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook

from marketplace.rules.catalogue.columns import (
    BY_NAME,
    CURRENCY,
    FILE_COLUMNS,
    KEY,
    LADDER,
    LADDER_COLUMNS,
    STEPS,
)
from marketplace.rules.catalogue.safe_cells import safe_cell
from marketplace.rules.catalogue.values import text_of
from marketplace.rules.money import format_minor


def table_rows(catalogue: Iterable[tuple[str, Mapping[str, Any]]], currency: str) -> Iterator[list[str]]:
    """The names of columns, then a row of texts for each product (article number and values)."""
    yield list(FILE_COLUMNS)
    for sku, values in catalogue:
        row = {KEY: sku, CURRENCY: currency if values.get(LADDER) else ""}
        row.update({name: text_of(name, values.get(name), currency) for name in BY_NAME})
        row.update(dict.fromkeys(LADDER_COLUMNS, ""))
        for step, (quantity, cost, price) in enumerate((values.get(LADDER) or ())[:STEPS], 1):
            row[f"from_{step}"] = str(quantity)
            row[f"cost_{step}"] = format_minor(cost, currency)
            row[f"price_{step}"] = format_minor(price, currency)
        yield [row[name] for name in FILE_COLUMNS]


def as_csv(rows: Iterable[list[str]]) -> bytes:
    """UTF-8 with its mark, which Excel needs; commas between cells; no cell is a formula."""
    out = StringIO(newline="")
    csv.writer(out).writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[list[str]]) -> bytes:
    """A workbook of texts; no cell is a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("catalogue")
    for row in rows:
        sheet.append([safe_cell(cell) for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
