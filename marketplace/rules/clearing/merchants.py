"""Closing, 4: what is ordered of one merchant, and whether the minimum order value or a fee carries it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from marketplace.rules.clearing.minimum import Option
from marketplace.rules.clearing.reasons import OrderReason
from marketplace.rules.clearing.search import Candidate, best_combination
from marketplace.rules.clearing.terms import Id, MerchantTerms, OfferTerms


class Verdict(NamedTuple):
    """What a merchant's offers are ordered by: these choices (empty: none of them), and the fee, if it is due."""

    reason: OrderReason
    chosen: Mapping[Id, Option]
    small_order_fee: int | None = None


def value_of(offers: Sequence[OfferTerms], chosen: Mapping[Id, Option]) -> int:
    """Σ Q * cost: what the minimum order value is measured by."""
    return sum(chosen[offer.id].value(offer) for offer in offers)


def judge(
    *,
    merchant: MerchantTerms,
    offers: Sequence[OfferTerms],
    first: Mapping[Id, Option],
    options: Mapping[Id, Sequence[Option]],
) -> Verdict:
    """Choose between the best combination, the first solution with the fee, and no order.

    For a merchant whose first solution is below its minimum; `offers` are its reached offers in the order of ids.
    """
    best = _best(merchant, offers, options)
    fee = merchant.small_order_fee
    if fee is not None and (best is None or _is_worse(offers, first, best, fee)):
        return Verdict(OrderReason.SMALL_ORDER_FEE, first, fee)
    if best is None:
        return Verdict(OrderReason.BELOW_MINIMUM_ORDER_VALUE, {})
    return Verdict(OrderReason.RAISED_TO_MINIMUM, best)


def _best(
    merchant: MerchantTerms, offers: Sequence[OfferTerms], options: Mapping[Id, Sequence[Option]]
) -> dict[Id, Option] | None:
    candidates = [
        [
            Candidate(option.value(offer), option.choice.firm_served, option.price(offer), option.choice.quantity)
            for option in options[offer.id]
        ]
        for offer in offers
    ]
    indexes = best_combination(merchant.minimum_order_value, candidates)
    if indexes is None:
        return None
    return {offer.id: options[offer.id][index] for offer, index in zip(offers, indexes, strict=True)}


def _is_worse(offers: Sequence[OfferTerms], first: Mapping[Id, Option], best: Mapping[Id, Option], fee: int) -> bool:
    """Whether the combination serves fewer firm units than the first solution, or costs at least the fee more."""
    served = sum(best[offer.id].choice.firm_served - first[offer.id].choice.firm_served for offer in offers)
    dearer = sum(best[offer.id].price(offer) - first[offer.id].price(offer) for offer in offers)
    return served < 0 or dearer >= fee
