"""One change of many products: what it makes of each. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.catalogue.columns import GIVEN, LADDER, OF_TEMPLATE, PROMISED
from marketplace.rules.catalogue.difference import (
    ON_OFFER,
    ChangedProduct,
    Current,
    Difference,
    WarnedRow,
    after_change,
    changed_values,
)
from marketplace.rules.catalogue.terms import warnings_of
from marketplace.rules.catalogue.terms_rules import terms_problems
from marketplace.rules.catalogue.wanted import Refused

MOST_BASIS_POINTS: Final = 100_000
_NO_TERMS: Final = gettext_noop("It has no usual terms yet: give its price first.")
_SAME_PRICE: Final = gettext_noop("Two steps of its ladder would cost the same.")
_NOTHING_LEFT: Final = gettext_noop("Its price would be nothing.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkChange:
    """`cost_basis_points` and `price_basis_points`: up or down in 1/100 % (+5 % = 500); amounts are rounded half up to
    the minor unit. `values`: columns that become the same for all (category, storage, active, …)."""

    values: Mapping[str, Any]
    cost_basis_points: int = 0
    price_basis_points: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, as a form carries it from the preview to the change."""
        return asdict(self)


def bulk_difference(change: BulkChange, chosen: Mapping[str, Current]) -> Difference:
    """What the change makes of the chosen products, by article number. A refused product stops all of it."""
    changed: list[ChangedProduct] = []
    refused: list[Refused] = []
    warned: list[WarnedRow] = []
    unchanged = 0
    for row, (sku, product) in enumerate(sorted(chosen.items()), 1):
        wanted = _wanted(change, product)
        problems = [Refused(row, place, sku, broken) for place, broken in _problems(wanted, product)]
        if problems:
            refused += problems
            continue
        before, after = changed_values(product.values, wanted)
        if not after:
            unchanged += 1
            continue
        changed.append(ChangedProduct(row, sku, product.values["name"], before, after))
        if OF_TEMPLATE & after.keys():
            warned += [WarnedRow(row, sku, each) for each in warnings_of(after_change(product.values, after))]
    return Difference(changed=tuple(changed), unchanged=unchanged, refused=tuple(refused), warned=tuple(warned))


def raised(amount: int, basis_points: int) -> int:
    """An amount up or down by so many 1/100 %, half a minor unit up: the one place at which it is rounded."""
    return (amount * (10_000 + basis_points) * 2 + 10_000) // 20_000


def _wanted(change: BulkChange, product: Current) -> dict[str, Any]:
    wanted = dict(change.values)
    ladder = product.values.get(LADDER)
    if ladder is not None and (change.cost_basis_points or change.price_basis_points):
        wanted[LADDER] = [
            [quantity, raised(cost, change.cost_basis_points), raised(price, change.price_basis_points)]
            for quantity, cost, price in ladder
        ]
    elif change.cost_basis_points or change.price_basis_points:
        wanted[LADDER] = None
    return wanted


def _problems(wanted: Mapping[str, Any], product: Current) -> list[tuple[str, Broken]]:
    of_terms = OF_TEMPLATE & wanted.keys()
    if of_terms and product.values.get(LADDER) is None:
        return [(LADDER, Broken(_NO_TERMS))]
    found = [
        (name, Broken(ON_OFFER))
        for name in sorted(PROMISED & wanted.keys())
        if product.promised and wanted[name] != product.values.get(name)
    ]
    ladder = wanted.get(LADDER) or ()
    if any(price < 1 for _quantity, _cost, price in ladder):
        return [*found, (LADDER, Broken(_NOTHING_LEFT))]
    if len({step[1] for step in ladder}) < len(ladder) or len({step[2] for step in ladder}) < len(ladder):
        return [*found, (LADDER, Broken(_SAME_PRICE))]
    if of_terms:
        found += terms_problems({**GIVEN, **after_change(product.values, dict(wanted))})
    return found
