"""A catalogue's usual terms as the clearing reads them, and what their author is warned about."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from marketplace.rules.catalogue.columns import LADDER
from marketplace.rules.clearing.ladder import ladder_warnings
from marketplace.rules.clearing.terms import OfferTerms, PriceStep, ShortageRule


class TermsWarning(NamedTuple):
    """A step (counted from 1) that does not do what its author expects; rules/clearing/ladder.py says the rest."""

    step: int
    problem: str
    quantity: int
    earns: int | None
    earned_before: int | None


def cleared_terms(values: Mapping[str, Any]) -> OfferTerms:
    """Terms by the names of columns; there is a ladder."""
    return OfferTerms(
        id=0,
        merchant=None,
        case=values["case"],
        ladder=tuple(PriceStep(*step) for step in values[LADDER]),
        multiple=values["multiple"],
        splittable=values["split"],
        split_fee=values["split_fee"],
        cap=values.get("stock"),
        hub_flexible=values["hub_extra"],
        shortage_rule=ShortageRule(values["shortage"]),
    )


def warnings_of(values: Mapping[str, Any]) -> list[TermsWarning]:
    """Every warning about terms; none where there is no ladder."""
    if values.get(LADDER) is None:
        return []
    return terms_warnings(cleared_terms(values))


def terms_warnings(terms: OfferTerms) -> list[TermsWarning]:
    """Every warning about an offer's terms, in the order of its steps."""
    return [
        TermsWarning(found.step + 1, found.problem.value, found.quantity, found.earns, found.earned_before)
        for found in ladder_warnings(terms)
    ]
