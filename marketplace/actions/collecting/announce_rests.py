"""A window opened: what households collect of its products may be placed, what is past its day ends."""

from django.db import transaction

from marketplace import clock
from marketplace.actions.collecting.telling import tell_rest
from marketplace.events import emit
from marketplace.models import CollectedRest, Hub, OrderingWindow
from marketplace.queries.collecting import local_day, placeable_in
from marketplace.rules.states import CollectedState


@transaction.atomic
def announce_rests(*, window_id: int) -> int:
    """How many may be placed. Each is placed in a transaction of its own: whoever places for several households in one
    would hold a window while waiting for a household (docs/adr/0002)."""
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    end_rests(hub=window.round.hub)
    due = placeable_in(window)
    for rest_id, offer_id in due:
        emit("collected.due", rest_id=rest_id, offer_id=offer_id)
    return len(due)


@transaction.atomic
def end_rests(*, hub: Hub) -> int:
    """End the hub's rests whose last day is over, and tell their households. How many ended."""
    now = clock.now()
    over = CollectedRest.objects.filter(
        hub=hub, state=CollectedState.WAITING.value, until__lt=local_day(now, hub.time_zone)
    )
    ended = 0
    for rest in over.select_related("product", "hub", "offer__window__round").order_by("pk"):
        mine = CollectedRest.objects.filter(pk=rest.pk, state=CollectedState.WAITING.value)
        if mine.update(state=CollectedState.EXPIRED.value, settled_at=now):
            tell_rest(rest, "expired", units=rest.units)
            ended += 1
    return ended
