"""Somebody cannot help after all."""

from datetime import timedelta

from django.db import transaction

from marketplace import clock
from marketplace.actions.notices.tell import tell
from marketplace.actions.shifts.facts import shift_facts
from marketplace.errors import IllegalMove, NotFound
from marketplace.models import ShiftVolunteer, User
from marketplace.queries.hosting import hosts_of
from marketplace.queries.shifts import shift_for_member
from marketplace.rules.notices import NoticeKind

# From here on the hosts are told at once, and the page asks twice.
LATE = timedelta(hours=24)


@transaction.atomic
def step_back(*, shift_id: int, by: User) -> bool:
    """Whether it was late: then the point's hosts are told at once.

    Raises NotFound where the person is not in the shift, IllegalMove once it has begun.
    """
    now = clock.now()
    shift = shift_for_member(by, shift_id)
    mine = ShiftVolunteer.objects.filter(shift=shift, user=by).first()
    if mine is None:
        raise NotFound(kind="shift", id=shift_id)
    if shift.starts_at <= now:
        raise IllegalMove(kind="shift", id=shift.pk, from_state="begun", to_state="stepped back")
    key = f"volunteer:{mine.pk}:stepped_back"
    mine.delete()
    late = shift.starts_at - now < LATE
    if late:
        tell(
            kind=NoticeKind.SHIFT,
            user_ids=[user.pk for user in hosts_of(shift.handover)],
            key=key,
            facts=shift_facts(shift, what="stepped_back", person=by.name),
            link=f"/hosting/handovers/{shift.handover_id}/shifts/",
        )
    return late
