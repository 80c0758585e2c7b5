"""Ask to be told when a window opens, or say that one need not be."""

from django.db import transaction

from marketplace import clock
from marketplace.access import PUBLIC_STATES
from marketplace.errors import IllegalMove, NotFound
from marketplace.models import OpeningReminder, OrderingWindow, User
from marketplace.rules.states import WindowState


@transaction.atomic
def set_reminder(*, window_id: int, wanted: bool, by: User) -> bool:
    """Whether the actor is reminded of the window's opening from now on, which is what was wanted. Harmless twice.

    Raises NotFound for a window that was not announced, IllegalMove for one that has opened: there is nothing to be
    reminded of. Taking a reminder back is always possible.
    """
    window = OrderingWindow.objects.filter(pk=window_id, state__in=PUBLIC_STATES).first()
    if window is None:
        raise NotFound(kind="window", id=window_id)
    if not wanted:
        OpeningReminder.objects.filter(window=window, user=by).delete()
        return False
    if window.state != WindowState.SCHEDULED:
        raise IllegalMove(kind="window", id=window_id, from_state=window.state, to_state=WindowState.OPEN.value)
    OpeningReminder.objects.get_or_create(window=window, user=by, defaults={"created_at": clock.now()})
    return True
