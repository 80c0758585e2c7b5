"""The last day of what households collect is over: it ends, and they are told."""

from datetime import datetime

from django.db import transaction

from marketplace import clock
from marketplace.actions.collecting.telling import tell_rest
from marketplace.models import CollectedRest
from marketplace.queries.collecting import past_their_day
from marketplace.rules.states import CollectedState


def end_rests() -> int:
    """End every rest whose last day, by its hub's calendar, is over; how many ended. Twice at once ends none twice."""
    now = clock.now()
    return sum(_end(rest, now) for rest in past_their_day(now))


@transaction.atomic
def _end(rest: CollectedRest, now: datetime) -> bool:
    waiting = CollectedRest.objects.filter(pk=rest.pk, state=CollectedState.WAITING.value)
    if not waiting.update(state=CollectedState.EXPIRED.value, settled_at=now):
        return False
    rest.refresh_from_db(fields=["units"])  # some may have been placed since it was looked at
    tell_rest(rest, "expired", units=rest.units)
    return True
