"""The first sheet of an XLSX workbook: values only, no more of it than a price list needs."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.catalogue.table import (
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_LARGE,
    Row,
    Table,
    Unreadable,
    check_size,
    enough_rows,
    named_columns,
    row_of,
)

# What a workbook may unfold to: thirty thousand rows of forty columns take some forty megabytes.
_MOST_UNFOLDED: Final = 100_000_000
_MOST_PARTS: Final = 500
_NO_WORKBOOK = gettext_noop("This is no XLSX workbook that can be read. Save it anew, or as CSV.")
_NOTHING = gettext_noop("The first sheet is empty.")
# Decimals of a number in a cell: what a binary fraction adds behind them is noise.
_PLACES: Final = Decimal("0.000001")


def is_xlsx(content: bytes) -> bool:
    """Whether the bytes begin as a ZIP archive does, which a workbook is."""
    return content.startswith(b"PK\x03\x04")


def read_xlsx(content: bytes) -> Table:
    """The table on the first sheet; its first row that is not empty names the columns. Raises Unreadable."""
    check_size(content)
    _check_archive(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        # One more than allowed, so that what is too much is seen and not cut.
        lines = islice(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), MOST_ROWS + 50)
        texts = [[_text(value) for value in line] for line in lines]
        book.close()
    except Exception as error:  # openpyxl raises whatever a broken workbook makes it stumble over
        raise Unreadable(Broken(_NO_WORKBOOK)) from error
    return _table(texts)


def _table(texts: list[list[str]]) -> Table:
    begin = next((at for at, line in enumerate(texts) if any(cell.strip() for cell in line)), None)
    if begin is None:
        raise Unreadable(Broken(_NOTHING))
    header = texts[begin]
    while header and not header[-1].strip():
        header = header[:-1]
    columns = named_columns(header)
    rows: list[Row] = []
    for number, line in enumerate(texts[begin + 1 :], begin + 2):
        row = row_of(number, columns, line)
        if row is not None:
            rows.append(row)
    return Table(columns, enough_rows(rows))


def _check_archive(content: bytes) -> None:
    """No more than a price list unfolds to, and no declarations that a reader would expand."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNFOLDED:
                raise Unreadable(Broken(TOO_LARGE, {"most": _MOST_UNFOLDED // 1_000_000}))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as opened:
                        if b"<!DOCTYPE" in opened.read(2_000).upper():
                            raise Unreadable(Broken(_NO_WORKBOOK))
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Unreadable(Broken(_NO_WORKBOOK)) from error


def _text(value: Any) -> str:
    """A cell's value as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # The one place at which a binary fraction becomes a decimal one.
        exact = Decimal(repr(value))
        if not exact.is_finite():
            return str(value)
        rounded = exact.quantize(_PLACES) if abs(exact) < 10**15 else exact
        text = format(rounded, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
