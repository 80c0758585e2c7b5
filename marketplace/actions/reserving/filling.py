"""The filling stretch: in a window's last stretch changes may only help (docs/domain.md, "Time").

A line rises by at most what a case or a step misses and what others offer. Of a reduction that would break a full
case or a reached step the harmless part happens at once; the rest is offered to the others. All is judged on the exact
demand, with the offers held against other requests.
"""

from collections.abc import Sequence
from dataclasses import replace

from marketplace.actions.reserving.answer import LineReason
from marketplace.actions.reserving.context import Context, Taking
from marketplace.actions.reserving.giving import Givers
from marketplace.actions.reserving.handing_on import demand_after, harmless_part, takings_for, with_line
from marketplace.actions.reserving.plan import LinePlan
from marketplace.actions.reserving.store import Store
from marketplace.queries.demand import demand_groups
from marketplace.rules.clearing.standing import Breakage, breaks, room_in_filling_stretch
from marketplace.rules.clearing.terms import DemandGroup
from marketplace.rules.wanted import WantedLine

_REASONS = {Breakage.CASE: LineReason.BREAKS_CASE, Breakage.STEP: LineReason.BREAKS_STEP}


def keep_what_fills(store: Store, context: Context, plans: Sequence[LinePlan], givers: Givers) -> None:
    """Cut back the wishes of lines in their filling stretch. No statement without any; else two, a third if one
    rises, and two more if others offer units of it. Raises BeginAnew (giving.py)."""
    filling = [plan for plan in plans if _is_judged(plan) and context.is_filling(plan.offer.window_id)]
    if not filling:
        return
    offer_ids = [plan.now.offer_id for plan in filling]
    store.hold_offers(offer_ids)
    demand = demand_groups(offer_ids)
    offered = givers.offered(store, [plan for plan in filling if plan.rise > 0])
    for plan in filling:
        groups = demand.get(plan.now.offer_id, [])
        if plan.rise > 0:
            _rise(plan, groups, offered.get(plan.now.offer_id, []))
        elif plan.rise < 0:
            _fall(plan, groups)
        else:
            _refuse_if_broken(plan, groups)


def _is_judged(plan: LinePlan) -> bool:
    """An agreement to a changed offer is always in time, and a line that waits for one has nothing to break."""
    return plan.changes and not plan.agrees and (plan.counts or plan.held_counts)


def _rise(plan: LinePlan, groups: Sequence[DemandGroup], offered: Sequence[Taking]) -> None:
    room, short = _room(plan, groups)
    if plan.rise > room + sum(each.units for each in offered):
        plan.rise_only_by(room + sum(each.units for each in offered), short)
    if offered and plan.rise > 0:
        takings = takings_for(plan, groups, offered, room)
        if takings is None and plan.rise > room:
            plan.rise_only_by(room, short)
        plan.takings = takings or []
    _refuse_if_broken(plan, groups)


def _room(plan: LinePlan, groups: Sequence[DemandGroup]) -> tuple[int, LineReason]:
    """By how much the line may rise without taking from others, and why no more."""
    terms = plan.offer.terms
    # Where the merchant ships single units there is no case to leave open: such a rise makes nobody wait.
    room = room_in_filling_stretch(offer=terms, groups=groups) if terms.case > 1 else plan.rise
    if terms.cap is not None:
        free = max(terms.cap - sum(group.firm for group in groups), 0)
        if free < room:
            return free, LineReason.STOCK_SHORT
    return room, LineReason.FILLING_LIMIT


def _fall(plan: LinePlan, groups: Sequence[DemandGroup]) -> None:
    if _broken(plan, groups, plan.now) is None:
        return
    fewer, reason = -plan.rise, LineReason.OFFERED_BACK
    # Whoever wants nothing wants no extra either; a limit or other terms change only where they break nothing.
    terms = replace(plan.wish_held, flexible=0) if not plan.now.firm else replace(plan.now, firm=plan.held_firm)
    harm = _broken(plan, groups, terms)
    if harm is not None:
        terms, reason = plan.wish_held, _REASONS[harm]
    part = harmless_part(
        most=fewer,
        case=plan.offer.terms.case,
        broken=lambda units: _broken(plan, groups, replace(terms, firm=plan.held_firm - units)),
    )
    plan.now = replace(terms, firm=plan.held_firm - part)
    plan.offered_back = fewer - part
    plan.reason = LineReason.OFFERED_BACK if plan.offered_back else reason


def _broken(plan: LinePlan, groups: Sequence[DemandGroup], now: WantedLine) -> Breakage | None:
    """What the line would break as it is worded here."""
    after = with_line(groups, plan.counted_held, plan.counted(now))
    return breaks(offer=plan.offer.terms, groups=groups, reduced_groups=after)


def _refuse_if_broken(plan: LinePlan, groups: Sequence[DemandGroup]) -> None:
    broken = breaks(offer=plan.offer.terms, groups=groups, reduced_groups=demand_after(plan, groups))
    if broken is not None:
        plan.keep_as_held(_REASONS[broken])
