"""A host takes over the shifts of the handover before."""

from django.db import transaction

from marketplace.access import point_custody
from marketplace.errors import NotFound
from marketplace.models import User, VolunteerShift
from marketplace.queries.shifts import last_with_shifts


@transaction.atomic
def copy_shifts(*, handover_id: int, by: User) -> int:
    """How many shifts were added: those of the last handover at this place, as far from its opening as they were.

    Doing it twice adds nothing. Raises NotFound for a foreign handover and where no handover before had shifts,
    NotAllowed for a group's host.
    """
    handover = point_custody(by, handover_id).handover
    before = last_with_shifts(handover)
    if before is None:
        raise NotFound(kind="handover", id=handover_id)
    later = handover.starts_at - before.starts_at
    have = set(VolunteerShift.objects.filter(handover=handover).values_list("task", "starts_at"))
    new = [
        VolunteerShift(
            handover=handover,
            task=shift.task,
            needed=shift.needed,
            note=shift.note,
            starts_at=shift.starts_at + later,
            ends_at=shift.ends_at + later,
        )
        for shift in VolunteerShift.objects.filter(handover=before)
        if (shift.task, shift.starts_at + later) not in have
    ]
    return len(VolunteerShift.objects.bulk_create(new, ignore_conflicts=True))
