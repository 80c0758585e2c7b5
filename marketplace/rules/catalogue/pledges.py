"""What a merchant's pledge makes of an offer's terms, and what taking it back leaves. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.ladders import MOST_UNITS
from marketplace.rules.offer_changes import Terms

_UNITS: Final = gettext_noop("A whole number of units from %(least)s to %(most)s.")
_NOT_LOWER: Final = gettext_noop("From %(units)s units it is no less already.")
_MANY_STEPS: Final = gettext_noop("A ladder has at most %(most)s steps. Change one of them instead.")
_PRICE_RISES: Final = gettext_noop("The price has to fall with the cost.")
# As many as the desk's forms have.
_MOST_STEPS: Final = 5


class BadPledge(Exception):
    """The pledge changes nothing for the better, or cannot be read; `place` is its field."""

    def __init__(self, place: str, broken: Broken) -> None:
        self.place, self.broken = place, broken
        super().__init__(str(broken))


def supplying(terms: Terms, units: int) -> Terms:
    """ "I can supply up to so many units": the cap becomes this, up or down."""
    if not 0 <= units <= MOST_UNITS:
        raise BadPledge("units", Broken(_UNITS, {"least": 0, "most": MOST_UNITS}))
    return replace(terms, cap=units)


def price_beside(terms: Terms, units: int, cost: int) -> int:
    """The household's price for a lower cost from so many units: it falls by as much as the cost does, so that the hub
    keeps the same amount on each unit."""
    now = _step_at(terms.ladder, units)
    return max(1, now.unit_price - (now.cost - cost))


def pricing(terms: Terms, units: int, cost: int, unit_price: int) -> Terms:
    """ "Lower price from so many units": a step of the ladder; steps that it makes pointless go."""
    if not 1 <= units <= MOST_UNITS:
        raise BadPledge("units", Broken(_UNITS, {"least": 1, "most": MOST_UNITS}))
    now = _step_at(terms.ladder, units)
    if cost >= now.cost:
        raise BadPledge("cost", Broken(_NOT_LOWER, {"units": units}))
    if not 1 <= unit_price < now.unit_price:
        raise BadPledge("price", Broken(_PRICE_RISES))
    below = [step for step in terms.ladder if step.from_quantity < units]
    above = [
        step
        for step in terms.ladder
        if step.from_quantity > units and step.cost < cost and step.unit_price < unit_price
    ]
    ladder = (*below, PriceStep(units, cost, unit_price), *above)
    if len(ladder) > _MOST_STEPS:
        raise BadPledge("units", Broken(_MANY_STEPS, {"most": _MOST_STEPS}))
    return replace(terms, ladder=ladder)


def kept_terms(terms: Terms) -> dict[str, Any]:
    """What a pledge can change of the terms, as it is kept: the cap, and the ladder with its costs."""
    return {"cap": terms.cap, "ladder": [list(step) for step in terms.ladder]}


def supply_taken_back(terms: Terms, before: Mapping[str, Any], after: Mapping[str, Any]) -> Terms | None:
    """The terms without the pledge; None where the cap was changed since, so that there is nothing to take back."""
    return replace(terms, cap=before["cap"]) if terms.cap == after["cap"] else None


def price_taken_back(terms: Terms, before: Mapping[str, Any], after: Mapping[str, Any]) -> Terms | None:
    """The same of a lower price."""
    if [list(step) for step in terms.ladder] != after["ladder"]:
        return None
    return replace(terms, ladder=tuple(PriceStep(*step) for step in before["ladder"]))


def _step_at(ladder: Sequence[PriceStep], units: int) -> PriceStep:
    """The step that counts for so many units; below the minimum the first one."""
    return next((step for step in reversed(ladder) if step.from_quantity <= units), ladder[0])
