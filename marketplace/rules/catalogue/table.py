"""A file read as rows of texts, and what is said where it cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from marketplace.rules.broken import Broken, gettext_noop

MOST_BYTES: Final = 8_000_000
MOST_ROWS: Final = 30_000
MOST_COLUMNS: Final = 120
LONGEST_CELL: Final = 4_000

TOO_LARGE = gettext_noop("The file is larger than %(most)s MB. Send it in parts.")
TOO_MANY_ROWS = gettext_noop("The file has more than %(most)s rows. Send it in parts.")
TOO_MANY_COLUMNS = gettext_noop("The file has more than %(most)s columns.")
NO_ROWS = gettext_noop("The file has no rows below its names of columns.")
SAME_NAME = gettext_noop("Two columns are called “%(name)s”. Rename one of them.")
TOO_MANY_CELLS = gettext_noop("The row has more cells than there are columns; perhaps a text has a separator in it.")
LONG_CELL = gettext_noop("The cell has more than %(most)s characters.")


class Unreadable(Exception):
    """The file as a whole cannot be read; `broken` says why, `row` where it is known."""

    def __init__(self, broken: Broken, row: int | None = None) -> None:
        self.broken, self.row = broken, row
        super().__init__(str(broken))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the file's program shows it, and the texts of its cells without spaces around them.

    `problem`: the row cannot be read at all.
    """

    number: int
    cells: Mapping[str, str]
    problem: Broken | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file by its own names of columns. `skipped`: rows that are none of ours to read, with the reason
    in `notes`. `currency`: what the file itself says of its prices."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    whole: bool | None = None
    currency: str = ""
    skipped: int = 0
    notes: tuple[Broken, ...] = field(default=())


def check_size(content: bytes) -> None:
    """Raises Unreadable for more bytes than a price list needs."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Broken(TOO_LARGE, {"most": MOST_BYTES // 1_000_000}))


def named_columns(header: list[str]) -> tuple[str, ...]:
    """The names of columns; one without a name is called by its place. Raises Unreadable for two of the same."""
    names = tuple(name.strip() or f"#{place}" for place, name in enumerate(header, 1))
    if len(names) > MOST_COLUMNS:
        raise Unreadable(Broken(TOO_MANY_COLUMNS, {"most": MOST_COLUMNS}))
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise Unreadable(Broken(SAME_NAME, {"name": name[:40]}))
        seen.add(name.casefold())
    return names


def row_of(number: int, columns: tuple[str, ...], cells: list[str]) -> Row | None:
    """A row of the table; None for one without any text."""
    texts = [plain(cell) for cell in cells]
    if not any(texts):
        return None
    problem = None
    if any(texts[len(columns) :]):
        problem = Broken(TOO_MANY_CELLS)
    elif any(len(text) > LONGEST_CELL for text in texts):
        problem = Broken(LONG_CELL, {"most": LONGEST_CELL})
    filled = [*texts, *([""] * (len(columns) - len(texts)))]
    return Row(number, dict(zip(columns, filled, strict=False)), problem)


def plain(text: str) -> str:
    """A cell's text: without spaces around it, characters that no screen shows, and the mark that keeps a
    spreadsheet from reading it as a formula (safe_cells.py)."""
    shown = "".join(letter for letter in text if letter.isprintable() or letter in "\n\t").strip()
    if len(shown) > 1 and shown[0] == "'" and shown[1] in "=+-@":
        return shown[1:]
    return shown


def enough_rows(rows: list[Row]) -> tuple[Row, ...]:
    """The rows, if there are some and not too many."""
    if not rows:
        raise Unreadable(Broken(NO_ROWS))
    if len(rows) > MOST_ROWS:
        raise Unreadable(Broken(TOO_MANY_ROWS, {"most": MOST_ROWS}))
    return tuple(rows)
