"""Let another person reserve for the same household: several logins, one reservation, one balance."""

from django.db import transaction

from marketplace.access import household_of
from marketplace.actions.households.clearing_out import drop_if_never_used
from marketplace.models import Household, HouseholdMember, User


@transaction.atomic
def add_household_member(*, household_id: int, user: User, by: User) -> HouseholdMember:
    """The membership; giving it twice is harmless. Raises NotFound unless the actor belongs to the household.

    For the house's own set-up: people invite each other (households/invite_to_household). The household of one that
    the person began with goes, if it was never used: whoever moves in reserves for the common household.
    """
    household = household_of(by, household_id)
    member, _ = HouseholdMember.objects.get_or_create(household=household, user=user)
    for former in Household.objects.filter(members=user).exclude(pk=household.pk):
        drop_if_never_used(former, user)
    return member
