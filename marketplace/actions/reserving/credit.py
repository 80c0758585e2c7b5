"""Credit: what a household may come to owe its hub, where the hub limits that."""

from collections.abc import Iterable, Sequence

from marketplace.actions.reserving.context import Context, HandoverFacts
from marketplace.actions.reserving.plan import LinePlan
from marketplace.errors import CreditLimitExceeded
from marketplace.rules.ledger.worst_case import Credit, fee_at_most, line_at_most
from marketplace.rules.wanted import WantedLine


def check_credit(context: Context, plans: Sequence[LinePlan], handover: HandoverFacts) -> int:
    """What the reservation may cost at most as it will be (0 where the hub limits nothing), to be stored with it.

    Raises CreditLimitExceeded where that passes the household's balance and limit. Whoever is beyond it already may
    always reduce, and keep what there is.
    """
    credit = context.credit
    if credit is None:
        return 0
    at_most = _at_most(credit, plans, [plan.now for plan in plans], handover.fee_minor)
    over = at_most - credit.available
    if over > 0 and at_most > _held(context, credit, plans):
        raise CreditLimitExceeded(
            over_minor=over,
            limit_minor=credit.limit,
            available_minor=credit.available,
            at_most_minor=at_most,
            currency=context.currency,
        )
    return at_most


def _held(context: Context, credit: Credit, plans: Sequence[LinePlan]) -> int:
    """The same of the reservation as it is."""
    held = context.reservation
    fees = [place.fee_minor for place in context.handovers if held is not None and place.id == held.handover_id]
    return _at_most(credit, plans, [plan.wish_held for plan in plans], *fees)


def _at_most(credit: Credit, plans: Iterable[LinePlan], wishes: Iterable[WantedLine], *fees: int) -> int:
    total = 0
    for plan, wish in zip(plans, wishes, strict=True):
        first, limit = plan.offer.terms.first_price, wish.max_unit_price_minor
        price = first if limit is None else min(first, limit)
        total += line_at_most(wish.firm + wish.flexible, price, plan.offer.dues, credit.market)
    return total + sum(fee_at_most(fee, credit.market) for fee in fees) if total else 0
