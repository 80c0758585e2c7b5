"""Closing, 1: the participants of a step and what they want and allow, from aggregates or from lines."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from marketplace.rules.clearing.terms import Consent, DemandGroup, Line, OfferTerms


class StepDemand(NamedTuple):
    """Sums over the participants of one step: no limit, or a limit at or above the step's price.

    `firm` is F; `for_case`, `for_price`, `for_order` are the flexible units whose consent reaches that use;
    `whole_only` counts the firm units of lines that take all or nothing.
    """

    firm: int
    for_case: int
    for_price: int
    for_order: int
    whole_only: int

    def flexible_for(self, use: Consent) -> int:
        """Flexible units that may be used for `use`."""
        return self.for_case if use is Consent.CASE else self.for_price if use is Consent.PRICE else self.for_order


def takes_part(limit: int | None, offer: OfferTerms, unit_price: int) -> bool:
    """Whether a line with this limit takes part at this price. A limit at or above p1 is none."""
    return limit is None or limit >= unit_price or limit >= offer.first_price


def is_limited(limit: int | None, offer: OfferTerms) -> bool:
    """Whether a limit counts as one: lines without a limit are served first."""
    return limit is not None and limit < offer.first_price


def demand_at(offer: OfferTerms, groups: Iterable[DemandGroup], unit_price: int) -> StepDemand:
    """The demand of the participants at a price."""
    firm = for_case = for_price = for_order = whole = 0
    first_price = offer.ladder[0].unit_price
    for limit, consent, whole_only, group_firm, flexible, _lines in groups:
        if limit is not None and limit < unit_price and limit < first_price:
            continue
        firm += group_firm
        if whole_only:
            whole += group_firm
        if flexible:
            for_case += flexible
            if consent >= Consent.PRICE:
                for_price += flexible
                if consent >= Consent.ORDER:
                    for_order += flexible
    return StepDemand(firm, for_case, for_price, for_order, whole)


def has_limits(offer: OfferTerms, groups: Iterable[DemandGroup]) -> bool:
    """Whether steps differ in their participants at all; else one sum serves every step."""
    return any(is_limited(group.limit, offer) for group in groups)


def grouped(lines: Iterable[Line]) -> list[DemandGroup]:
    """The aggregates of some lines of one offer."""
    sums: dict[tuple[int | None, Consent, bool], list[int]] = {}
    for line in lines:
        total = sums.setdefault((line.max_unit_price, line.flexible_for, line.whole_only), [0, 0, 0])
        total[0] += line.firm
        total[1] += line.flexible
        total[2] += 1
    return [DemandGroup(*key, *total) for key, total in sums.items()]


def participants(offer: OfferTerms, lines: Sequence[Line], unit_price: int) -> list[Line]:
    """The lines that take part at a price."""
    return [line for line in lines if takes_part(line.max_unit_price, offer, unit_price)]
