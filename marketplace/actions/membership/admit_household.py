"""Admit a household: on trial, or as a member."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import hubs_where
from marketplace.actions.membership.moving import move, tell_household, terms_of
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import HubMembership, User
from marketplace.rules.roles import Permission
from marketplace.rules.states import MembershipState


def membership_to_decide(membership_id: int, by: User) -> HubMembership:
    """A membership of a hub where the actor admits. One query. Raises NotFound."""
    hubs = hubs_where(by, Permission.ADMIT_MEMBERS)
    found = HubMembership.objects.select_related("hub", "household").filter(pk=membership_id, hub__in=hubs).first()
    if found is None:
        raise NotFound(kind="membership", id=membership_id)
    return found


@transaction.atomic
def admit_household(*, membership_id: int, to: MembershipState, by: User) -> HubMembership:
    """The household may order from now on; as a member it owes the hub's fee and has its first credit limit.

    Raises NotFound, InvalidInput (`to` is neither trial nor member, or the hub gives no trial), IllegalMove.
    """
    membership = membership_to_decide(membership_id, by)
    if to not in (MembershipState.TRIAL, MembershipState.MEMBER):
        raise InvalidInput(problems=[{"place": "to", "problem": _("Choose trial or member.")}])
    now = clock.now()
    move(membership, to, at=now, by=by, decided_at=now, decided_by=by, **terms_of(membership, to))
    tell_household(membership, to.value, now)
    return membership
