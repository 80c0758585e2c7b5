"""From decided plans to the answer: how each line stands, by the clearing's own view of the offer."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from marketplace.actions.reserving.answer import LineAnswer, LineReason, LineStatus
from marketplace.actions.reserving.context import Context
from marketplace.actions.reserving.handing_on import demand_after
from marketplace.actions.reserving.plan import LinePlan
from marketplace.rules.clearing.demand import takes_part
from marketplace.rules.clearing.quantities import best_choice
from marketplace.rules.clearing.standing import standing


def tell_lines(context: Context, plans: Sequence[LinePlan]) -> tuple[LineAnswer, ...]:
    """All lines of the reservation as they will be, and the refused ones; lines taken out are not told."""
    return tuple(_tell(context, plan) for plan in plans if plan.now.firm or plan.reason)


class _Standing(NamedTuple):
    """An offer with the own line counted in: the price now, whether anything waits and for how many units, and
    whether the own limit lets the line take part at that price."""

    price: int
    waits: bool
    waits_for: int
    within_limit: bool


def _tell(context: Context, plan: LinePlan) -> LineAnswer:
    stands = _standing(plan)
    status = _status(context, plan, stands)
    reason = plan.reason
    if not reason and status is LineStatus.WAITING and not stands.within_limit:
        reason = LineReason.LIMIT_BELOW_PRICE
    if not reason and plan.now.firm and not plan.counts:
        status, reason = LineStatus.WAITING, LineReason.NEEDS_AGREEMENT
    return LineAnswer(
        offer_id=plan.now.offer_id,
        window_id=plan.offer.window_id,
        asked_firm=plan.asked_firm,
        firm=plan.now.firm,
        flexible=plan.now.flexible,
        status=status,
        reason=reason,
        waits_for=stands.waits_for,
        unit_price_now_minor=stands.price,
        unit_price_at_most_minor=_at_most(plan),
        offered_back=plan.offered_back,
    )


def _standing(plan: LinePlan) -> _Standing:
    """By the pages' projection of the demand, at most a second old.

    What waits is not told apart by household here: the latest units wait, and a line that was just changed is
    among them.
    """
    terms = plan.offer.terms
    groups = demand_after(plan, plan.offer.groups)
    choice = best_choice(terms, groups)
    price = terms.first_price if choice is None else terms.ladder[choice.step].unit_price
    within_limit = takes_part(plan.now.max_unit_price_minor, terms, price)
    if not plan.now.firm or (choice is not None and choice.firm_served == choice.demand.firm):
        return _Standing(price, False, 0, within_limit)
    return _Standing(price, True, standing(offer=terms, groups=groups).waits_for or 0, within_limit)


def _status(context: Context, plan: LinePlan, stands: _Standing) -> LineStatus:
    if plan.reason is LineReason.OFFERED_BACK:
        return LineStatus.KEPT
    if plan.reason and not plan.rise:
        return LineStatus.REFUSED
    if plan.reason:
        return LineStatus.REDUCED
    if not context.windows[plan.offer.window_id].takes_reservations(context.now):
        return LineStatus.KEPT
    return LineStatus.WAITING if stands.waits or not stands.within_limit else LineStatus.SURE


def _at_most(plan: LinePlan) -> int:
    first, limit = plan.offer.terms.first_price, plan.now.max_unit_price_minor
    return first if limit is None else min(first, limit)


def sums(lines: Iterable[LineAnswer]) -> tuple[int, int]:
    """(what the firm units cost now, what firm and extra units cost at most), in minor units."""
    now = at_most = 0
    for line in lines:
        now += line.firm * min(line.unit_price_now_minor, line.unit_price_at_most_minor)
        at_most += (line.firm + line.flexible) * line.unit_price_at_most_minor
    return now, at_most


def deadline(context: Context, plans: Sequence[LinePlan]) -> datetime | None:
    """The earliest deadline of its lines that can still be changed."""
    windows = (context.windows[plan.offer.window_id] for plan in plans if plan.now.firm)
    return min((window.closes_at for window in windows if window.takes_reservations(context.now)), default=None)
