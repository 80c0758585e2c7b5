"""A host says when the point is usually open, how many it takes and how it is found."""

from collections.abc import Sequence
from datetime import time

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.access import hosted_points, hubs_where, one
from marketplace.errors import InvalidInput
from marketplace.models import PickupPoint, User
from marketplace.queries.state_tags import require_state
from marketplace.rules.roles import Permission

# How a point usually is; its hosts change it.
POINT_HABITS = ("instructions", "opens_time", "closes_time", "usual_capacity")


def point_for_host(user: User, point_id: int) -> PickupPoint:
    """A point that the user hosts, or of a hub whose rounds the user runs. One query."""
    mine = Q(pk__in=hosted_points(user).values("pk")) | Q(hub__in=hubs_where(user, Permission.RUN_ROUNDS))
    return one(PickupPoint.objects.select_related("hub").filter(mine, pk=point_id), "pickup_point", point_id)


@transaction.atomic
def change_point(
    *,
    point_id: int,
    instructions: str,
    opens_time: time | None,
    closes_time: time | None,
    usual_capacity: int | None,
    expected: Sequence[str] = (),
    by: User,
) -> PickupPoint:
    """The point as it is from the next rounds on; handovers that are planned keep their times and room.

    `usual_capacity` in reservations, None: no bound; `expected` are the tags of the habits that the change is meant
    for, none for any. Raises NotFound for a foreign point, ChangedMeanwhile, InvalidInput for one time without the
    other or out of order.
    """
    point = point_for_host(by, point_id)
    require_state(PickupPoint.objects.select_for_update().get(pk=point.pk), POINT_HABITS, expected)
    if (opens_time is None) != (closes_time is None):
        raise InvalidInput(problems=[{"place": "closes_time", "problem": _("Say both times, or neither.")}])
    if opens_time is not None and closes_time is not None and closes_time <= opens_time:
        raise InvalidInput(problems=[{"place": "closes_time", "problem": _("It must close after it opens.")}])
    point.instructions, point.usual_capacity = instructions.strip(), usual_capacity
    point.opens_time, point.closes_time = opens_time, closes_time
    point.save(update_fields=POINT_HABITS)
    return point
