"""A group's own place: proposed by its host, in use once the hub has looked at it."""

from marketplace.access import hub_roles_with
from marketplace.actions.notices.tell import tell
from marketplace.actions.setting_up import save_checked
from marketplace.models import Group, HubRole, PickupPoint, PickupPointHost, User
from marketplace.rules.notices import NoticeKind
from marketplace.rules.roles import Permission


def propose_place(*, group: Group, address: str, instructions: str, by: User) -> PickupPoint:
    """The group's pickup point, not in use yet, with its starter as host; the hub's coordinators are told.

    Joins the caller's transaction. Raises InvalidInput where the hub has a point of the group's name.
    """
    point = save_checked(
        PickupPoint(
            hub=group.hub, name=group.name, address=address.strip(), instructions=instructions.strip(), is_active=False
        )
    )
    PickupPointHost.objects.create(pickup_point=point, user=by)
    Group.objects.filter(pk=group.pk).update(pickup_point=point)
    group.pickup_point = point
    coordinators = HubRole.objects.filter(hub=group.hub, role__in=hub_roles_with(Permission.RUN_ROUNDS))
    tell(
        kind=NoticeKind.GROUP,
        user_ids=coordinators.values_list("user_id", flat=True),
        key=f"group:{group.pk}:place",
        facts={"what": "place", "group": group.name, "person": by.name, "address": point.address},
        link=f"/hub/marketplace/pickuppoint/{point.pk}/change/",
    )
    return point
