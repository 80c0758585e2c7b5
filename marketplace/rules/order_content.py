"""The frozen content of one revision of a purchase order: what mails, tables and documents are made from.

Plain JSON values, money as exact decimal text, instants as ISO 8601 in UTC. The same content always has the same hash,
so a document that was sent twice proves that it was the same one.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from marketplace.rules.money import format_minor


class ContentLine(NamedTuple):
    """One product of the order. Quantities in consumer units; `split_fee`, `cost`, `amount` in minor units.

    `amount` is ordered * cost, the split fee comes on top; `hub` of the ordered units are the hub's own.
    """

    name: str
    sku: str
    gtin: str
    ordered: int
    case: int
    whole_cases: int
    split: bool
    split_fee: int
    cost: int
    amount: int
    hub: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHead:
    """Who orders what of whom for when. `due_at`: when the goods are due at the hub's dock."""

    number: str
    revision: int
    merchant: Mapping[str, str]
    hub: Mapping[str, str]
    window: Mapping[str, str]
    handover_on: date
    due_at: datetime
    currency: str
    small_order_fee: int | None


def order_content(*, head: OrderHead, lines: Iterable[ContentLine]) -> dict[str, Any]:
    """The content of one revision, its sums made from its lines."""

    def money(amount: int) -> str:
        return format_minor(amount, head.currency)

    written = list(lines)
    goods = sum(line.amount for line in written)
    fees = sum(line.split_fee for line in written) + (head.small_order_fee or 0)
    return {
        "number": head.number,
        "revision": head.revision,
        "merchant": dict(head.merchant),
        "hub": dict(head.hub),
        "window": dict(head.window),
        "handover_on": head.handover_on.isoformat(),
        "due_at": instant(head.due_at),
        "currency": head.currency,
        "lines": [
            {
                **line._asdict(),
                "split_fee": money(line.split_fee),
                "cost": money(line.cost),
                "amount": money(line.amount),
            }
            for line in written
        ],
        "small_order_fee": None if head.small_order_fee is None else money(head.small_order_fee),
        "goods": money(goods),
        "fees": money(fees),
        "total": money(goods + fees),
    }


def content_hash(content: Mapping[str, Any]) -> str:
    """sha256, in hex, of the content's one spelling: keys sorted, no spaces, UTF-8."""
    spelled = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(spelled.encode()).hexdigest()


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC, to the second: 2026-11-22T18:00:00Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"
