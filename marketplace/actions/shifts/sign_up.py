"""Somebody of a household says: I help."""

from django.db import transaction

from marketplace import clock
from marketplace.access import household_of
from marketplace.errors import IllegalMove, ShiftFull
from marketplace.models import ShiftVolunteer, User, VolunteerShift
from marketplace.queries.shifts import shift_for_member


@transaction.atomic
def sign_up(*, shift_id: int, by: User) -> ShiftVolunteer:
    """The person in the shift; signing up twice is harmless.

    Raises NotFound for a shift of a hub where the household does not order, ShiftFull where everybody is found,
    IllegalMove once the shift is over.
    """
    now = clock.now()
    shift = shift_for_member(by, shift_id)
    # Two people take the last place at once: the second waits for the first, then counts anew.
    VolunteerShift.objects.select_for_update().get(pk=shift.pk)
    if shift.ends_at <= now:
        raise IllegalMove(kind="shift", id=shift.pk, from_state="over", to_state="signed up")
    volunteers = ShiftVolunteer.objects.filter(shift=shift)
    mine = volunteers.filter(user=by).first()
    if mine is not None:
        return mine
    if volunteers.count() >= shift.needed:
        raise ShiftFull(shift_id=shift.pk, needed=shift.needed)
    return ShiftVolunteer.objects.create(shift=shift, user=by, household=household_of(by), signed_at=now)
