"""Take an invitation to the household back."""

from django.db import transaction

from marketplace import clock
from marketplace.errors import NotFound
from marketplace.models import HouseholdInvitation, User


@transaction.atomic
def withdraw_household_invitation(*, invitation_id: int, household_id: int | None = None, by: User) -> None:
    """Its link no longer works. Raises NotFound unless it waits and is the actor's household's (the named one's)."""
    mine = HouseholdInvitation.objects.filter(
        pk=invitation_id, household__memberships__user=by, used_at__isnull=True, withdrawn_at__isnull=True
    )
    if household_id is not None:
        mine = mine.filter(household=household_id)
    if not HouseholdInvitation.objects.filter(pk__in=mine.values("pk")).update(withdrawn_at=clock.now()):
        raise NotFound(kind="invitation", id=invitation_id)
