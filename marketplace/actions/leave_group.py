"""Leave a group."""

from django.db import transaction

from marketplace.access import household_of
from marketplace.errors import HostStays, NotFound
from marketplace.models import Group, GroupMember, User


@transaction.atomic
def leave_group(*, group_id: int, by: User) -> None:
    """Take the user's household out of the group; its reservations stay as they are.

    Raises NotFound where it is not in it, HostStays for the host of a group with other members: it hands over first.
    """
    household = household_of(by)
    member = GroupMember.objects.filter(group_id=group_id, household=household).first()
    if member is None:
        raise NotFound(kind="group", id=group_id)
    # Of a household of several people another may be the host: then it is the household that stays.
    hosts = Group.objects.filter(pk=group_id, host__household_memberships__household=household).exists()
    if hosts and GroupMember.objects.filter(group_id=group_id).exclude(pk=member.pk).exists():
        raise HostStays(group_id=group_id)
    member.delete()
