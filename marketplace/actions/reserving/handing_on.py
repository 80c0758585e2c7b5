"""What in the filling stretch is harmless, and what goes from one household to another; pure arithmetic.

All of it asks the clearing itself, on the demand as it would be.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from marketplace.actions.reserving.context import HeldLine, Taking
from marketplace.actions.reserving.plan import LinePlan, wish_of
from marketplace.queries.demand import CONSENTS
from marketplace.rules.clearing.quantities import best_choice
from marketplace.rules.clearing.standing import Breakage, breaks, standing
from marketplace.rules.clearing.terms import Consent, DemandGroup
from marketplace.rules.wanted import WantedLine

Key: TypeAlias = tuple[int | None, Consent, bool]


def demand_after(plan: LinePlan, groups: Sequence[DemandGroup]) -> list[DemandGroup]:
    """A demand with the plan's line as it will be instead of as it was, and with what others give to it gone."""
    return _with_plan(plan, groups, plan.takings)


def harmless_part(*, most: int, case: int, broken: Callable[[int], Breakage | None]) -> int:
    """The most units up to `most` that can go at once; `broken(units)` says what their going would break.

    A step is kept up to some number of units (found by halving); below that the cases repeat, so one case's worth of
    numbers is looked through.
    """
    kept, lost = 0, most
    harm = broken(most)
    if harm is None:
        return most
    while harm is Breakage.STEP and lost - kept > 1:
        middle = (kept + lost) // 2
        kept, lost = (kept, middle) if broken(middle) is Breakage.STEP else (middle, lost)
    top = kept if harm is Breakage.STEP else most - 1
    return next((units for units in range(top, max(top - case, 0), -1) if broken(units) is None), 0)


def takings_for(
    plan: LinePlan, groups: Sequence[DemandGroup], offered: Sequence[Taking], room: int
) -> list[Taking] | None:
    """What a rising line takes over of `offered` (oldest first); None where no way harms nobody.

    At least what goes beyond the `room`; beyond that as many units as can be, unless fewer reach a lower price or
    leave less waiting: a rise that fills something itself need not free anybody.
    """
    best: tuple[int, int, int] | None = None
    chosen: list[Taking] | None = None
    for units in _worth_trying(plan, groups, sum(each.units for each in offered), room):
        takings = _first(offered, units)
        after = _with_plan(plan, groups, takings)
        if breaks(offer=plan.offer.terms, groups=groups, reduced_groups=after) is not None:
            continue
        choice = best_choice(plan.offer.terms, after)
        waiting = 0 if choice is None else choice.demand.firm - choice.firm_served
        rank = (-1 if choice is None else choice.step, -waiting, units)
        if best is None or rank > best:
            best, chosen = rank, takings
    return chosen


def _worth_trying(plan: LinePlan, groups: Sequence[DemandGroup], offered: int, room: int) -> list[int]:
    """Numbers of units to take over: the bounds, and those with which the rest of the rise fills a case or a step."""
    least, most = max(plan.rise - room, 0), min(plan.rise, offered)
    now = standing(offer=plan.offer.terms, groups=groups)
    waits_for, case = now.waits_for or 0, plan.offer.terms.case
    low, high = plan.rise - most, plan.rise - least
    fills = [waits_for, low + (waits_for - low) % case, high - (high - waits_for) % case]
    if now.next_step is not None:
        fills.append(now.next_step.missing)
    return [units for units in sorted({least, most, *(plan.rise - more for more in fills)}) if least <= units <= most]


def _first(offered: Sequence[Taking], units: int) -> list[Taking]:
    """So many units, from the first ones."""
    takings = []
    for each in offered:
        part = min(each.units, units)
        if part:
            takings.append(each._replace(units=part))
        units -= part
    return takings


def _with_plan(plan: LinePlan, groups: Sequence[DemandGroup], takings: Sequence[Taking]) -> list[DemandGroup]:
    for taking in takings:
        left = line_without(taking.line, taking.units)
        groups = with_line(groups, taking.line, wish_of(left, taking.line.offer_id))
    return with_line(groups, plan.counted_held, plan.counted(plan.now))


def line_without(line: HeldLine, units: int) -> HeldLine | None:
    """A line after others took units over, its times aside; None with the last unit."""
    if units >= line.firm:
        return None
    offered = line.offered_back - units
    return line._replace(
        firm=line.firm - units, offered_back=offered, offered_back_at=line.offered_back_at if offered else None
    )


def with_line(groups: Sequence[DemandGroup], held: HeldLine | None, now: WantedLine) -> list[DemandGroup]:
    """A demand with one line as it will be instead of as it was."""
    sums: dict[Key, DemandGroup] = {(group.limit, group.flexible_for, group.whole_only): group for group in groups}
    if held is not None:
        _add(sums, wish_of(held, held.offer_id), -1)
    if now.firm:
        _add(sums, now, 1)
    return [group for group in sums.values() if group.lines > 0]


def _add(sums: dict[Key, DemandGroup], wish: WantedLine, lines: int) -> None:
    # Without flexible units the consent is never used: such lines are one group, as queries/demand.py sums them.
    use = CONSENTS[wish.flexible_for] if wish.flexible else Consent.CASE
    key = (wish.max_unit_price_minor, use, wish.whole_only)
    before = sums.get(key) or DemandGroup(*key, 0, 0, 0)
    # A projection may not know the line yet: never below nothing.
    sums[key] = DemandGroup(
        *key,
        max(before.firm + lines * wish.firm, 0),
        max(before.flexible + lines * wish.flexible, 0),
        max(before.lines + lines, 0),
    )
