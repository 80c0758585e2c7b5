"""Cells that a spreadsheet would take for a formula are written so that it shows them as text."""

from typing import Final

# OWASP's list; a carriage return or tab in front hides the others.
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before what would be computed. Reading takes the apostrophe away again."""
    return f"'{text}" if text.startswith(_STARTS) else text
