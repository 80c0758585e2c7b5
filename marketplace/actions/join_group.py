"""Join a group by its invitation link."""

from django.db import transaction

from marketplace.access import household_of
from marketplace.errors import NotFound
from marketplace.models import Group, GroupMember, User


@transaction.atomic
def join_group(*, invitation: str, by: User) -> Group:
    """The group of the invitation, with the user's household in it; joining twice is harmless.

    Raises NotFound for an invitation that does not exist.
    """
    group = Group.objects.filter(invitation=invitation).first()
    if group is None:
        raise NotFound(kind="invitation", id=invitation)
    GroupMember.objects.get_or_create(group=group, household=household_of(by))
    return group
