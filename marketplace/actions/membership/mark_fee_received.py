"""Note that a household's membership fee came in."""

from django.db import transaction

from marketplace import audit, clock
from marketplace.actions.membership.admit_household import membership_to_decide
from marketplace.actions.membership.moving import KIND
from marketplace.errors import IllegalMove
from marketplace.models import HubMembership, User


@transaction.atomic
def mark_fee_received(*, membership_id: int, by: User) -> HubMembership:
    """A mark and its audit; the books of it come with the ledger. Raises NotFound, IllegalMove where no fee is due or
    it was noted before."""
    membership, now = membership_to_decide(membership_id, by), clock.now()
    due = HubMembership.objects.filter(pk=membership.pk, fee_received_at__isnull=True, fee_minor__gt=0)
    if not due.update(fee_received_at=now):
        raise IllegalMove(kind=KIND, id=membership.pk, from_state="fee", to_state="fee received")
    audit.record(kind=KIND, object_id=membership.pk, from_state="fee due", to_state="fee received", at=now, by=by)
    membership.fee_received_at = now
    return membership
