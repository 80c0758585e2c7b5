"""Move in: the holder of an invitation joins the household."""

from django.db import transaction

from marketplace import audit, clock
from marketplace.actions.households.clearing_out import drop_if_never_used
from marketplace.actions.households.tokens import use_up
from marketplace.actions.notices.tell import tell
from marketplace.models import Household, HouseholdMember, User
from marketplace.queries.invitations import household_invitation
from marketplace.rules.notices import NoticeKind


@transaction.atomic
def accept_household_invitation(*, token: str, by: User) -> Household:
    """The household, with the actor in it; from now on the actor reserves as it, until choosing another.

    A household of one that was never used goes. One that was used stays the actor's, with everything it reserved: open
    reservations are neither moved nor merged. Who is a member already uses nothing up.
    Raises NotFound, InvitationSpent.
    """
    invitation = household_invitation(token)
    household, now = invitation.household, clock.now()
    if HouseholdMember.objects.filter(household=household, user=by).exists():
        return household
    use_up(invitation, used_by=by, now=now)
    others = list(household.members.values_list("pk", flat=True))
    HouseholdMember.objects.get_or_create(household=household, user=by)
    User.objects.filter(pk=by.pk).update(acts_as=household)
    by.acts_as = household
    for former in Household.objects.filter(members=by).exclude(pk=household.pk):
        drop_if_never_used(former, by)
    audit.record(kind="household", object_id=household.pk, from_state="", to_state="joined", at=now, by=by)
    tell(
        kind=NoticeKind.INVITATION,
        user_ids=others,
        key=f"household:{household.pk}:joined:{invitation.pk}",
        facts={"what": "household_joined", "person": by.name, "household": household.name},
        link="/me/household/",
    )
    return household
