"""A member invites one household to its hub."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import household_of
from marketplace.actions.households.tokens import token_for
from marketplace.errors import InvalidInput, NotAllowed, RequestKeyReused
from marketplace.models import Hub, HubInvitation, HubMembership, User
from marketplace.rules.states import MembershipState

VALID_FOR = timedelta(days=14)
MOST_OPEN = 10


@transaction.atomic
def invite_to_hub(*, hub: Hub, request_key: str = "", by: User) -> tuple[HubInvitation, str]:
    """The invitation and its token, which is told here and never again; the same request key finds the same one again.

    Raises NotAllowed unless the household is a member, InvalidInput when too many of the person's invitations wait,
    RequestKeyReused.
    """
    household, now = household_of(by), clock.now()
    member = HubMembership.objects.filter(hub=hub, household=household, state=MembershipState.MEMBER.value)
    if not member.select_for_update().exists():
        raise NotAllowed(permission="invite")
    token, hashed = token_for(request_key, kind="hub", by=by)
    made = HubInvitation.objects.filter(token_hash=hashed).first()
    if made is not None:
        if made.hub_id != hub.pk:
            raise RequestKeyReused(request_key=request_key)
        made.was_there = True
        return made, token
    waiting = HubInvitation.objects.filter(
        hub=hub, by=by, used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )
    if waiting.count() >= MOST_OPEN:
        problem = _("%(many)d of your invitations wait already.") % {"many": MOST_OPEN}
        raise InvalidInput(problems=[{"place": "invite", "problem": problem}])
    link = HubInvitation.objects.create(hub=hub, token_hash=hashed, by=by, created_at=now, expires_at=now + VALID_FOR)
    return link, token
