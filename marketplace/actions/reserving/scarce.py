"""Taking what is scarce: the caps of the offers and the room of the handover, all in one sorted step."""

from collections.abc import Sequence

from marketplace.actions.reserving.answer import LineReason
from marketplace.actions.reserving.context import Context, HandoverFacts
from marketplace.actions.reserving.plan import LinePlan
from marketplace.actions.reserving.store import Store
from marketplace.actions.reserving.writing import Want
from marketplace.errors import HandoverFull


def wanted(context: Context, plans: Sequence[LinePlan], handover: HandoverFacts) -> list[Want]:
    """What the plans take and give back.

    A reservation takes one place at its handover while it has lines; with the last line the place is given back.
    """
    before, after = _place_before(context), _place_after(plans, handover)
    wants = [Want(plan.offer.capacity_id or 0, plan.rise, plan.now.whole_only) for plan in _counted(plans)]
    return wants + _places(before, after, certain=_sure_of_a_line(plans))


def seems_to_fit(context: Context, wants: Sequence[Want]) -> bool:
    """Whether all of it is free by the counts before the lock: a guess that others may overtake."""
    offers = {o.capacity_id: (o.terms.cap, o.taken) for o in context.offers.values()}
    counts = offers | {h.capacity_id: (h.capacity, h.taken) for h in context.handovers}
    return all(_fits(want.units, *counts[want.capacity_id]) for want in wants if want.units > 0)


def _fits(units: int, limit: int | None, taken: int | None) -> bool:
    return units <= (limit or 0) - (taken or 0)


def take_scarce(store: Store, context: Context, plans: Sequence[LinePlan], handover: HandoverFacts) -> None:
    """Take what there is and cut the plans back to it. Raises HandoverFull where the handover has no room."""
    before, after = _place_before(context), _place_after(plans, handover)
    granted = store.take(wanted(context, plans, handover))
    if after is not None and after != before and not granted.get(after):
        raise HandoverFull(handover_id=handover.id, capacity=handover.capacity)
    for plan in _counted(plans):
        units = granted.get(plan.offer.capacity_id or 0, 0)
        if units < plan.rise:
            plan.rise_only_by(units, LineReason.STOCK_SHORT)
    if after is not None and not any(plan.now.firm for plan in plans):
        store.take([Want(after, -1, whole=True)])


def _counted(plans: Sequence[LinePlan]) -> list[LinePlan]:
    return [plan for plan in plans if plan.offer.capacity_id is not None and plan.rise]


def _place_after(plans: Sequence[LinePlan], handover: HandoverFacts) -> int | None:
    """The counter in which the reservation will hold a place, if its wishes are met."""
    return handover.capacity_id if any(plan.now.firm for plan in plans) else None


def _place_before(context: Context) -> int | None:
    """The counter in which the reservation holds a place now."""
    held = context.reservation
    if held is None or not held.is_placed:
        return None
    return next(h.capacity_id for h in context.handovers if h.id == held.handover_id)


def _places(before: int | None, after: int | None, *, certain: bool) -> list[Want]:
    """Moving from one handover's counter to another's. A place that may have to be given back once the offers'
    counters have spoken is locked with them, in order, though it is not counted yet."""
    if before == after:
        return [] if certain or after is None else [Want(after, 0, whole=True)]
    leaving = [] if before is None else [Want(before, -1, whole=True)]
    return leaving + ([] if after is None else [Want(after, 1, whole=True)])


def _sure_of_a_line(plans: Sequence[LinePlan]) -> bool:
    """Whether some line will have firm units whatever the counters grant."""
    return any(plan.now.firm and (plan.held_firm or plan.offer.capacity_id is None) for plan in plans)
