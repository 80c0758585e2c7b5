"""Let another person reserve for the same household: several logins, one reservation, one balance."""

from django.db import transaction

from marketplace.access import household_of
from marketplace.models import GroupMember, Household, HouseholdMember, Reservation, User


@transaction.atomic
def add_household_member(*, household_id: int, user: User, by: User) -> HouseholdMember:
    """The membership; giving it twice is harmless. Raises NotFound unless the actor belongs to the household.

    The household of one that the person began with goes, if it never reserved and is in no group: whoever moves in
    reserves for the common household from then on.
    """
    household = household_of(by, household_id)
    member, _ = HouseholdMember.objects.get_or_create(household=household, user=user)
    for former in Household.objects.filter(members=user).exclude(pk=household.pk):
        if _never_used(former):
            former.memberships.all().delete()
            former.delete()
    return member


def _never_used(household: Household) -> bool:
    return (
        household.memberships.count() == 1
        and not Reservation.objects.filter(household=household).exists()
        and not GroupMember.objects.filter(household=household).exists()
    )
