"""A host takes a deputy's link back."""

from django.db import transaction

from marketplace import clock
from marketplace.access import point_custody
from marketplace.errors import NotFound
from marketplace.models import DeputyLink, User


@transaction.atomic
def revoke_deputy_link(*, handover_id: int, link_id: int, by: User) -> None:
    """The link opens nothing from now on; doing it twice is harmless. What was ticked by it stays.

    Raises NotFound for a foreign handover or link, NotAllowed for a group's host.
    """
    handover = point_custody(by, handover_id).handover
    links = DeputyLink.objects.filter(pk=link_id, handover=handover)
    if not links.exists():
        raise NotFound(kind="deputy_link", id=link_id)
    links.filter(revoked_at=None).update(revoked_at=clock.now())
