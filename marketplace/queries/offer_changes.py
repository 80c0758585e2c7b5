"""An offer's terms, what a change of them would mean, and what a household has to agree to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from marketplace import clock
from marketplace.access import household_of
from marketplace.models import Offer, OfferChange, PriceStep, ReservationLine, User
from marketplace.queries.closing_demand import line_of
from marketplace.rules.clearing.allocate import shared_out
from marketplace.rules.clearing.terms import Line
from marketplace.rules.clearing.terms import PriceStep as Step
from marketplace.rules.offer_changes import Terms, improves, needs_agreement, terms_from
from marketplace.rules.states import WindowState


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingChange:
    """A change that the household has not agreed to: without an answer its line is released at `closes_at`.

    `version` is what is agreed to. `before` are the terms that the household knows, `after` those there are; their
    costs are not told. Prices in minor units; `limit_minor` is the line's own.
    """

    offer_id: int
    product_name: str
    merchant_name: str
    version: int
    before: Terms
    after: Terms
    reasons: tuple[str, ...]
    firm: int
    flexible: int
    limit_minor: int | None
    closes_at: datetime
    time_zone: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change would do to those who reserved so far. `households` have the offer reserved; `waiting` of them
    would have to agree; `cut` of them would lose `cut_units` units at once."""

    changes: bool
    improves: bool
    needs_agreement: bool
    households: int
    waiting: int
    cut: int
    cut_units: int


def terms_now(offer: Offer) -> Terms:
    """The terms of an offer with its capacity at hand. One query."""
    steps = PriceStep.objects.filter(offer=offer).order_by("from_quantity")
    return Terms(
        ladder=tuple(Step(*row) for row in steps.values_list("from_quantity", "cost_minor", "unit_price_minor")),
        case=offer.case,
        splittable=offer.splittable,
        multiple=offer.multiple,
        split_fee=offer.split_fee_minor,
        hub_flexible=offer.hub_flexible,
        shortage_rule=offer.shortage_rule,
        cap=offer.capacity.limit if offer.capacity is not None else None,
        best_before=offer.best_before,
    )


def agreement_version_after(offer: Offer, before: Terms, after: Terms) -> int:
    """The least version whose terms, and those of every later one, the new terms improve: who agreed to it need not
    agree anew. `offer` has the version of `before`. One query."""
    past = OfferChange.objects.filter(offer=offer).order_by("-version").values_list("version", "before")
    if needs_agreement(before, after):
        return offer.version + 1
    for version, terms in past:
        if needs_agreement(terms_from(terms), after):
            return version
    return 1


def lines_of_offer(offer: Offer) -> list[Line]:
    """All lines of an offer, also those that wait for an agreement: each keeps its place until the close. One query."""
    rows = ReservationLine.objects.filter(offer=offer).order_by("pk")
    return [line_of(row) for row in rows]


def cut_to(offer: Offer, terms: Terms, lines: list[Line]) -> dict[int, int]:
    """The lines that a cap below what is reserved reduces, each with the units that it keeps. Pure."""
    if terms.cap is None or sum(line.firm for line in lines) <= terms.cap:
        return {}
    kept = shared_out(window=offer.window_id, offer=terms.cleared(offer.pk), quantity=terms.cap, lines=lines)
    return {int(line.id): kept[line.id] for line in lines if kept[line.id] < line.firm}


def effect_of(offer: Offer, after: Terms) -> Effect:
    """What the change would mean now, without making it. Three queries."""
    before = terms_now(offer)
    lines = lines_of_offer(offer)
    cut = cut_to(offer, after, lines)
    least = agreement_version_after(offer, before, after)
    agreed = dict(ReservationLine.objects.filter(offer=offer).values_list("pk", "agreed_version"))
    firm = {int(line.id): line.firm for line in lines}
    return Effect(
        changes=after != before,
        improves=improves(before, after),
        needs_agreement=needs_agreement(before, after),
        households=len(lines),
        waiting=sum(agreed[pk] < least for pk in firm if cut.get(pk, 1)),
        cut=len(cut),
        cut_units=sum(firm[pk] - kept for pk, kept in cut.items()),
    )


def changes_for(user: User, round_id: int, household_id: int | None = None) -> list[PendingChange]:
    """What the user's household has to agree to in a round, the earliest deadline first. Three queries, two where
    nothing waits."""
    household = household_of(user, household_id)
    lines = list(
        ReservationLine.objects.filter(
            reservation__household=household,
            reservation__round_id=round_id,
            agreed_version__lt=F("offer__agreement_version"),
            window__state=WindowState.OPEN.value,
            window__closes_at__gt=clock.expression(),
        )
        .select_related("offer__product__merchant", "offer__window__round__hub")
        .order_by("window__closes_at", "offer__product__name", "pk")
    )
    if not lines:
        return []
    history: dict[int, list[OfferChange]] = {}
    for change in OfferChange.objects.filter(offer__in=[line.offer_id for line in lines]).order_by("version"):
        history.setdefault(change.offer_id, []).append(change)
    return [_pending(line, history[line.offer_id]) for line in lines]


def _pending(line: ReservationLine, history: Iterable[OfferChange]) -> PendingChange:
    unseen = [change for change in history if change.version > line.agreed_version]
    hub = line.offer.window.round.hub
    return PendingChange(
        offer_id=line.offer_id,
        product_name=line.offer.product.name,
        merchant_name=line.offer.product.merchant.name,
        version=line.offer.version,
        before=terms_from(unseen[0].before),
        after=terms_from(unseen[-1].after),
        reasons=tuple(change.reason for change in unseen if change.reason),
        firm=line.firm,
        flexible=line.flexible,
        limit_minor=line.max_unit_price_minor,
        closes_at=line.offer.window.closes_at,
        time_zone=hub.time_zone,
        currency=hub.currency,
    )
