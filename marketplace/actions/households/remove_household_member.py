"""Leave a household, or show somebody of it the door."""

from django.db import transaction

from marketplace import audit, clock
from marketplace.access import household_of
from marketplace.actions.notices.tell import tell
from marketplace.errors import LastOfHousehold, NotFound
from marketplace.models import Household, HouseholdMember, User
from marketplace.rules.notices import NoticeKind


@transaction.atomic
def remove_household_member(*, household_id: int, user_id: int, by: User) -> None:
    """The person no longer reserves for the household; what it reserved stays the household's.

    Who has no other household begins anew with one of one. The others are told, and so is who was removed.
    Raises NotFound unless both belong to the household, LastOfHousehold for its last person.
    """
    household = household_of(by, household_id)
    Household.objects.select_for_update().get(pk=household.pk)  # two who leave at once leave one after the other
    members = list(HouseholdMember.objects.filter(household=household).select_related("user"))
    leaving = next((member for member in members if member.user_id == user_id), None)
    if leaving is None:
        raise NotFound(kind="household_member", id=user_id)
    if len(members) == 1:
        raise LastOfHousehold
    now, person = clock.now(), leaving.user
    leaving.delete()
    User.objects.filter(pk=person.pk, acts_as=household).update(acts_as=None)
    if by.pk == person.pk and by.acts_as_id == household.pk:
        by.acts_as = None
    if not HouseholdMember.objects.filter(user=person).exists():
        alone = Household.objects.create(name=person.name)
        HouseholdMember.objects.create(household=alone, user=person)
    audit.record(kind="household", object_id=household.pk, from_state="joined", to_state="left", at=now, by=by)
    tell(
        kind=NoticeKind.INVITATION,
        user_ids=[member.user_id for member in members if member.user_id != by.pk],
        key=f"household:{household.pk}:left:{leaving.user_id}:{now.timestamp():.0f}",
        facts={"what": "household_left", "person": person.name, "household": household.name, "by": by.name},
        link="/me/household/",
    )
