"""A member invites one household to its hub."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import household_of
from marketplace.actions.households.tokens import new_token
from marketplace.errors import InvalidInput, NotAllowed
from marketplace.models import Hub, HubInvitation, HubMembership, User
from marketplace.rules.states import MembershipState

VALID_FOR = timedelta(days=14)
MOST_OPEN = 10


@transaction.atomic
def invite_to_hub(*, hub: Hub, by: User) -> tuple[HubInvitation, str]:
    """The invitation and its token, which is told here and never again. Raises NotAllowed unless the household is a
    member, InvalidInput when too many of the person's invitations wait."""
    household, now = household_of(by), clock.now()
    member = HubMembership.objects.filter(hub=hub, household=household, state=MembershipState.MEMBER.value)
    if not member.select_for_update().exists():
        raise NotAllowed(permission="invite")
    waiting = HubInvitation.objects.filter(
        hub=hub, by=by, used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    )
    if waiting.count() >= MOST_OPEN:
        problem = _("%(many)d of your invitations wait already.") % {"many": MOST_OPEN}
        raise InvalidInput(problems=[{"place": "invite", "problem": problem}])
    token, hashed = new_token()
    link = HubInvitation.objects.create(hub=hub, token_hash=hashed, by=by, created_at=now, expires_at=now + VALID_FOR)
    return link, token
