"""How an open offer stands: what is sure, what waits and for how much, and what would lower the price.

"31 reserved: 24 sure, 7 wait for 5 more; then everybody pays 2.10." Every figure comes from the clearing itself, run
on the demand as it is and on the demand with some firm units more, never from the ladder alone. It works on sums:
whole_only lines count like others, so what they would release shows as waiting; a merchant's minimum order value
is judged at the closing. Rules: docs/domain.md, "While a round is open".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from marketplace.rules.clearing.demand import demand_at
from marketplace.rules.clearing.quantities import (
    Choice,
    best_choice,
    split_at_least,
    split_below,
    whole_at_least,
    why_not_reached,
)
from marketplace.rules.clearing.reasons import OfferReason
from marketplace.rules.clearing.terms import Consent, DemandGroup, OfferTerms


class NextStep(NamedTuple):
    """The next lower price: `missing` more firm units bring it, and then `quantity` units are ordered."""

    unit_price: int
    missing: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferStanding:
    """An offer's standing if it closed now, in consumer units; prices in minor units.

    reserved = sure + waiting + held_by_limit. `waits_for` more firm units make all that waits sure (or, when the
    offer is not reached yet, make it reached); None when no number does, because the cap ends it.
    `price_now` is the price if it closed now (None: not reached), `price_at_most` the first step's.
    `target` is where the row of strokes ends: reserved units plus what the next case or step misses.
    """

    reached: bool
    reason: OfferReason
    reserved: int
    sure: int
    waiting: int
    held_by_limit: int
    extras: int
    hub: int
    ordered: int
    waits_for: int | None
    price_now: int | None
    price_at_most: int
    next_step: NextStep | None
    target: int


class Breakage(StrEnum):
    """What a reduction would break for the others."""

    CASE = "case"
    STEP = "step"


def standing(*, offer: OfferTerms, groups: Sequence[DemandGroup]) -> OfferStanding:
    """How the offer would clear now, and what it misses."""
    now = best_choice(offer, groups)
    reserved = sum(group.firm for group in groups)
    price = offer.first_price if now is None else offer.ladder[now.step].unit_price
    takes_part = demand_at(offer, groups, price).firm
    sure = 0 if now is None else now.firm_served
    waits_for = _missing(offer, groups, 0 if now is None else now.step, _all_served(offer, now))
    if now is not None and sure == takes_part:
        waits_for = 0
    upcoming = _next_step(offer, groups, now)
    extras, hub = _extras(now)
    return OfferStanding(
        reached=now is not None,
        reason=OfferReason.REACHED if now is not None else why_not_reached(offer, groups),
        reserved=reserved,
        sure=sure,
        waiting=takes_part - sure,
        held_by_limit=reserved - takes_part,
        extras=extras,
        hub=hub,
        ordered=0 if now is None else now.quantity,
        waits_for=waits_for,
        price_now=None if now is None else price,
        price_at_most=offer.first_price,
        next_step=upcoming,
        target=reserved + (waits_for or (upcoming.missing if upcoming else 0)),
    )


def room_in_filling_stretch(*, offer: OfferTerms, groups: Sequence[DemandGroup]) -> int:
    """By how many units a line may rise in the filling stretch: at most what a case or a step misses now."""
    now = standing(offer=offer, groups=groups)
    return max(now.waits_for or 0, now.next_step.missing if now.next_step else 0)


def breaks(
    *, offer: OfferTerms, groups: Sequence[DemandGroup], reduced_groups: Sequence[DemandGroup]
) -> Breakage | None:
    """What a reduction from `groups` to `reduced_groups` takes from the others: a reached step (or the offer), or a
    full case, so that more units than before are left waiting. None when it harms nobody."""
    before, after = best_choice(offer, groups), best_choice(offer, reduced_groups)
    if before is None or not any(group.firm for group in reduced_groups):
        return None
    if after is None or after.step < before.step:
        return Breakage.STEP
    if _left_waiting(after) > _left_waiting(before):
        return Breakage.CASE
    return None


def _left_waiting(choice: Choice) -> int:
    return choice.demand.firm - choice.firm_served


def _extras(now: Choice | None) -> tuple[int, int]:
    """Flexible units and hub units that the quantity uses."""
    if now is None or now.use is None:
        return 0, 0
    extras = now.quantity - now.demand.firm
    taken = min(extras, now.demand.flexible_for(now.use))
    return taken, extras - taken


def _all_served(offer: OfferTerms, now: Choice | None) -> Callable[[Choice | None], bool]:
    """The test for "nothing waits any more": reached, no dearer than now, and every firm unit served."""

    def test(then: Choice | None) -> bool:
        if now is None or then is None:
            return then is not None
        return then.step >= now.step and then.firm_served == then.demand.firm

    return test


def _next_step(offer: OfferTerms, groups: Sequence[DemandGroup], now: Choice | None) -> NextStep | None:
    """The smallest extra firm demand that lowers the price, by the clearing itself."""
    step_now = -1 if now is None else now.step
    first = 1 if now is None else step_now + 1  # while nothing is reached, reaching it is not "the next price"
    if first >= len(offer.ladder):
        return None
    missing = _missing(offer, groups, first, lambda then: then is not None and then.step >= first)
    then = None if missing is None else best_choice(offer, [*groups, _more(missing)])
    if missing is None or then is None:
        return None
    return NextStep(offer.ladder[then.step].unit_price, missing, then.quantity)


def _missing(
    offer: OfferTerms, groups: Sequence[DemandGroup], from_step: int, test: Callable[[Choice | None], bool]
) -> int | None:
    """The smallest number of firm units without a limit whose addition passes the test; None when none does."""
    for more in sorted(set(_candidates(offer, groups, from_step))):
        if test(best_choice(offer, [*groups, _more(more)])):
            return more
    return None


def _more(units: int) -> DemandGroup:
    return DemandGroup(None, Consent.CASE, False, units, 0, 1)


def _candidates(offer: OfferTerms, groups: Sequence[DemandGroup], from_step: int) -> Iterator[int]:
    """The only additions at which something can change: where a quantity that may be ordered gets feasible.

    That is when firm units alone make it, or with as many extras as each use has consent for, or when the extras
    get few enough for the use `case`; and for split quantities when the fee gets worth it.
    """
    for step in range(from_step, len(offer.ladder)):
        terms = offer.ladder[step]
        demand = demand_at(offer, groups, terms.unit_price)
        for filled, hub, quantity in _targets(offer, max(terms.from_quantity, 1), demand.firm, terms.unit_price):
            gap = quantity - demand.firm
            for more in (
                gap,
                gap - demand.for_price,
                max(gap - demand.for_case - hub, gap - filled + 1),
                gap + 1,
            ):
                if more > 0:
                    yield more
                elif more > -filled:
                    yield 1


def _targets(offer: OfferTerms, least: int, firm: int, unit_price: int) -> Iterator[tuple[int, int, int]]:
    """Quantities worth aiming at: (units that its last case or multiple takes, hub units, quantity)."""
    for aim in (least, max(least, firm), max(least, firm + 1)):
        whole = whole_at_least(offer, aim)
        yield offer.case, offer.hub_share, whole
        yield offer.case, offer.hub_share, whole + offer.case
        split = split_at_least(offer, aim)
        if split is None:
            continue
        yield offer.multiple, 0, split
        worth = max(aim, -(-offer.split_fee // max(unit_price, 1)))
        for dear in (worth, max(aim, -(-offer.split_fee // max(unit_price, 1)) + split_below(offer, aim))):
            quantity = split_at_least(offer, dear)
            if quantity is not None:
                yield offer.multiple, 0, quantity
                yield offer.multiple, 0, split_below(offer, quantity)
