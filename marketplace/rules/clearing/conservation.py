"""Closing, 5: conservation, checked before anything is stored."""

from collections.abc import Iterable, Mapping, Sequence

from marketplace.rules.clearing.demand import demand_at
from marketplace.rules.clearing.outcome import Allocation, WindowResult
from marketplace.rules.clearing.terms import DemandGroup, Id, WindowTerms


class Unbalanced(ArithmeticError):
    """A closing that does not add up; nothing of it may be stored. Names the offer or merchant."""


def check_conservation(
    *, window: WindowTerms, demand: Mapping[Id, Sequence[DemandGroup]], result: WindowResult
) -> None:
    """Raise Unbalanced unless Σ allocated + hub = Q for every offer, every total is Σ Q * cost + fees, and every
    charge is quantity * unit price.

    Also finds lines that changed between the sums and the loading, and a source that misses lines.
    """
    moved = _moved(result.exceptions.values(), result)
    for offer in window.offers:
        outcome = result.outcomes[offer.id]
        if outcome.unit_price is None:
            allocated, hub = moved.get(offer.id, 0), outcome.ordered
        else:
            firm = demand_at(offer, demand.get(offer.id, ()), outcome.unit_price).firm
            allocated, hub = firm + moved.get(offer.id, 0), outcome.hub
        if allocated + hub != outcome.ordered or (outcome.unit_price is None and outcome.ordered):
            parts = f"{allocated} allocated and {hub} for the hub"
            raise Unbalanced(f"Offer {offer.id!r}: {parts} are not the {outcome.ordered} ordered.")
    for merchant in result.merchants.values():
        fees = sum(line.split_fee for line in merchant.lines) + (merchant.small_order_fee or 0)
        if merchant.total != sum(line.quantity * line.cost for line in merchant.lines) + fees:
            raise Unbalanced(f"Merchant {merchant.merchant!r}: the order's total is not the sum of its lines and fees.")


def _moved(exceptions: Iterable[Allocation], result: WindowResult) -> dict[Id, int]:
    """Per offer, units that its exceptions get above their firm quantities (below: negative)."""
    moved: dict[Id, int] = {}
    for got in exceptions:
        price = result.outcomes[got.offer].unit_price
        if price is None or got.charged != got.quantity * price:
            raise Unbalanced(f"Line {got.line!r}: {got.charged} is not the charge for {got.quantity} units.")
        moved[got.offer] = moved.get(got.offer, 0) + got.quantity - got.firm
    return moved
