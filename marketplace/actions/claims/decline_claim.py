"""Decline a claim, with the reason that the household reads."""

from django.db import transaction

from marketplace.actions.claims.answer_claim import said
from marketplace.actions.claims.moving import move_claim
from marketplace.models import Claim, User
from marketplace.queries.claims import claim_for_hub
from marketplace.rules.claims import ClaimState


@transaction.atomic
def decline_claim(*, claim_id: int, reason: str, by: User) -> Claim:
    """The declined claim. Raises NotFound without the permission, InvalidInput without a reason, ClaimClosed after a
    decision."""
    claim = claim_for_hub(by, claim_id)
    return move_claim(claim=claim, to=ClaimState.DECLINED, answer=said(reason), accepted_minor=None, by=by)
