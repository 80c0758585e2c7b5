"""A window opened: what households collect of its products may be placed."""

from django.db import transaction

from marketplace.events import emit
from marketplace.models import OrderingWindow
from marketplace.queries.collecting import placeable_in


@transaction.atomic
def announce_rests(*, window_id: int) -> int:
    """How many may be placed. Each is placed in a transaction of its own: whoever places for several households in one
    would hold a window while waiting for a household (docs/adr/0002)."""
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    due = placeable_in(window)
    for rest_id, offer_id in due:
        emit("collected.due", rest_id=rest_id, offer_id=offer_id)
    return len(due)
