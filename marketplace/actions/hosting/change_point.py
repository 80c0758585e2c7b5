"""A host says when the point is usually open, how many it takes and how it is found."""

from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.access import hosted_points, hubs_where
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import PickupPoint, User
from marketplace.rules.roles import Permission


def point_for_host(user: User, point_id: int) -> PickupPoint:
    """A point that the user hosts, or of a hub whose rounds the user runs. Up to two queries."""
    points = PickupPoint.objects.select_related("hub")
    found = points.filter(pk=point_id, pk__in=hosted_points(user).values("pk")).first()
    found = found or points.filter(pk=point_id, hub__in=hubs_where(user, Permission.RUN_ROUNDS)).first()
    if found is None:
        raise NotFound(kind="pickup_point", id=point_id)
    return found


@transaction.atomic
def change_point(
    *,
    point_id: int,
    instructions: str,
    opens_time: time | None,
    closes_time: time | None,
    usual_capacity: int | None,
    by: User,
) -> PickupPoint:
    """The point as it is from the next rounds on; handovers that are planned keep their times and room.

    `usual_capacity` in reservations, None: no bound. Raises NotFound for a foreign point, InvalidInput for one time
    without the other or out of order.
    """
    point = point_for_host(by, point_id)
    if (opens_time is None) != (closes_time is None):
        raise InvalidInput(problems=[{"place": "closes_time", "problem": _("Say both times, or neither.")}])
    if opens_time is not None and closes_time is not None and closes_time <= opens_time:
        raise InvalidInput(problems=[{"place": "closes_time", "problem": _("It must close after it opens.")}])
    point.instructions, point.usual_capacity = instructions.strip(), usual_capacity
    point.opens_time, point.closes_time = opens_time, closes_time
    point.save(update_fields=["instructions", "opens_time", "closes_time", "usual_capacity"])
    return point
