"""From trial to member, where the hub leaves it to the household."""

from django.db import transaction

from marketplace import clock
from marketplace.access import household_of
from marketplace.actions.membership.moving import move, tell_household, terms_of
from marketplace.errors import NotAllowed, NotFound
from marketplace.models import Hub, HubMembership, JoinPolicy, User
from marketplace.rules.states import MembershipState


@transaction.atomic
def become_member(*, hub: Hub, household_id: int | None = None, by: User) -> HubMembership:
    """The membership; the hub's fee is due. Raises NotFound without one, NotAllowed where the hub decides."""
    household = household_of(by, household_id)
    held = HubMembership.objects.select_related("hub", "household").filter(hub=hub, household=household).first()
    if held is None:
        raise NotFound(kind="membership", id=hub.pk)
    if hub.join_policy == JoinPolicy.APPROVAL or held.state != MembershipState.TRIAL:
        raise NotAllowed(permission="become_member")
    now = clock.now()
    move(held, MembershipState.MEMBER, at=now, by=by, **terms_of(held, MembershipState.MEMBER))
    tell_household(held, MembershipState.MEMBER.value, now)
    return held
