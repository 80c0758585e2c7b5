"""What an offer promises, and whether a change of it is an improvement for everybody who reserved.

`improves` is about the offer itself: at every demand the households pay no more per unit and are served no fewer firm
units in all. How units are shared when there are too few is the offer's shortage rule, and a lower price may bring in
lines with a limit; neither is a worse promise. The merchant's minimum order value is no term of an offer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from marketplace.rules.clearing.terms import OfferTerms, PriceStep, ShortageRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """An offer's terms as a household reads them. Money in minor units, quantities in consumer units; `cap` None: none;
    `best_before` None: not stated. Costs are the merchant's and the hub's: no household sees them."""

    ladder: tuple[PriceStep, ...]
    case: int = 1
    splittable: bool = False
    multiple: int = 1
    split_fee: int = 0
    hub_flexible: int = 0
    shortage_rule: str = ShortageRule.MAX_MIN.value
    cap: int | None = None
    best_before: date | None = None

    def cleared(self, offer_id: int = 0) -> OfferTerms:
        """The same as the clearing reads it; the merchant plays no part."""
        return OfferTerms(
            id=offer_id,
            merchant=None,
            case=self.case,
            ladder=self.ladder,
            multiple=self.multiple,
            splittable=self.splittable,
            split_fee=self.split_fee,
            cap=self.cap,
            hub_flexible=self.hub_flexible,
            shortage_rule=ShortageRule(self.shortage_rule),
        )

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, as a change keeps it. Without the costs: whoever may read the change may read this."""
        told = {name: getattr(self, name) for name in _FIELDS}
        told["ladder"] = [[step.from_quantity, step.unit_price] for step in self.ladder]
        told["best_before"] = self.best_before and self.best_before.isoformat()
        return told


_FIELDS = tuple(field.name for field in fields(Terms))


def terms_from(told: Mapping[str, Any]) -> Terms:
    """The terms that a change keeps; costs are not among them and read as 0."""
    ladder = tuple(PriceStep(quantity, 0, price) for quantity, price in told["ladder"])
    until = told["best_before"]
    best_before = date.fromisoformat(until) if until else None
    return Terms(**{**told, "ladder": ladder, "best_before": best_before})


def improves(before: Terms, after: Terms) -> bool:
    """Whether the change harms no household at any demand (see above); no change at all improves too.

    Sure rather than complete: a change of the case, of splitting or of the sharing is never taken for an improvement.
    """
    return (
        _same_units(before, after)
        and _no_dearer(before, after)
        and _no_fewer(before.cap, after.cap)
        and _keeps_splitting(before, after)
        and _keeps_longer(before.best_before, after.best_before)
    )


def needs_agreement(before: Terms, after: Terms) -> bool:
    """Whether lines count only once their households agree. A lower cap alone does not ask: what is not there cannot be
    agreed to, so it is shared at once by the shortage rule."""
    lowered = not _no_fewer(before.cap, after.cap)
    return not improves(replace(before, cap=after.cap) if lowered else before, after)


def _same_units(before: Terms, after: Terms) -> bool:
    named = ("case", "splittable", "multiple", "hub_flexible", "shortage_rule")
    return all(getattr(before, name) == getattr(after, name) for name in named)


def _no_dearer(before: Terms, after: Terms) -> bool:
    """Every quantity that could be ordered before still can, at no higher price; smaller ones at no more than the old
    "at most"."""
    first, lowest = before.ladder[0], after.ladder[0]
    if lowest.from_quantity > first.from_quantity or lowest.unit_price > first.unit_price:
        return False
    return all(_price_at(after, step.from_quantity) <= step.unit_price for step in before.ladder)


def _price_at(terms: Terms, quantity: int) -> int:
    """The price of a quantity at or above the minimum."""
    return min(step.unit_price for step in terms.ladder if step.from_quantity <= quantity)


def _no_fewer(before: int | None, after: int | None) -> bool:
    return after is None or (before is not None and after >= before)


def _keeps_splitting(before: Terms, after: Terms) -> bool:
    """A case is opened where the fee is worth the units at their price: a lower price may make it not worth it. Safe
    are a fee that one unit is always worth, and the same ladder with no higher fee."""
    if not after.splittable or after.split_fee <= after.ladder[-1].unit_price:
        return True
    return before.ladder == after.ladder and after.split_fee <= before.split_fee


def _keeps_longer(before: date | None, after: date | None) -> bool:
    """Stating a day where none was promised takes nothing away."""
    return before is None or (after is not None and after >= before)
