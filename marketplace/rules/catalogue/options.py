"""How a price list is read: what came with the file, or was saved for the merchant's kind of list."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

TABLE, BNN3, ODIN, ROWS = "table", "bnn3", "odin", "rows"
FORMATS = (TABLE, BNN3, ODIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOptions:
    """`format`: table (CSV or XLSX), bnn3, odin, or rows (from the merchant's system, named as our columns).

    `columns`: our column → theirs; empty: by their names. `values`: our column → their text → our text. `defaults`:
    our column → text for rows that say nothing. `markup_basis_points`: the price above the cost, where the list has
    costs only. `whole`: what the list does not name is no longer sold. `leave_out`: rows that are refused are left out
    instead of stopping the whole list.
    """

    format: str = TABLE
    currency: str
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    markup_basis_points: int | None = None
    whole: bool = False
    leave_out: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, as an import keeps it."""
        return asdict(self)


def options_from(told: Mapping[str, Any]) -> ListOptions:
    """The options that an import keeps."""
    return ListOptions(**told)
