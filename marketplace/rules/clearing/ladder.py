"""What a merchant is warned about when a ladder is entered: steps without use, and steps on which it earns less."""

from enum import StrEnum
from typing import NamedTuple

from marketplace.rules.clearing.quantities import split_at_least, split_below, whole_at_least, whole_below
from marketplace.rules.clearing.terms import OfferTerms


class LadderProblem(StrEnum):
    """Stable codes of the warnings."""

    NO_CASE_MEETS_STEP = (
        "no_case_meets_step"  # every quantity that may be ordered is below it, above it or over the cap
    )
    EARNS_LESS = "earns_less"  # the step's first quantity brings less than the last one before it


class LadderWarning(NamedTuple):
    """A step (by index) that will not do what its author expects.

    `quantity` is the first quantity that may be ordered from the step on. For EARNS_LESS, `earns` is what it brings
    at cost, `earned_before` what the last quantity before the step brings.
    """

    step: int
    problem: LadderProblem
    quantity: int
    earns: int | None = None
    earned_before: int | None = None


def ladder_warnings(offer: OfferTerms) -> list[LadderWarning]:
    """Every warning about an offer's ladder, in the order of its steps."""
    warnings: list[LadderWarning] = []
    for index, step in enumerate(offer.ladder):
        first = _first_from(offer, step.from_quantity)
        beyond = index + 1 < len(offer.ladder) and first >= offer.ladder[index + 1].from_quantity
        if beyond or (offer.cap is not None and first > offer.cap):
            warnings.append(LadderWarning(index, LadderProblem.NO_CASE_MEETS_STEP, first))
            continue
        before = _last_below(offer, step.from_quantity)
        paid = max((past for past in offer.ladder[:index] if past.from_quantity <= before), default=None)
        if paid is not None and first * step.cost < before * paid.cost:
            warnings.append(
                LadderWarning(index, LadderProblem.EARNS_LESS, first, first * step.cost, before * paid.cost)
            )
    return warnings


def _first_from(offer: OfferTerms, quantity: int) -> int:
    """The smallest quantity at or above `quantity` that may be ordered."""
    whole, split = whole_at_least(offer, quantity), split_at_least(offer, quantity)
    return whole if split is None else min(whole, split)


def _last_below(offer: OfferTerms, quantity: int) -> int:
    """The largest quantity below `quantity` that may be ordered, or 0."""
    return max(whole_below(offer, quantity), split_below(offer, quantity))
