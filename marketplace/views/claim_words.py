"""Claims in the words that their household reads."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from marketplace.models import Claim
from marketplace.rules.claims import ClaimState
from marketplace.words import money

_STATES = {
    ClaimState.OPEN: (gettext_lazy("waits for the hub"), "waits"),
    ClaimState.ANSWERED: (gettext_lazy("answered, not decided yet"), "waits"),
    ClaimState.ACCEPTED: (gettext_lazy("accepted"), ""),
    ClaimState.DECLINED: (gettext_lazy("declined"), "plain"),
}


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim in a list. `about` is empty for the order as a whole; `amount` is what is given back."""

    id: int
    about: str
    kind: str
    word: str
    mood: str
    amount: str


def claim_line(claim: Claim, currency: str) -> ClaimLine:
    """A claim whose line and product are at hand."""
    word, mood = _STATES[ClaimState(claim.state)]
    return ClaimLine(
        id=claim.pk,
        about=claim.line.offer.product.name if claim.line else "",
        kind=claim.get_kind_display(),
        word=str(word),
        mood=mood,
        amount=money(claim.accepted_minor, currency) if claim.accepted_minor else "",
    )
