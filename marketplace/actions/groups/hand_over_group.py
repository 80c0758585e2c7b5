"""A group's host hands it over to another member."""

from django.db import transaction

from marketplace import audit, clock
from marketplace.access import group_for_host
from marketplace.actions.notices.tell import tell
from marketplace.errors import IllegalMove, NotFound
from marketplace.models import Group, PickupPointHost, User
from marketplace.rules.notices import NoticeKind


@transaction.atomic
def hand_over_group(*, group_id: int, to_user_id: int, by: User) -> Group:
    """The group with its new host, somebody of a member household, who is told.

    The one before stays a member, and becomes deputy of the group's place where the new one now hosts it.
    Raises NotFound for a foreign group or somebody who is not in it, NotAllowed for others than its host, IllegalMove
    where it was handed over meanwhile.
    """
    group = group_for_host(by, group_id)
    new = User.objects.filter(pk=to_user_id, is_active=True, household_memberships__household__groups=group).first()
    if new is None:
        raise NotFound(kind="user", id=to_user_id)
    if not Group.objects.filter(pk=group.pk, host=by).update(host=new):
        raise IllegalMove(kind="group", id=group.pk, from_state="", to_state="")
    _pass_the_place_on(group, by, new)
    group.host = new
    now = clock.now()
    audit.record(kind="group", object_id=group.pk, from_state=str(by.pk), to_state=str(new.pk), at=now, by=by)
    tell(
        kind=NoticeKind.GROUP,
        user_ids=[new.pk],
        key=f"group:{group.pk}:host:{now.isoformat()}",
        facts={"what": "host", "group": group.name, "person": by.name},
        link=f"/groups/{group.pk}/",
    )
    return group


def _pass_the_place_on(group: Group, old: User, new: User) -> None:
    """Where the old host runs the group's own place, the new one does from now on."""
    hosts = PickupPointHost.objects.filter(pickup_point=group.pickup_point_id)
    if group.pickup_point_id is None or not hosts.filter(user=old, is_deputy=False).exists():
        return
    if group.pickup_point is None or group.pickup_point.groups.count() > 1:
        return  # a point that several groups use is the hub's to give
    PickupPointHost.objects.update_or_create(
        pickup_point_id=group.pickup_point_id, user=new, defaults={"is_deputy": False}
    )
    hosts.filter(user=old).update(is_deputy=True)
