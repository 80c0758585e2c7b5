"""From what was booked to what should be: the entries between them. Booking them twice changes nothing any more."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from marketplace.rules.ledger.accounts import AccountRef, code_of
from marketplace.rules.ledger.entries import Entry


class Way(NamedTuple):
    """Between which accounts, for what, of which line; an amount the other way round counts below zero."""

    source: AccountRef
    destination: AccountRef
    memo: str
    line_id: int | None
    about: str


def difference(booked: Iterable[Entry], wanted: Iterable[Entry]) -> list[Entry]:
    """The entries that lead from those booked to those wanted, in the order of what is wanted first."""
    sums: dict[Way, int] = {}
    facts: dict[Way, Mapping[str, Any]] = {}
    for sign, entries in ((1, list(wanted)), (-1, list(booked))):
        for entry in entries:
            way, amount = _way(entry)
            sums[way] = sums.get(way, 0) + sign * amount
            facts.setdefault(way, entry.facts)
    return [_entry(way, amount, facts[way]) for way, amount in sums.items() if amount]


def _way(entry: Entry) -> tuple[Way, int]:
    """The same way for an entry and its opposite; what its facts name keeps two fees, or two products, apart."""
    about = str(entry.facts.get("fee") or entry.facts.get("product_id") or "")
    forward = code_of(entry.source) < code_of(entry.destination)
    ends = (entry.source, entry.destination) if forward else (entry.destination, entry.source)
    return Way(*ends, entry.memo, entry.line_id, about), entry.amount_minor if forward else -entry.amount_minor


def _entry(way: Way, amount: int, facts: Mapping[str, Any]) -> Entry:
    forward = Entry(way.source, way.destination, abs(amount), way.memo, facts, way.line_id)
    return forward if amount > 0 else forward.turned()
