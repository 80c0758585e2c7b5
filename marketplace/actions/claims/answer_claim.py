"""Answer a claim in words, without deciding it yet."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.actions.claims.moving import move_claim
from marketplace.errors import InvalidInput
from marketplace.models import Claim, User
from marketplace.queries.claims import claim_for_hub
from marketplace.rules.claims import MOST_TEXT, ClaimState


@transaction.atomic
def answer_claim(*, claim_id: int, answer: str, by: User) -> Claim:
    """The answered claim; it still waits for a decision.

    Raises NotFound without the permission at its hub, InvalidInput without words, ClaimClosed once it is decided.
    """
    claim = claim_for_hub(by, claim_id)
    return move_claim(claim=claim, to=ClaimState.ANSWERED, answer=said(answer), accepted_minor=None, by=by)


def said(answer: str) -> str:
    """What was written. Raises InvalidInput where it is nothing or too much."""
    text = answer.strip()
    if not text or len(text) > MOST_TEXT:
        problem = _("Write to the household, in %(most)d letters or fewer.") % {"most": MOST_TEXT}
        raise InvalidInput(problems=[{"place": "answer", "problem": problem}])
    return text
