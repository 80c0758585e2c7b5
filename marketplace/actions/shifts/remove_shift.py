"""A host takes a shift away."""

from django.db import transaction

from marketplace.actions.notices.tell import tell
from marketplace.actions.shifts.facts import shift_facts
from marketplace.models import ShiftVolunteer, User
from marketplace.queries.shifts import shift_for_host
from marketplace.rules.notices import NoticeKind


@transaction.atomic
def remove_shift(*, shift_id: int, by: User) -> None:
    """The shift is gone, and who had signed up is told. Raises NotFound for a foreign shift."""
    shift = shift_for_host(by, shift_id)
    volunteers = ShiftVolunteer.objects.filter(shift=shift)
    people = list(volunteers.values_list("user_id", flat=True))
    tell(
        kind=NoticeKind.SHIFT,
        user_ids=people,
        key=f"shift:{shift.pk}:removed",
        facts=shift_facts(shift, what="removed"),
        link="/shifts/",
    )
    volunteers.delete()
    shift.delete()
