"""Start a group that orders together."""

import secrets

from django.db import transaction

from marketplace.access import household_of
from marketplace.errors import NotFound
from marketplace.models import Group, GroupMember, Hub, PickupPoint, User


@transaction.atomic
def start_group(*, hub: Hub, name: str, pickup_point: PickupPoint | None, by: User) -> Group:
    """A new group with its starter as host and first member. Raises NotFound for another hub's pickup point."""
    if pickup_point is not None and pickup_point.hub_id != hub.pk:
        raise NotFound(kind="pickup_point", id=pickup_point.pk)
    group = Group.objects.create(
        hub=hub,
        name=name,
        host=by,
        pickup_point=pickup_point,
        invitation=secrets.token_urlsafe(16),  # 128 bits: the link is the invitation
    )
    GroupMember.objects.create(group=group, household=household_of(by))
    return group
