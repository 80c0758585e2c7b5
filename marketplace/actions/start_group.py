"""Start a group that orders together."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.access import household_of
from marketplace.actions.groups.new_invitation import new_invitation
from marketplace.actions.groups.own_place import propose_place
from marketplace.actions.households.tokens import token_for
from marketplace.actions.setting_up import save_checked
from marketplace.errors import InvalidInput, NotFound, RequestKeyReused
from marketplace.models import Group, GroupMember, Hub, PickupPoint, User


@transaction.atomic
def start_group(
    *,
    hub: Hub,
    name: str,
    pickup_point: PickupPoint | None,
    own_place: str = "",
    instructions: str = "",
    welcome: str = "",
    request_key: str = "",
    by: User,
) -> Group:
    """A new group with its starter as host and first member.

    `own_place` is an address where the starter would hand out: it becomes a pickup point that is not in use until the
    hub has looked at it, with the starter as its host.

    The same request key finds the same group again while its link was not renewed.

    Raises NotFound for another hub's pickup point, InvalidInput for both a pickup point and an own place, and for a
    name that another group of the hub has.
    """
    invitation = token_for(request_key, kind="group", by=by)[0] if request_key else new_invitation()
    made = Group.objects.filter(invitation=invitation, host=by).select_related("hub", "pickup_point").first()
    if made is not None:
        if (made.hub_id, made.name) != (hub.pk, name.strip()):
            raise RequestKeyReused(request_key=request_key)
        return made
    if pickup_point is not None and pickup_point.hub_id != hub.pk:
        raise NotFound(kind="pickup_point", id=pickup_point.pk)
    if pickup_point is not None and own_place:
        raise InvalidInput(problems=[{"place": "own_place", "problem": _("Choose one of the two places.")}])
    if Group.objects.filter(hub=hub, name=name.strip()).exists():
        raise InvalidInput(problems=[{"place": "name", "problem": _("Another group of this hub has that name.")}])
    household = household_of(by)
    group = save_checked(
        Group(
            hub=hub,
            name=name.strip(),
            host=by,
            pickup_point=pickup_point,
            welcome=welcome.strip(),
            invitation=invitation,
        )
    )
    if own_place:
        propose_place(group=group, address=own_place, instructions=instructions, by=by)
    GroupMember.objects.create(group=group, household=household)
    return group
