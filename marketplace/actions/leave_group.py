"""Leave a group."""

from django.db import transaction

from marketplace.access import household_of
from marketplace.errors import NotFound
from marketplace.models import GroupMember, User


@transaction.atomic
def leave_group(*, group_id: int, by: User) -> None:
    """Take the user's household out of the group; its reservations stay as they are."""
    left, _ = GroupMember.objects.filter(group_id=group_id, household=household_of(by)).delete()
    if not left:
        raise NotFound(kind="group", id=group_id)
