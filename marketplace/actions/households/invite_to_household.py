"""Ask a partner or flatmate into the household."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import household_of
from marketplace.actions.households.tokens import token_for
from marketplace.errors import InvalidInput, RequestKeyReused
from marketplace.models import Household, HouseholdInvitation, User

VALID_FOR = timedelta(days=7)
# Links that wait at once: enough for a shared flat, too few to send mails to strangers with.
MOST_OPEN = 8


@transaction.atomic
def invite_to_household(
    *, household_id: int | None = None, email: str = "", request_key: str = "", by: User
) -> tuple[HouseholdInvitation, str]:
    """The invitation and its token, which is told here and never again.

    `email` is where it will be sent, if anywhere. The same request key again finds the same invitation (`was_there`).
    Raises NotFound for a household of others, InvalidInput when too many invitations wait, RequestKeyReused.
    """
    household = household_of(by, household_id)
    now = clock.now()
    Household.objects.select_for_update().get(pk=household.pk)
    token, hashed = token_for(request_key, kind="household", by=by)
    made = HouseholdInvitation.objects.filter(token_hash=hashed).first()
    if made is not None:
        if (made.household_id, made.email) != (household.pk, email.strip().lower()):
            raise RequestKeyReused(request_key=request_key)
        made.was_there = True
        return made, token
    waiting = household.invitations.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)
    if waiting.count() >= MOST_OPEN:
        problem = _("%(many)d invitations wait already; take one back first.") % {"many": MOST_OPEN}
        raise InvalidInput(problems=[{"place": "email", "problem": problem}])
    invitation = HouseholdInvitation.objects.create(
        household=household,
        email=email.strip().lower(),
        token_hash=hashed,
        by=by,
        created_at=now,
        expires_at=now + VALID_FOR,
    )
    return invitation, token
