"""Closing, 4: the quantities that each reached offer may contribute to a merchant's minimum order value.

Per offer and step, cleared with that step alone and all lines back in: the quantity of rule 2; the smallest whole
case quantity W if that is larger; and larger quantities whose extras all come from `order` consent.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from marketplace.rules.clearing.allocate import Settlement, settle
from marketplace.rules.clearing.demand import StepDemand, demand_at
from marketplace.rules.clearing.quantities import (
    Choice,
    best_choice,
    smallest_whole,
    split_at_least,
    use_of,
    whole_at_least,
)
from marketplace.rules.clearing.terms import Consent, DemandGroup, Id, Line, OfferTerms


class Option(NamedTuple):
    """One way to order an offer. `settlement` is there where whole_only lines decided the quantity."""

    choice: Choice
    settlement: Settlement | None = None

    def value(self, offer: OfferTerms) -> int:
        """What it counts towards the minimum order value: quantity * cost."""
        return self.choice.quantity * offer.ladder[self.choice.step].cost

    def price(self, offer: OfferTerms) -> int:
        """What its units cost the households (and the hub): quantity * unit price."""
        return self.choice.quantity * offer.ladder[self.choice.step].unit_price


def needs_lines(offer: OfferTerms, groups: Sequence[DemandGroup]) -> bool:
    """Whether whole_only lines may decide the quantity of some step, so that sums are not enough."""
    for step in range(len(offer.ladder)):
        choice = best_choice(offer, groups, (step,))
        if choice is not None and is_contested(choice):
            return True
    return False


def is_contested(choice: Choice) -> bool:
    """Whether whole_only lines may get a part, which only the lines can tell."""
    return choice.quantity < choice.demand.firm and choice.demand.whole_only > 0


def options_of(
    *, window: Id, offer: OfferTerms, groups: Sequence[DemandGroup], lines: Sequence[Line] | None, needed: int
) -> list[Option]:
    """Every option of a reached offer that can matter for a minimum of `needed`, by step and quantity.

    `lines` are needed where `needs_lines` says so. Of the larger quantities of a step, those above the first that
    meets the minimum on its own are left out: they cost more and help no further.
    """
    options: list[Option] = []
    for step in range(len(offer.ladder)):
        first = _alone(window, offer, groups, lines, step)
        if first is not None:
            options.append(first)
        # A step that rule 2 does not reach (its quantity is 0: a split fee, a released line) may still take extras.
        above = 0 if first is None else first.choice.quantity
        everybody = demand_at(offer, groups, offer.ladder[step].unit_price)
        options += _larger(offer, step, everybody, above, needed)
    return sorted(options, key=lambda option: (option.choice.step, option.choice.quantity))


def _alone(
    window: Id, offer: OfferTerms, groups: Sequence[DemandGroup], lines: Sequence[Line] | None, step: int
) -> Option | None:
    """Rule 2's quantity with this step alone; None when the step cannot be reached."""
    choice = best_choice(offer, groups, (step,))
    if choice is None or not is_contested(choice):
        return None if choice is None else Option(choice)
    if lines is None:
        raise ValueError(f"Offer {offer.id!r} has whole_only lines that are short: its lines are needed.")
    settlement = settle(window=window, offer=offer, lines=lines, steps=(step,))
    return None if settlement.choice is None else Option(settlement.choice, settlement)


def _larger(offer: OfferTerms, step: int, everybody: StepDemand, above: int, needed: int) -> Iterator[Option]:
    """W, and the quantities that take all their extras from `order` consent, above rule 2's quantity."""
    whole = smallest_whole(offer, step, everybody)
    # A W below the demand is the cap, whose shares rule 2 has settled already (releasing whole_only lines).
    if whole is not None and whole > above and whole >= everybody.firm:
        yield Option(Choice(step, whole, use_of(offer, whole, everybody.firm), everybody))
    most = everybody.firm + everybody.for_order
    if offer.cap is not None:
        most = min(most, offer.cap)
    quantity = max(above, everybody.firm, offer.ladder[step].from_quantity - 1)
    while (quantity := _next_orderable(offer, quantity + 1)) <= most:
        if quantity != whole:
            yield Option(Choice(step, quantity, Consent.ORDER, everybody))
        if quantity * offer.ladder[step].cost >= needed:
            return


def _next_orderable(offer: OfferTerms, least: int) -> int:
    """The smallest quantity at or above `least` that may be ordered, whole-case or split."""
    whole, split = whole_at_least(offer, least), split_at_least(offer, least)
    return whole if split is None else min(whole, split)
