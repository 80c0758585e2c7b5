"""Ask to be told when any window of a hub opens, or no longer."""

from django.db import transaction

from marketplace import clock
from marketplace.access import hub_known_to
from marketplace.models import HubNews, User


@transaction.atomic
def follow_hub(*, hub_id: int, wanted: bool, by: User) -> bool:
    """Whether the actor hears of the hub's openings from now on, which is what was wanted. Harmless twice.

    Raises NotFound for a hub that has announced nothing; no longer following is always possible.
    """
    if not wanted:
        HubNews.objects.filter(hub=hub_id, user=by).delete()
        return False
    hub = hub_known_to(hub_id)
    HubNews.objects.get_or_create(hub=hub, user=by, defaults={"created_at": clock.now()})
    return True
