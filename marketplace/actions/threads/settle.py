"""A question is settled; the next message opens it again."""

from django.db import transaction

from marketplace import audit, clock
from marketplace.errors import NotAllowed
from marketplace.models import Thread, User
from marketplace.queries.threads import Seat
from marketplace.rules.roles import Permission
from marketplace.rules.threads import Side, ThreadState


@transaction.atomic
def settle(*, seat: Seat, by: User) -> bool:
    """Settle it, by the household that asked or the hub; whether it was open. Nobody is waited for any more."""
    if seat.side not in (Side.HOUSEHOLD, Side.HUB):
        raise NotAllowed(permission=Permission.ANSWER_HOUSEHOLDS.value)
    moved = Thread.objects.filter(pk=seat.thread.pk, state=ThreadState.OPEN.value).update(
        state=ThreadState.SETTLED.value, waiting_for="", waiting_since=None
    )
    if moved:
        audit.record(
            kind="thread",
            object_id=seat.thread.pk,
            from_state=ThreadState.OPEN.value,
            to_state=ThreadState.SETTLED.value,
            at=clock.now(),
            by=by,
        )
    return bool(moved)
