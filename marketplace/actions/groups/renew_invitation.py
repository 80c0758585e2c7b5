"""A group's host renews its invitation link."""

from django.db import transaction

from marketplace.access import group_for_host
from marketplace.actions.groups.new_invitation import new_invitation
from marketplace.models import Group, User


@transaction.atomic
def renew_invitation(*, group_id: int, by: User) -> Group:
    """The group with a new link; the old one is not found from now on.

    Raises NotFound for a foreign group, NotAllowed for others than its host.
    """
    group = group_for_host(by, group_id)
    group.invitation = new_invitation()
    Group.objects.filter(pk=group.pk).update(invitation=group.invitation)
    return group
