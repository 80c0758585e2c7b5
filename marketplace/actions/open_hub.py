"""Open a hub: a place where goods are received, sorted and sent out, with its first coordinator."""

from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.actions.assign_hub_role import assign_hub_role
from marketplace.actions.setting_up import require_platform, save_checked
from marketplace.errors import InvalidInput
from marketplace.models import Hub, User
from marketplace.rules.roles import Role


@transaction.atomic
def open_hub(
    *,
    name: str,
    slug: str,
    time_zone: str,
    currency: str,
    address: str,
    email: str,
    coordinator: User,
    gln: str = "",
    by: User,
) -> Hub:
    """The hub. `time_zone` is an IANA name, `currency` an ISO 4217 code.

    Raises NotAllowed for others than platform staff, InvalidInput naming each problem.
    """
    require_platform(by)
    if time_zone not in available_timezones():
        problem = _("%(name)s is not a time zone such as Europe/Lisbon.") % {"name": time_zone}
        raise InvalidInput(problems=[{"place": "time_zone", "problem": problem}])
    hub = save_checked(
        Hub(name=name, slug=slug, time_zone=time_zone, currency=currency, address=address, email=email, gln=gln)
    )
    assign_hub_role(hub=hub, user=coordinator, role=Role.COORDINATOR, by=by)
    return hub
