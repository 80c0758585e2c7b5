"""The tables that go out with a purchase order, made from its frozen content (rules/order_content.py)."""

import csv
import io
from collections.abc import Mapping
from typing import Any

_COLUMNS = ("sku", "gtin", "name", "ordered", "case", "whole_cases", "split", "cost", "amount")
# A cell that begins so is a formula for the usual programs; an apostrophe makes it text again.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """A table cell that no spreadsheet will calculate. Source: OWASP, "CSV Injection"."""
    text = "yes" if value is True else "" if value is None or value is False else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def order_table(content: Mapping[str, Any]) -> str:
    """The order as CSV (UTF-8 with byte-order mark, comma): number and revision on every row, then one row a line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("number", "revision", "currency", *_COLUMNS))
    for line in content["lines"]:
        head = (content["number"], content["revision"], content["currency"])
        writer.writerow([cell(value) for value in (*head, *(line[column] for column in _COLUMNS))])
    return "\ufeff" + out.getvalue()


def message_id(content: Mapping[str, Any], content_hash: str, domain: str) -> str:
    """The mail's id: the same revision always has the same one, so a second copy shows that it is one."""
    return f"<{content['number']}.r{content['revision']}.{content_hash[:16]}@{domain}>".lower()
