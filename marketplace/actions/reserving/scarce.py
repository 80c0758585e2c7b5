"""Taking what is scarce: the caps of the offers and the room of the handover, all in one sorted step."""

from collections.abc import Iterable, Sequence

from marketplace.actions.reserving.answer import LineReason
from marketplace.actions.reserving.context import Context, HandoverFacts
from marketplace.actions.reserving.giving import BeginAnew
from marketplace.actions.reserving.plan import LinePlan
from marketplace.actions.reserving.store import Store
from marketplace.actions.reserving.writing import Want
from marketplace.errors import HandoverFull


def wanted(
    context: Context, plans: Sequence[LinePlan], handover: HandoverFacts, places_left: Sequence[int]
) -> list[Want]:
    """What the plans take and give back, each counter once. `places_left`: see Givers.places_left.

    A reservation takes one place at its handover while it has lines; with the last line the place is given back.
    """
    before, after = _place_before(context), _place_after(plans, handover)
    wants = [Want(plan.offer.capacity_id or 0, plan.counted_rise, plan.now.whole_only) for plan in _counted(plans)]
    places = _places(before, after, certain=_sure_of_a_line(plans))
    return wants + _summed([*places, *(Want(capacity_id, -1, whole=True) for capacity_id in places_left)])


def _summed(places: Iterable[Want]) -> list[Want]:
    units: dict[int, int] = {}
    for place in places:
        units[place.capacity_id] = units.get(place.capacity_id, 0) + place.units
    return [Want(capacity_id, each, whole=True) for capacity_id, each in units.items()]


def seems_to_fit(context: Context, wants: Sequence[Want]) -> bool:
    """Whether all of it is free by the counts before the lock: a guess that others may overtake."""
    offers = {o.capacity_id: (o.terms.cap, o.taken) for o in context.offers.values()}
    counts = offers | {h.capacity_id: (h.capacity, h.taken) for h in context.handovers}
    return all(_fits(want.units, *counts[want.capacity_id]) for want in wants if want.units > 0)


def _fits(units: int, limit: int | None, taken: int | None) -> bool:
    return units <= (limit or 0) - (taken or 0)


def take_scarce(
    store: Store, context: Context, plans: Sequence[LinePlan], handover: HandoverFacts, places_left: Sequence[int]
) -> None:
    """Take what there is and cut the plans back to it. Raises HandoverFull where the handover has no room, BeginAnew
    where others' units were counted on together with ones that are not there."""
    after = _place_after(plans, handover)
    wants = wanted(context, plans, handover, places_left)
    granted = store.take(wants)
    if any(want.capacity_id == after and want.units > 0 and not granted.get(after) for want in wants):
        raise HandoverFull(handover_id=handover.id, capacity=handover.capacity)
    for plan in _counted(plans):
        units = granted.get(plan.offer.capacity_id or 0, 0)
        if units < plan.counted_rise:
            if plan.takings:
                raise BeginAnew(offers=[plan.now.offer_id])
            plan.rise_only_by(units, LineReason.STOCK_SHORT)
    if after is not None and not any(plan.now.firm for plan in plans):
        store.take([Want(after, -1, whole=True)])


def _counted(plans: Sequence[LinePlan]) -> list[LinePlan]:
    return [plan for plan in plans if plan.offer.capacity_id is not None and plan.counted_rise]


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
