"""Add a place where totes are handed over."""

from django.db import transaction

from marketplace.actions.setting_up import require_at_hub, save_checked
from marketplace.models import Hub, PickupPoint, PickupPointHost, User
from marketplace.rules.roles import Permission


@transaction.atomic
def add_pickup_point(
    *,
    hub: Hub,
    name: str,
    address: str,
    instructions: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    host: User | None = None,
    by: User,
) -> PickupPoint:
    """The pickup point, with its host if there is one yet. Coordinates in WGS 84 degrees, both or neither.

    Raises NotAllowed for others than those who run the hub's rounds, InvalidInput where the name is taken.
    """
    require_at_hub(by, hub, Permission.RUN_ROUNDS)
    point = save_checked(
        PickupPoint(
            hub=hub, name=name, address=address, instructions=instructions, latitude=latitude, longitude=longitude
        )
    )
    if host is not None:
        PickupPointHost.objects.create(pickup_point=point, user=host)
    return point
