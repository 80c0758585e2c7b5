"""After a close: what a household collects and did not get waits for the next round's offer of the product."""

from django.db import transaction

from marketplace import clock
from marketplace.events import emit
from marketplace.models import ClearingRun, CollectedRest, OrderingWindow
from marketplace.queries.collecting import Missed, local_day, missed_in, placeable_now
from marketplace.rules.states import CollectedState


@transaction.atomic
def keep_rests(*, window_id: int, run_id: int) -> int:
    """Write down what the window's newest closing left over; how much waits now. Doing it twice changes nothing, and
    neither does a closing that was undone meanwhile.

    What can be placed in a window that is open already is announced for placing.
    """
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    if not ClearingRun.objects.filter(pk=run_id, voided_at__isnull=True).exists():
        return 0
    now, hub = clock.now(), window.round.hub
    today = local_day(now, hub.time_zone)
    missed = [each for each in missed_in(window) if each.line.collect_until and each.line.collect_until >= today]
    rests = [_kept(each, window, hub.pk) for each in missed]
    fresh = [rest for rest in rests if rest.state == CollectedState.WAITING]
    for rest_id, offer_id in placeable_now(fresh):
        emit("collected.due", rest_id=rest_id, offer_id=offer_id)
    return len(fresh)


def _kept(missed: Missed, window: OrderingWindow, hub_id: int) -> CollectedRest:
    """The line's rest; one of a closing that was undone is written anew, one that was placed already stays."""
    line = missed.line
    values = {
        "missed": missed.units,
        "units": missed.units,
        "at_most_minor": missed.at_most_minor,
        "until": line.collect_until,
    }
    rest, is_new = CollectedRest.objects.get_or_create(
        offer=line.offer,
        household_id=line.reservation.household_id,
        defaults={"hub_id": hub_id, "product": line.offer.product, "created_at": window.closes_at, **values},
    )
    if not is_new:
        undone = CollectedRest.objects.filter(pk=rest.pk, state=CollectedState.WITHDRAWN.value)
        undone.update(state=CollectedState.WAITING.value, settled_at=None, **values)
        rest.refresh_from_db()
    return rest


@transaction.atomic
def withdraw_rests(*, window_id: int) -> int:
    """A closing was undone: what it missed waits for nothing; the next close decides anew. How many were withdrawn."""
    waiting = CollectedRest.objects.filter(offer__window=window_id, state=CollectedState.WAITING.value)
    return waiting.update(state=CollectedState.WITHDRAWN.value, settled_at=clock.now())
