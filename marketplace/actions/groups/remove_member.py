"""A group's host takes a household out of it."""

from django.db import transaction

from marketplace.access import group_for_host
from marketplace.actions.notices.tell import tell
from marketplace.errors import HostStays, NotFound
from marketplace.models import GroupMember, HouseholdMember, User
from marketplace.rules.notices import NoticeKind


@transaction.atomic
def remove_member(*, group_id: int, household_id: int, by: User) -> None:
    """The household is no longer in the group, and is told; what it reserved stays its own.

    Raises NotFound for a foreign group or a household that is not in it, NotAllowed for others than the host,
    HostStays for the host's own household.
    """
    group = group_for_host(by, group_id)
    member = GroupMember.objects.filter(group=group, household=household_id).first()
    if member is None:
        raise NotFound(kind="household", id=household_id)
    people = list(HouseholdMember.objects.filter(household=household_id).values_list("user_id", flat=True))
    if group.host_id in people:
        raise HostStays(group_id=group.pk)
    told = f"member:{member.pk}:removed"
    member.delete()
    tell(
        kind=NoticeKind.GROUP,
        user_ids=people,
        key=told,
        facts={"what": "removed", "group": group.name},
        link="/groups/",
    )
