"""The one way in which a claim changes its state: compare-and-set, recorded, told to the household."""

from django.db import transaction
from django.db.transaction import TransactionManagementError

from marketplace import audit, clock
from marketplace.actions.notices.tell import tell
from marketplace.errors import ClaimClosed
from marketplace.events import emit
from marketplace.models import Claim, HouseholdMember, User
from marketplace.rules.claims import ClaimState, states_before
from marketplace.rules.notices import NoticeKind


def move_claim(*, claim: Claim, to: ClaimState, answer: str, accepted_minor: int | None, by: User) -> Claim:
    """The claim in its new state. Raises ClaimClosed where somebody decided before; then nothing was changed."""
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("A claim moves together with what it tells.")
    before, now = claim.state, clock.now()
    moved = Claim.objects.filter(pk=claim.pk, state__in=states_before(to)).update(
        state=to.value, answer=answer, answered_at=now, answered_by=by, accepted_minor=accepted_minor
    )
    claim.refresh_from_db(fields=["state", "answer", "answered_at", "answered_by", "accepted_minor"])
    if not moved:
        raise ClaimClosed(claim_id=claim.pk, state=claim.state)
    audit.record(kind="claim", object_id=claim.pk, from_state=before, to_state=to.value, at=now, by=by, reason=answer)
    if to is not ClaimState.ANSWERED:
        emit(
            "claim.decided",
            claim_id=claim.pk,
            reservation_id=claim.reservation_id,
            state=to.value,
            accepted_minor=accepted_minor,
        )
    _tell(claim)
    return claim


def _tell(claim: Claim) -> None:
    round_ = claim.reservation.round
    members = HouseholdMember.objects.filter(household=claim.reservation.household_id, user__is_active=True)
    tell(
        kind=NoticeKind.CLAIM,
        user_ids=members.values_list("user_id", flat=True),
        key=f"claim:{claim.pk}:{claim.answered_at:%Y%m%d%H%M%S%f}",
        facts={
            "product": claim.line.offer.product.name if claim.line else "",
            "round": round_.name,
            "hub": round_.hub.name,
            "state": claim.state,
            "amount_minor": claim.accepted_minor,
            "currency": round_.hub.currency,
            "answer": claim.answer,
        },
        link=f"/claims/{claim.pk}/",
    )
