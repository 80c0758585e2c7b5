"""Say when a household is away, and take it back."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import absence_for, household_of
from marketplace.errors import InvalidInput
from marketplace.models import Absence, User

LONGEST = timedelta(days=366)


@transaction.atomic
def add_absence(*, starts_on: date, ends_on: date, household_id: int | None = None, by: User) -> Absence:
    """The household is away from the first to the last day, both counted. The same days twice are one absence.

    Raises InvalidInput (place "starts_on", "ends_on").
    """
    household = household_of(by, household_id)
    if ends_on < starts_on:
        raise _problem("ends_on", _("The last day is before the first."))
    if ends_on < clock.now().date() - timedelta(days=1):
        raise _problem("ends_on", _("These days are over."))
    if ends_on - starts_on > LONGEST:
        raise _problem("ends_on", _("An absence is at most a year; pause your standing reservations instead."))
    absence, _made = Absence.objects.get_or_create(household=household, starts_on=starts_on, ends_on=ends_on)
    return absence


@transaction.atomic
def remove_absence(*, absence_id: int, by: User) -> None:
    """The household is there after all: for rounds that open from now on. Raises NotFound for a foreign one."""
    absence_for(by, absence_id).delete()


def _problem(place: str, sentence: str) -> InvalidInput:
    return InvalidInput(problems=[{"place": place, "problem": sentence}])
