"""A host says where a hand is needed."""

from datetime import datetime

from django.db import transaction

from marketplace.access import point_custody
from marketplace.actions.setting_up import save_checked
from marketplace.models import User, VolunteerShift


@transaction.atomic
def add_shift(
    *, handover_id: int, task: str, needed: int, starts_at: datetime, ends_at: datetime, note: str = "", by: User
) -> VolunteerShift:
    """The shift. Raises NotFound for a foreign handover, NotAllowed for a group's host, InvalidInput for times out of
    order or a task that begins then already."""
    handover = point_custody(by, handover_id).handover
    return save_checked(
        VolunteerShift(
            handover=handover,
            task=task.strip(),
            needed=needed,
            starts_at=starts_at,
            ends_at=ends_at,
            note=note.strip(),
        )
    )
