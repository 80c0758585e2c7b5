"""From decided plans to the answer: how each line stands, by the clearing's own view of the offer."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from marketplace.actions.reserving.answer import LineAnswer, LineReason, LineStatus
from marketplace.actions.reserving.context import Context
from marketplace.actions.reserving.filling import with_own
from marketplace.actions.reserving.plan import LinePlan
from marketplace.rules.clearing.demand import takes_part
from marketplace.rules.clearing.quantities import best_choice
from marketplace.rules.clearing.standing import standing

_REFUSALS = {LineReason.WINDOW_CLOSED, LineReason.WINDOW_NOT_OPEN, LineReason.BREAKS_CASE, LineReason.BREAKS_STEP}


def tell_lines(context: Context, plans: Sequence[LinePlan]) -> tuple[LineAnswer, ...]:
    """All lines of the reservation as they will be, and the refused ones; lines taken out are not told."""
    return tuple(_tell(context, plan) for plan in plans if plan.now.firm or plan.reason)


def _tell(context: Context, plan: LinePlan) -> LineAnswer:
    price, waits_for, within_limit = _standing(plan)
    status = _status(context, plan, waits_for, within_limit)
    reason = plan.reason
    if not reason and status is LineStatus.WAITING and not within_limit:
        reason = LineReason.LIMIT_BELOW_PRICE
    return LineAnswer(
        offer_id=plan.now.offer_id,
        window_id=plan.offer.window_id,
        asked_firm=plan.asked_firm,
        firm=plan.now.firm,
        flexible=plan.now.flexible,
        status=status,
        reason=reason,
        waits_for=waits_for,
        unit_price_now_minor=price,
        unit_price_at_most_minor=_at_most(plan),
    )


def _standing(plan: LinePlan) -> tuple[int, int, bool]:
    """(price now, units that it waits for, whether its limit lets it take part), with the own line counted in.

    The offer's demand is the pages' projection, at most a second old. What waits is not told apart by household
    here: the latest units wait, and a line that was just changed is among them.
    """
    terms = plan.offer.terms
    groups = with_own(plan.offer.groups, plan.held, plan.now)
    choice = best_choice(terms, groups)
    price = terms.first_price if choice is None else terms.ladder[choice.step].unit_price
    within_limit = takes_part(plan.now.max_unit_price_minor, terms, price)
    if not plan.now.firm or (choice is not None and choice.firm_served == choice.demand.firm):
        return price, 0, within_limit
    return price, standing(offer=terms, groups=groups).waits_for or 0, within_limit


def _status(context: Context, plan: LinePlan, waits_for: int, within_limit: bool) -> LineStatus:
    if plan.reason in _REFUSALS or (plan.reason and not plan.rise):
        return LineStatus.REFUSED
    if plan.reason:
        return LineStatus.REDUCED
    if not context.takes_changes(plan.offer.window_id) and not context.windows[plan.offer.window_id].takes_reservations(
        context.now
    ):
        return LineStatus.KEPT
    return LineStatus.SURE if within_limit and not waits_for else LineStatus.WAITING


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
