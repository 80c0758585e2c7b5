"""Refuse a household, or end what it had."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.membership.admit_household import membership_to_decide
from marketplace.actions.membership.moving import move, tell_household
from marketplace.errors import InvalidInput
from marketplace.models import HubMembership, User
from marketplace.rules.states import MembershipState


@transaction.atomic
def refuse_household(*, membership_id: int, reason: str, by: User) -> HubMembership:
    """It may not order any more; what it reserved stays. The household reads the reason.

    Raises NotFound, InvalidInput without a reason, IllegalMove.
    """
    membership, now = membership_to_decide(membership_id, by), clock.now()
    told = reason.strip()[:200]
    if not told:
        raise InvalidInput(problems=[{"place": "reason", "problem": _("Say why; the household reads it.")}])
    move(membership, MembershipState.REFUSED, at=now, by=by, reason=told, decided_at=now, decided_by=by)
    tell_household(membership, MembershipState.REFUSED.value, now, reason=told)
    return membership
