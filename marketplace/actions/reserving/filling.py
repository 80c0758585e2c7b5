"""The filling stretch: in a window's last stretch changes may only help (docs/domain.md, "Time").

A line rises by at most what a case or a step misses; a reduction that would break a full case or a reached step is
refused. Both are judged on the exact demand, with the offers held against other requests.
"""

from collections.abc import Sequence
from typing import TypeAlias

from marketplace.actions.reserving.answer import LineReason
from marketplace.actions.reserving.context import Context, HeldLine
from marketplace.actions.reserving.plan import LinePlan
from marketplace.actions.reserving.store import Store
from marketplace.queries.demand import CONSENTS, demand_groups
from marketplace.rules.clearing.standing import Breakage, breaks, room_in_filling_stretch
from marketplace.rules.clearing.terms import Consent, DemandGroup
from marketplace.rules.wanted import WantedLine

Key: TypeAlias = tuple[int | None, Consent, bool]
_REASONS = {Breakage.CASE: LineReason.BREAKS_CASE, Breakage.STEP: LineReason.BREAKS_STEP}


def keep_what_fills(store: Store, context: Context, plans: Sequence[LinePlan]) -> None:
    """Cut back the wishes of lines in their filling stretch. Two statements if there is any, else none."""
    filling = [plan for plan in plans if plan.changes and context.is_filling(plan.offer.window_id)]
    if not filling:
        return
    offer_ids = [plan.now.offer_id for plan in filling]
    store.hold_offers(offer_ids)
    demand = demand_groups(offer_ids)
    for plan in filling:
        _cut_back(plan, demand.get(plan.now.offer_id, []))


def _cut_back(plan: LinePlan, groups: Sequence[DemandGroup]) -> None:
    terms = plan.offer.terms
    # Where the merchant ships single units there is no case to leave open: such a rise makes nobody wait.
    if plan.rise > 0 and terms.case > 1:
        room = room_in_filling_stretch(offer=terms, groups=groups)
        if plan.rise > room:
            plan.rise_only_by(room, LineReason.FILLING_LIMIT)
    broken = breaks(offer=terms, groups=groups, reduced_groups=with_own(groups, plan.held, plan.now))
    if broken is not None:
        plan.keep_as_held(_REASONS[broken])


def with_own(groups: Sequence[DemandGroup], held: HeldLine | None, now: WantedLine) -> list[DemandGroup]:
    """A demand with the own line as it will be instead of as it was."""
    sums: dict[Key, DemandGroup] = {(group.limit, group.flexible_for, group.whole_only): group for group in groups}
    if held is not None:
        _add(sums, held.max_unit_price_minor, held.flexible_for, held.whole_only, -held.firm, -held.flexible, -1)
    if now.firm:
        _add(sums, now.max_unit_price_minor, now.flexible_for, now.whole_only, now.firm, now.flexible, 1)
    return [group for group in sums.values() if group.lines > 0]


def _add(
    sums: dict[Key, DemandGroup],
    limit: int | None,
    use: str,
    whole: bool,
    firm: int,
    flexible: int,
    lines: int,
) -> None:
    key = (limit, CONSENTS[use], whole)
    before = sums.get(key) or DemandGroup(*key, 0, 0, 0)
    # A projection may not know the own line yet: never below nothing.
    sums[key] = DemandGroup(
        *key, max(before.firm + firm, 0), max(before.flexible + flexible, 0), max(before.lines + lines, 0)
    )
