"""A host says where a hand is needed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.access import point_custody
from marketplace.actions.setting_up import save_checked
from marketplace.errors import InvalidInput
from marketplace.models import User, VolunteerShift


@transaction.atomic
def add_shift(
    *, handover_id: int, task: str, needed: int, starts_at: datetime, ends_at: datetime, note: str = "", by: User
) -> VolunteerShift:
    """The shift. Raises NotFound for a foreign handover, NotAllowed for a group's host, InvalidInput for times out of
    order or a task that begins then already."""
    handover = point_custody(by, handover_id).handover
    if ends_at <= starts_at:
        raise InvalidInput(problems=[{"place": "ends_at", "problem": _("It ends after it begins.")}])
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
