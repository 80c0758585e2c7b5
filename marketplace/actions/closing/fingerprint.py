"""The hash of everything that a closing was decided on."""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from marketplace.rules.clearing.terms import DemandGroup, Id, WindowTerms


def input_hash(terms: WindowTerms, demand: Mapping[Id, Sequence[DemandGroup]]) -> str:
    """sha256, in hex, of the terms and the demand of a window, spelled in one way whatever order they came in."""
    seen = sha256()
    for part in _parts(terms, demand):
        seen.update(json.dumps(part, separators=(",", ":")).encode())
        seen.update(b"\n")
    return seen.hexdigest()


def _parts(terms: WindowTerms, demand: Mapping[Id, Sequence[DemandGroup]]) -> Iterator[Any]:
    yield [terms.id, terms.currency]
    yield from sorted(terms.merchants)
    for offer in sorted(terms.offers, key=lambda offer: offer.id):
        own = (offer.id, offer.merchant, offer.case, offer.multiple, offer.splittable, offer.split_fee)
        bounds = (offer.cap, offer.hub_flexible, offer.shortage_rule, offer.ladder)
        yield own, bounds, sorted(demand.get(offer.id, ()), key=_order)


def _order(group: DemandGroup) -> tuple[Any, ...]:
    return group.limit is not None, group.limit or 0, group[1:]
