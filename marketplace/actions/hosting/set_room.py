"""A host gives one handover more or less room."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.access import point_custody
from marketplace.errors import InvalidInput
from marketplace.models import Capacity, Handover, User


@transaction.atomic
def set_room(*, handover_id: int, reservations: int, by: User) -> Handover:
    """The handover with room for so many reservations.

    One without a bound keeps none: what is reserved there was never counted. Raises NotFound for a foreign handover,
    NotAllowed for a group's host, InvalidInput where it has no bound or more are reserved already.
    """
    handover = point_custody(by, handover_id).handover
    if handover.capacity_id is None:
        raise InvalidInput(problems=[{"place": "room", "problem": _("This handover takes everybody.")}])
    rows = Capacity.objects.filter(pk=handover.capacity_id, taken__lte=reservations)
    if not rows.update(limit=reservations):
        problem = _("More are reserved there already; their places stay.")
        raise InvalidInput(problems=[{"place": "room", "problem": problem}])
    handover.refresh_from_db()
    return handover
