"""A person asks for a parked handler to be tried again."""

from django.db import transaction

from marketplace import audit, clock
from marketplace.access import require
from marketplace.errors import IllegalMove, NotFound
from marketplace.events import DELIVER_TASK, wake
from marketplace.models import HandledEvent, OutboxEvent, User
from marketplace.rules.roles import Permission, Role, allows

_State = HandledEvent.State


def deliver_again(*, handled_id: int, by: User) -> HandledEvent:
    """Give a parked handler all its attempts anew, at once.

    Raises NotAllowed for all but platform staff, NotFound, and IllegalMove where it is not parked.
    """
    require(by.is_staff and allows(Role.PLATFORM_STAFF, Permission.SET_UP), Permission.SET_UP)
    with transaction.atomic():
        handled = HandledEvent.objects.filter(pk=handled_id).first()
        if handled is None:
            raise NotFound(kind="handled_event", id=handled_id)
        now = clock.now()
        parked = HandledEvent.objects.filter(pk=handled_id, state=_State.PARKED)
        if not parked.update(state=_State.FAILED, attempts=0, next_try_at=now):
            raise IllegalMove(
                kind="handled_event", id=handled_id, from_state=handled.state, to_state=_State.FAILED.value
            )
        OutboxEvent.objects.filter(pk=handled.event_id).update(settled_at=None)
        audit.record(
            kind="handled_event",
            object_id=handled_id,
            from_state=_State.PARKED.value,
            to_state=_State.FAILED.value,
            at=now,
            by=by,
            reason=handled.handler,
        )
        wake(DELIVER_TASK, handled.event_id)
    handled.refresh_from_db()
    return handled
