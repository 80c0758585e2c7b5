"""Give a person a role at a hub."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.actions.setting_up import require_platform
from marketplace.errors import InvalidInput
from marketplace.models import Hub, HubRole, User
from marketplace.rules.roles import HUB_ROLES, Role


@transaction.atomic
def assign_hub_role(*, hub: Hub, user: User, role: Role, by: User) -> HubRole:
    """The role; giving it twice is harmless. Raises NotAllowed for others than platform staff, InvalidInput for a
    role that is not held at a hub."""
    require_platform(by)
    if role not in HUB_ROLES:
        problem = _("%(role)s is not a role at a hub.") % {"role": role.value}
        raise InvalidInput(problems=[{"place": "role", "problem": problem}])
    held, _created = HubRole.objects.get_or_create(hub=hub, user=user, role=role.value)
    return held
