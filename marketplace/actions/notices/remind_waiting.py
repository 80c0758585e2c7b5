"""In a window's last stretch: tell households whose units still wait what they wait for."""

from django.db import transaction

from marketplace import clock
from marketplace.actions.notices.tell import tell
from marketplace.models import OrderingWindow
from marketplace.queries.reminders import filling_now, waiting_households
from marketplace.rules.notices import NoticeKind


def remind_waiting() -> int:
    """Called each minute; how many people were told. Each person once per window."""
    return sum(_tell_waiting(window) for window in filling_now(clock.now()))


@transaction.atomic
def _tell_waiting(window: OrderingWindow) -> int:
    key, hub, told = f"window:{window.pk}", window.round.hub, 0
    # People who wait for the same get the same words: one telling for all of them.
    for items, user_ids in waiting_households(window, key=key):
        facts = {
            "round": window.round.name,
            "hub": hub.name,
            "items": [{"product": product, "missing": missing} for product, missing in items],
            "closes_at": window.closes_at.isoformat(),
            "until": window.closes_at.isoformat(),
            "zone": hub.time_zone,
        }
        link = f"/rounds/{window.round_id}/"
        told += tell(kind=NoticeKind.UNITS_WAIT, user_ids=user_ids, key=key, facts=facts, link=link)
    return told
