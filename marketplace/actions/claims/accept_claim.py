"""Accept a claim: so much is to be given back. The books follow what this says, not the other way round."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.actions.claims.moving import move_claim
from marketplace.errors import InvalidInput
from marketplace.models import Claim, Reservation, User
from marketplace.queries.claims import accepted_so_far, charge_of, claim_for_hub
from marketplace.rules.claims import MOST_TEXT, ClaimState
from marketplace.rules.money import Money


@transaction.atomic
def accept_claim(*, claim_id: int, amount_minor: int, answer: str = "", by: User) -> Claim:
    """The accepted claim; `amount_minor` minor units are to be given back.

    All claims of a line together give back no more than was charged for it. Raises NotFound without the permission at
    its hub, InvalidInput for another amount, ClaimClosed after a decision.
    """
    claim = claim_for_hub(by, claim_id)
    # Two claims of one line, accepted at once: the second one has to see the first.
    Reservation.objects.select_for_update().get(pk=claim.reservation_id)
    most = charge_of(claim) - accepted_so_far(claim)
    problems = []
    if not 1 <= amount_minor <= most:
        currency = claim.reservation.round.hub.currency
        sentence = _("Give an amount up to %(most)s: that is what was charged for it.") % {
            "most": Money(max(most, 0), currency)
        }
        problems.append({"place": "amount", "problem": sentence})
    if len(answer) > MOST_TEXT:
        problems.append({"place": "answer", "problem": _("Say it in %(most)d letters or fewer.") % {"most": MOST_TEXT}})
    if problems:
        raise InvalidInput(problems=problems)
    return move_claim(claim=claim, to=ClaimState.ACCEPTED, answer=answer.strip(), accepted_minor=amount_minor, by=by)
