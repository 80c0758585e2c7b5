"""CSV as programs write it: UTF-8 with or without a mark, UTF-16, Windows-1252; semicolon, comma, tab or bar."""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.catalogue.table import MOST_ROWS, Row, Table, Unreadable, check_size, named_columns, row_of
from marketplace.rules.catalogue.table import enough_rows as _enough_rows

_DELIMITERS: Final = (";", ",", "\t", "|")
_NO_TEXT = gettext_noop("This is no text file. Save it as CSV or XLSX and send it again.")
_QUOTES = gettext_noop("A quotation mark is not closed, or stands inside a cell. Put two of them for one.")
_NOTHING = gettext_noop("The file is empty.")


def read_csv(content: bytes) -> Table:
    """The table in a CSV file; its first row that is not empty names the columns. Raises Unreadable."""
    check_size(content)
    text = decoded(content)
    delimiter, start = _delimiter(text)
    records = _records(text[start:], delimiter)
    offset = text[:start].count("\n")
    header = next((record for record in records if any(cell.strip() for cell in record[1])), None)
    if header is None:
        raise Unreadable(Broken(_NOTHING))
    columns = named_columns(_without_empty_end(header[1]))
    rows: list[Row] = []
    for number, cells in records:
        row = row_of(number + offset, columns, cells)
        if row is not None:
            rows.append(row)
        if len(rows) > MOST_ROWS:
            break
    return Table(columns, _enough_rows(rows))


def decoded(content: bytes, otherwise: str = "cp1252") -> str:
    """The text of a file: by its mark, else UTF-8, else as older programs write. Raises Unreadable for no text."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _text(content, name)
    try:
        return _checked(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _text(content, otherwise)


def _text(content: bytes, name: str) -> str:
    try:
        return _checked(content.decode(name))
    except UnicodeDecodeError:
        # Windows-1252 leaves five bytes without a letter; ISO 8859-1 leaves none.
        if name == "cp1252":
            return _checked(content.decode("latin-1"))
        raise Unreadable(Broken(_NO_TEXT)) from None


def _checked(text: str) -> str:
    if "\0" in text:
        raise Unreadable(Broken(_NO_TEXT))
    return text


def _delimiter(text: str) -> tuple[str, int]:
    """What separates the cells, and where the table begins: Excel may say it in a first line "sep=;"."""
    first, _, _rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], len(first) + 1
    line = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=lambda each: len(next(csv.reader([line], delimiter=each), []))), 0


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the line on which it begins."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(Broken(_QUOTES), row=begins) from None
        yield begins, cells
        begins = reader.line_num + 1


def _without_empty_end(header: list[str]) -> list[str]:
    """Programs like to write separators after the last name."""
    while header and not header[-1].strip():
        header = header[:-1]
    return header
