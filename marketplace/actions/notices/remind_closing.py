"""Before a window closes: remind those who follow its hub, or asked for it, and have nothing reserved yet."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from marketplace import clock
from marketplace.actions.notices.tell import tell
from marketplace.models import OrderingWindow
from marketplace.queries.reminders import closing_soon, who_may_be_reminded
from marketplace.rules.notice_times import remind_at
from marketplace.rules.notices import NoticeKind

# The longest wish, and the longest quiet hours that may pull a reminder forward.
LOOK_AHEAD: Final = timedelta(hours=72)
# This close to the end a reminder would only be a nuisance.
TOO_LATE: Final = timedelta(minutes=5)


def remind_closing() -> int:
    """Called each minute; how many people were reminded. Each person once per window, whatever is called how often."""
    now = clock.now()
    return sum(_remind(window, now) for window in closing_soon(now + TOO_LATE, now + LOOK_AHEAD))


@transaction.atomic
def _remind(window: OrderingWindow, now: datetime) -> int:
    key = f"window:{window.pk}"
    due = [
        user_id
        for user_id, hours_before, hours in who_may_be_reminded(window, key=key)
        if remind_at(closes_at=window.closes_at, hours_before=hours_before, hours=hours) <= now
    ]
    if not due:
        return 0
    hub = window.round.hub
    facts = {
        "round": window.round.name,
        "hub": hub.name,
        "closes_at": window.closes_at.isoformat(),
        "until": window.closes_at.isoformat(),
        "zone": hub.time_zone,
    }
    link = f"/rounds/{window.round_id}/"
    return tell(kind=NoticeKind.CLOSES_SOON, user_ids=due, key=key, facts=facts, link=link)
