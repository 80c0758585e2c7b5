"""What closing a window answers."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from marketplace.rules.order_content import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedOrder:
    """One purchase order that the closing issued. Money in minor units; `held_for` is empty when it goes out."""

    order_id: int
    number: str
    merchant_id: int
    merchant: str
    lines: int
    goods_minor: int
    fees_minor: int
    total_minor: int
    held_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedWindow:
    """A window that this call closed. `closes_at` dates everything; `computed_at` is when the worker came to it.

    `exceptions` counts the lines that get something else than their firm quantity of a reached offer.
    """

    window_id: int
    round_id: int
    name: str
    run_id: int
    run_number: int
    closes_at: datetime
    computed_at: datetime
    currency: str
    offers: int
    offers_reached: int
    exceptions: int
    orders: tuple[IssuedOrder, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        plain = asdict(self)
        plain["closes_at"], plain["computed_at"] = instant(self.closes_at), instant(self.computed_at)
        return plain
