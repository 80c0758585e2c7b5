"""Ask to be told when a window opens, or no longer."""

from django.db import transaction

from marketplace.actions.remind.set_reminder import set_reminder
from marketplace.models import OpeningReminder, User


@transaction.atomic
def toggle_reminder(*, window_id: int, by: User) -> bool:
    """Whether the actor is now reminded of the window's opening.

    Raises NotFound for a window that was not announced, IllegalMove for one that has opened: there is nothing to be
    reminded of. Taking a reminder back is always possible.
    """
    is_reminded = OpeningReminder.objects.filter(window=window_id, user=by).exists()
    return set_reminder(window_id=window_id, wanted=not is_reminded, by=by)
