"""Leave a hub."""

from django.db import transaction

from marketplace import clock
from marketplace.access import household_of
from marketplace.actions.membership.moving import move, tell_household
from marketplace.errors import NotFound
from marketplace.models import Hub, HubMembership, User
from marketplace.rules.states import MembershipState


@transaction.atomic
def leave_hub(*, hub: Hub, household_id: int | None = None, by: User) -> HubMembership:
    """The household no longer orders there; what it reserved stays. Raises NotFound, IllegalMove."""
    household = household_of(by, household_id)
    held = HubMembership.objects.select_related("hub", "household").filter(hub=hub, household=household).first()
    if held is None:
        raise NotFound(kind="membership", id=hub.pk)
    now = clock.now()
    move(held, MembershipState.LEFT, at=now, by=by)
    tell_household(held, MembershipState.LEFT.value, now)
    return held
