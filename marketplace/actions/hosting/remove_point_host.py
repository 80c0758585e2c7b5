"""The hub takes somebody off a point."""

from django.db import transaction

from marketplace.access import hubs_where
from marketplace.errors import NotFound
from marketplace.models import PickupPointHost, User
from marketplace.rules.roles import Permission


@transaction.atomic
def remove_point_host(*, host_id: int, by: User) -> None:
    """The person is no longer host or deputy there. Raises NotFound for a point of a foreign hub."""
    mine = PickupPointHost.objects.filter(pk=host_id, pickup_point__hub__in=hubs_where(by, Permission.RUN_ROUNDS))
    removed, _ = mine.delete()
    if not removed:
        raise NotFound(kind="host", id=host_id)
