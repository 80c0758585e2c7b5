"""Book what an accepted claim gives back, at the cost of whoever bears it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.ledger.post import Refs, post
from marketplace.errors import IllegalMove, InvalidInput, NotFound
from marketplace.models import Claim, LedgerTransaction, User
from marketplace.queries.settling import dues_of
from marketplace.rules.claims import ClaimState
from marketplace.rules.ledger.entries import Entry, TransactionKind
from marketplace.rules.ledger.splitting import Bearer, SellsAs, Sold, paid_by, refund_entries
from marketplace.rules.parts import Part, split


@transaction.atomic
def refund_claim(*, claim_id: int, borne_by: Bearer, by: User) -> LedgerTransaction:
    """The booking: every household that paid for the line gets its part of the amount. Joins the caller's transaction,
    which has made sure that the actor may decide; again is harmless, while the bearer stays the same.

    Raises NotFound, IllegalMove for a claim that was not accepted, InvalidInput where no merchant could bear it.
    """
    claim = (
        Claim.objects.select_related("reservation__round", "line__offer__product")
        .select_for_update(of=("self",))
        .filter(pk=claim_id)
        .first()
    )
    if claim is None:
        raise NotFound(kind="claim", id=claim_id)
    if claim.state != ClaimState.ACCEPTED or claim.accepted_minor is None:
        raise IllegalMove(kind="claim", id=claim.pk, from_state=claim.state, to_state="refunded")
    if borne_by is Bearer.MERCHANT and claim.line is None:
        problem = _("It is about the order as a whole, so no single merchant can bear it.")
        raise InvalidInput(problems=[{"place": "borne_by", "problem": problem}])
    reservation = claim.reservation
    booked = post(
        hub_id=reservation.round.hub_id,
        kind=TransactionKind.CLAIM,
        key=f"claim:{claim.pk}",
        entries=_entries(claim, claim.accepted_minor, borne_by),
        at=clock.now(),
        refs=Refs(round_id=reservation.round_id, reservation_id=reservation.pk, claim_id=claim.pk),
        reason=claim.answer,
        by=by,
    )
    Claim.objects.filter(pk=claim.pk).update(borne_by=borne_by.value)
    return booked


def _entries(claim: Claim, amount: int, borne_by: Bearer) -> list[Entry]:
    sold, weights = _sold(claim)
    facts: dict[str, object] = {"borne_by": borne_by.value, "kind": claim.kind}
    if claim.line is not None:
        facts["product"] = claim.line.offer.product.name
    parts = split(amount, weights)
    return [
        entry
        for weight, part in zip(weights, parts, strict=True)
        for entry in refund_entries(
            household_id=weight.household_id,
            amount=part,
            tax_rate=sold.tax_rate if sold else None,
            sells_as=sold.sells_as if sold else SellsAs.RESELLER,
            merchant_id=sold.merchant_id if sold else None,
            borne_by=borne_by,
            line_id=claim.line_id,
            facts=facts,
        )
    ]


def _sold(claim: Claim) -> tuple[Sold | None, Sequence[Part]]:
    """What was sold of the claim's line, and what its households paid for it; for the whole order its own household."""
    own = [Part(claim.reservation.household_id, 1)]
    if claim.line_id is None:
        return None, own
    target = dues_of([claim.reservation_id])[claim.reservation_id].target
    found = [sold for sold, _ in target.sold if sold.line_id == claim.line_id] if target else []
    if not found or target is None:
        return None, own
    paid: dict[int, int] = {}
    for one in (one for sold in found for one in paid_by(sold, target.market)):
        paid[one.household_id] = paid.get(one.household_id, 0) + one.net + one.tax
    return found[0], [Part(household_id, amount) for household_id, amount in paid.items() if amount] or own
