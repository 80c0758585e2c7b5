"""Closing, 1 and 2: feasible quantities, and the quantity and price at which an offer clears.

Every search is a division, never a loop over quantities. It rests on one fact: at a step, the smallest
quantity at or above T that the case (or multiple) allows is feasible, or no larger one of its kind is,
because a larger one needs more extras, and never from a wider consent.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from marketplace.rules.clearing.demand import StepDemand, demand_at, has_limits
from marketplace.rules.clearing.reasons import OfferReason
from marketplace.rules.clearing.terms import Consent, DemandGroup, OfferTerms


class Choice(NamedTuple):
    """A quantity to order at a step: `step` is its index; `use` names the consent of its extras, if it has any."""

    step: int
    quantity: int
    use: Consent | None
    demand: StepDemand

    @property
    def firm_served(self) -> int:
        """Firm units that are served (extras are not firm)."""
        return min(self.quantity, self.demand.firm)


def is_split(offer: OfferTerms, quantity: int) -> bool:
    """Whether a quantity opens a case."""
    return quantity % offer.case != 0


def use_of(offer: OfferTerms, quantity: int, firm: int) -> Consent | None:
    """The use for which the extras of a quantity need consent; None without extras."""
    extras = quantity - firm
    if extras <= 0:
        return None
    filled = offer.multiple if is_split(offer, quantity) else offer.case
    return Consent.CASE if extras < filled else Consent.PRICE


def is_feasible(offer: OfferTerms, quantity: int, demand: StepDemand) -> bool:
    """Whether demand carries a quantity that the step, the case and the cap allow."""
    use = use_of(offer, quantity, demand.firm)
    if use is None:
        return True
    hub = offer.hub_share if use is Consent.CASE and not is_split(offer, quantity) else 0
    return quantity - demand.firm <= demand.flexible_for(use) + hub


def whole_at_least(offer: OfferTerms, least: int) -> int:
    """The smallest whole-case quantity at or above `least` (at least 1)."""
    return -(-max(least, 1) // offer.case) * offer.case


def whole_below(offer: OfferTerms, bound: int) -> int:
    """The largest whole-case quantity below `bound`, or 0."""
    return max(0, (bound - 1) // offer.case * offer.case)


def split_at_least(offer: OfferTerms, least: int) -> int | None:
    """The smallest split quantity at or above `least`; None where the offer has no split quantities."""
    if not offer.splittable or offer.multiple % offer.case == 0:
        return None
    quantity = -(-max(least, 1) // offer.multiple) * offer.multiple
    # Of two neighbouring multiples at most one is a whole number of cases.
    return quantity if quantity % offer.case else quantity + offer.multiple


def split_below(offer: OfferTerms, bound: int) -> int:
    """The largest split quantity below `bound`, or 0."""
    if not offer.splittable or offer.multiple % offer.case == 0:
        return 0
    quantity = (bound - 1) // offer.multiple * offer.multiple
    return max(0, quantity if quantity % offer.case else quantity - offer.multiple)


def smallest_whole(offer: OfferTerms, step: int, demand: StepDemand) -> int | None:
    """W: the smallest feasible whole-case quantity at or above T = min(F, cap)."""
    quantity = whole_at_least(offer, max(_wanted(offer, demand), offer.ladder[step].from_quantity))
    if offer.cap is not None and quantity > offer.cap:
        return None
    return quantity if is_feasible(offer, quantity, demand) else None


def quantity_at(offer: OfferTerms, step: int, demand: StepDemand) -> int:
    """The quantity at a step; 0 means that the step cannot be reached. See "Closing, 2: quantity at a step"."""
    if demand.firm == 0:
        return 0
    whole = smallest_whole(offer, step, demand)
    if not offer.splittable:
        return whole if whole is not None else _whole_under(offer, step, demand)
    split, wanted = _split(offer, step, demand), _wanted(offer, demand)
    terms = offer.ladder[step]
    if whole is not None:
        cheaper = wanted <= split < whole and offer.split_fee <= (whole - split) * terms.cost
        return split if cheaper else whole
    below = _whole_under(offer, step, demand)
    worth_it = split > below and offer.split_fee <= (split - below) * terms.unit_price
    return split if worth_it else below


def best_choice(offer: OfferTerms, groups: Sequence[DemandGroup], steps: Iterable[int] | None = None) -> Choice | None:
    """The lowest-priced step that can be reached, with its quantity; None when the offer is not reached.

    `steps` restricts the search to some steps (indexes); p1 stays the ladder's first price.
    """
    tried = range(len(offer.ladder)) if steps is None else sorted(steps)
    demand = None if has_limits(offer, groups) else demand_at(offer, groups, offer.first_price)
    for step in reversed(tried):
        here = demand or demand_at(offer, groups, offer.ladder[step].unit_price)
        if quantity := quantity_at(offer, step, here):
            return Choice(step, quantity, use_of(offer, quantity, here.firm), here)
    return None


def why_not_reached(offer: OfferTerms, groups: Sequence[DemandGroup]) -> OfferReason:
    """The reason for an offer that no step reaches."""
    demands = [demand_at(offer, groups, step.unit_price) for step in offer.ladder]
    if not any(group.lines for group in groups):
        return OfferReason.NO_DEMAND
    if not any(demand.firm for demand in demands):
        return OfferReason.LIMITS_BELOW_PRICE
    least = offer.ladder[0].from_quantity
    smallest = min(filter(None, (whole_at_least(offer, least), split_at_least(offer, least))))
    if offer.cap is not None and smallest > offer.cap:
        return OfferReason.CAP_TOO_LOW
    if any(demand.firm and _split(offer, step, demand) for step, demand in enumerate(demands)):
        return OfferReason.SPLIT_FEE_TOO_HIGH
    if any(demand.firm >= step.from_quantity for step, demand in zip(offer.ladder, demands, strict=True)):
        return OfferReason.NO_FULL_CASE
    return OfferReason.BELOW_MINIMUM


def _wanted(offer: OfferTerms, demand: StepDemand) -> int:
    """T: what is wanted and may be had."""
    return demand.firm if offer.cap is None else min(demand.firm, offer.cap)


def _whole_under(offer: OfferTerms, step: int, demand: StepDemand) -> int:
    """V: the largest feasible whole-case quantity below T, or 0."""
    quantity = whole_below(offer, _wanted(offer, demand))
    return quantity if quantity >= offer.ladder[step].from_quantity else 0


def _split(offer: OfferTerms, step: int, demand: StepDemand) -> int:
    """S: the smallest feasible split quantity at or above T, else the largest below T, else 0."""
    wanted, least = _wanted(offer, demand), offer.ladder[step].from_quantity
    quantity = split_at_least(offer, max(wanted, least))
    if quantity is None:
        return 0
    if (offer.cap is None or quantity <= offer.cap) and is_feasible(offer, quantity, demand):
        return quantity
    below = split_below(offer, wanted)
    return below if below >= least else 0
