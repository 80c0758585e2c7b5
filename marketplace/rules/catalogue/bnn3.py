"""BNN 3, the price lists of the German organic wholesale trade, by our names of columns.

Semicolons; a head ("BNN;3;…") with character set, completeness (V whole, T part, S special) and currency; 69 columns;
a foot with the number of the next file. Places are counted from 0. Prices are net, per shop unit, for one order unit
of so many shop units. What is not read: volume prices (lists do not say of which unit they count) and prices of
special offers, whose rows repeat an article for some days.
"""

import csv
from io import StringIO
from typing import Final

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.catalogue.contents import content_of, figure_of
from marketplace.rules.catalogue.csv_table import decoded
from marketplace.rules.catalogue.table import MOST_ROWS, Row, Table, Unreadable, check_size, enough_rows, row_of

_NO_BNN = gettext_noop("This is no price list in BNN 3: its first line does not begin with BNN;3.")
_QUOTES = gettext_noop("A quotation mark is not closed.")
_SHORT = gettext_noop("The row has %(cells)s of at least %(least)s cells.")
_OTHER_UNIT = gettext_noop("Its price is for %(factor)s of its unit. Give cost and price in a table of your own.")
_SPECIAL = gettext_noop("Prices of special offers are not read.")
COLUMNS: Final = (
    *("sku", "active", "gtin", "name", "description", "shelf_life_days", "category", "case", "pack", "content", "unit"),
    *("weighed", "deposit", "tax", "cost_1"),
)
_LEAST = 38
_NUMBER, _STATUS, _EAN, _NAME, _NAME_2, _NAME_3, _ORIGIN, _QUALITY = 0, 1, 4, 6, 7, 8, 12, 13
_DAYS, _GROUP, _CASE, _UNIT, _FACTOR, _WEIGHED, _DEPOSIT, _TAX, _COST = 15, 16, 22, 23, 24, 25, 26, 33, 37
_SPECIAL_PRICE, _SPECIAL_FROM = 61, 62
# X taken out for good, V for a while; all others (new, changed, remaining stock, back again) are sold.
_NOT_SOLD = ("X", "V")


def read_bnn3(content: bytes) -> Table:
    """The articles of a list. Raises Unreadable."""
    check_size(content)
    mark = content[:12].split(b";")
    dos = len(mark) > 2 and mark[2].strip(b'" ') == b"0"
    lines = list(_records(decoded(content, "cp850" if dos else "cp1252")))
    head = lines[0][1] if lines else []
    if len(head) < 7 or head[0].strip().upper() != "BNN" or head[1].strip().lstrip("0")[:1] != "3":
        raise Unreadable(Broken(_NO_BNN))
    rows: list[Row] = []
    special = 0
    for number, cells in lines[1:]:
        if not cells or not cells[_NUMBER].strip():
            continue  # the foot, and lines without an article
        if _at(cells, _SPECIAL_PRICE).upper() == "J" or _at(cells, _SPECIAL_FROM).strip("0"):
            special += 1
            continue
        if (row := _row(number, cells)) is not None:
            rows.append(row)
        if len(rows) > MOST_ROWS:
            break
    return Table(
        COLUMNS,
        enough_rows(rows),
        whole={"V": True, "T": False, "S": False}.get(head[4].strip().upper()),
        currency=head[6].strip().upper()[:3],
        skipped=special,
        notes=(Broken(_SPECIAL),) if special else (),
    )


def _records(text: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=";", strict=True)
    found: list[tuple[int, list[str]]] = []
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return found
        except csv.Error:
            raise Unreadable(Broken(_QUOTES), row=begins) from None
        found.append((begins, cells))
        begins = reader.line_num + 1


def _row(number: int, cells: list[str]) -> Row | None:
    row = row_of(number, COLUMNS, _cells(cells))
    if row is None:
        return None
    factor = figure_of(_at(cells, _FACTOR))
    if len(cells) < _LEAST:
        return Row(number, row.cells, Broken(_SHORT, {"cells": len(cells), "least": _LEAST}))
    if factor not in ("", "0", "1"):
        return Row(number, row.cells, Broken(_OTHER_UNIT, {"factor": factor}))
    return row


def _cells(cells: list[str]) -> list[str]:
    """The texts of COLUMNS; empty is not said."""
    unit = _at(cells, _UNIT)
    amount, measure = content_of(unit)
    days = figure_of(_at(cells, _DAYS))
    names = [_at(cells, place) for place in (_NAME, _NAME_2, _NAME_3)]
    about = [*names[1:], _at(cells, _QUALITY), _at(cells, _ORIGIN)]
    return [
        _at(cells, _NUMBER),
        "no" if _at(cells, _STATUS).upper() in _NOT_SOLD else "yes",
        _at(cells, _EAN),
        names[0],
        ", ".join(part for part in about if part),
        "" if days == "0" else days,
        _at(cells, _GROUP),
        figure_of(_at(cells, _CASE)),
        unit,
        str(amount),
        measure.value,
        "yes" if _at(cells, _WEIGHED).upper() == "J" else "no",
        _at(cells, _DEPOSIT),
        _at(cells, _TAX),
        figure_of(_at(cells, _COST)),
    ]


def _at(cells: list[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""
