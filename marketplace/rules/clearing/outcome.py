"""What a closing answers: outcomes, purchase orders and the allocations that are exceptions."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from marketplace.rules.clearing.demand import takes_part
from marketplace.rules.clearing.reasons import LineReason, OfferReason, OrderReason
from marketplace.rules.clearing.terms import Id, Line, OfferTerms


class Allocation(NamedTuple):
    """What a line gets: `quantity` units for `charged` minor units (quantity * unit price)."""

    line: Id
    offer: Id
    firm: int
    quantity: int
    charged: int
    reason: LineReason


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOutcome:
    """How an offer cleared. Not reached: `step`, `unit_price` and `cost` are None, all counts 0.

    `ordered` is Q; `served` the firm units that get it, `extras` the flexible units, `hub` the units the hub adds:
    Q = served + extras + hub. `whole_cases` counts the closed cases in Q; `split` says that one more is opened,
    for `split_fee`, which the hub pays like its units.
    """

    offer: Id
    merchant: Id | None
    reason: OfferReason
    step: int | None = None
    unit_price: int | None = None
    cost: int | None = None
    ordered: int = 0
    whole_cases: int = 0
    split: bool = False
    split_fee: int = 0
    served: int = 0
    extras: int = 0
    hub: int = 0

    @property
    def reached(self) -> bool:
        """Whether something is ordered."""
        return self.reason is OfferReason.REACHED


class PurchaseOrderLine(NamedTuple):
    """One offer's part of an order: `amount` is quantity * cost, the fee comes on top."""

    offer: Id
    quantity: int
    whole_cases: int
    split: bool
    cost: int
    amount: int
    split_fee: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantOutcome:
    """A merchant's purchase order, or the reason why there is none (then `lines` is empty).

    `value` is Σ quantity * cost, which the minimum order value is measured by; `total` has the fees too.
    """

    merchant: Id
    reason: OrderReason
    lines: tuple[PurchaseOrderLine, ...] = ()
    value: int = 0
    small_order_fee: int | None = None
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowResult:
    """A cleared window. `exceptions` has, by line id, the lines that get something else than their firm quantity
    at a reached offer (also nothing); every other participant gets exactly that, see `allocations_of`."""

    window: Id
    outcomes: Mapping[Id, OfferOutcome]
    merchants: Mapping[Id, MerchantOutcome]
    exceptions: Mapping[Id, Allocation]

    @property
    def purchase_orders(self) -> list[MerchantOutcome]:
        """The orders to send, in the order of the merchants."""
        return [merchant for merchant in self.merchants.values() if merchant.lines]


def allocation_of(line: Line, offer: OfferTerms, outcome: OfferOutcome, exception: Allocation | None) -> Allocation:
    """What one line gets, and why, from its offer's outcome and its exception if there is one."""
    if exception is not None:
        return exception
    if outcome.unit_price is None:
        return Allocation(line.id, line.offer, line.firm, 0, 0, LineReason.OFFER_NOT_REACHED)
    if not takes_part(line.max_unit_price, offer, outcome.unit_price):
        return Allocation(line.id, line.offer, line.firm, 0, 0, LineReason.LIMIT_BELOW_PRICE)
    charged = line.firm * outcome.unit_price
    return Allocation(line.id, line.offer, line.firm, line.firm, charged, LineReason.IN_FULL)


def allocations_of(result: WindowResult, offers: Iterable[OfferTerms], lines: Iterable[Line]) -> Iterator[Allocation]:
    """What every given line gets, in the order given; lines that get nothing too, with their reason."""
    terms = {offer.id: offer for offer in offers}
    for line in lines:
        outcome = result.outcomes[line.offer]
        yield allocation_of(line, terms[line.offer], outcome, result.exceptions.get(line.id))
