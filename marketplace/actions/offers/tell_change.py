"""Tell those who reserved that an offer changed: what is cut, what waits for their agreement, what got better."""

from typing import Any

from django.db import transaction

from marketplace.actions.notices.tell import tell
from marketplace.models import HouseholdMember, Offer, OfferChange, ReservationLine, ReservationVersion, Via
from marketplace.queries.substitutes import substitutes_for
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import WindowState

# As many as fit into a message.
NAMED_SUBSTITUTES = 3


@transaction.atomic
def tell_change(*, offer_id: int, version: int) -> int:
    """How many people were told. Changes that households do not see (costs) are told to nobody."""
    change = OfferChange.objects.get(offer=offer_id, version=version)
    offer = Offer.objects.select_related("product__merchant", "window__round__hub").get(pk=offer_id)
    if offer.window.state != WindowState.OPEN or change.before == change.after:
        return 0
    facts = _facts(offer, change)
    told = _tell_cut(offer, change, facts)
    lines = ReservationLine.objects.filter(offer=offer)
    waiting = lines.filter(agreed_version__lt=offer.agreement_version).values_list("reservation__household", flat=True)
    told += _tell(offer, version, facts, list(waiting), needs_agreement=True)
    if not change.needs_agreement and not _only_the_cap_fell(change):
        others = lines.filter(agreed_version__gte=offer.agreement_version)
        households = list(others.values_list("reservation__household", flat=True))
        told += _tell(offer, version, facts, households, needs_agreement=False)
    return told


def _tell(offer: Offer, version: int, facts: dict[str, Any], household_ids: list[int], *, needs_agreement: bool) -> int:
    page = "changes" if needs_agreement else "basket"
    return tell(
        kind=NoticeKind.CHANGED,
        user_ids=_people(household_ids),
        key=f"offer:{offer.pk}:{version}",
        facts={**facts, "needs_agreement": needs_agreement},
        link=f"/rounds/{offer.window.round_id}/{page}/",
    )


def _tell_cut(offer: Offer, change: OfferChange, facts: dict[str, Any]) -> int:
    cuts = ReservationVersion.objects.filter(
        reservation__round=offer.window.round_id, via=Via.CUT.value, placed_at=change.changed_at
    )
    mine = [cut for cut in cuts.order_by("pk") if cut.answer["cut"]["offer_id"] == offer.pk]
    instead = [substitute.name for substitute in substitutes_for(offer)[:NAMED_SUBSTITUTES]] if mine else []
    return sum(
        tell(
            kind=NoticeKind.CUT,
            user_ids=_people([cut.household_id]),
            key=f"offer:{offer.pk}:{change.version}",
            facts={
                **facts,
                "units_before": cut.answer["cut"]["before"],
                "units": cut.answer["cut"]["after"],
                "substitutes": instead,
            },
            link=f"/rounds/{offer.window.round_id}/offers/{offer.pk}/",
        )
        for cut in mine
    )


def _facts(offer: Offer, change: OfferChange) -> dict[str, Any]:
    round_, hub = offer.window.round, offer.window.round.hub
    return {
        "offer_id": offer.pk,
        "round_id": round_.pk,
        "product": offer.product.name,
        "merchant": offer.product.merchant.name,
        "round": round_.name,
        "reason": change.reason,
        "before": change.before,
        "after": change.after,
        "currency": hub.currency,
        "closes_at": offer.window.closes_at.isoformat(),
        "time_zone": hub.time_zone,
    }


def _only_the_cap_fell(change: OfferChange) -> bool:
    """Then those who lost nothing have no news."""
    return {**change.before, "cap": None} == {**change.after, "cap": None}


def _people(household_ids: list[int]) -> list[int]:
    members = HouseholdMember.objects.filter(household__in=household_ids)
    return list(members.values_list("user_id", flat=True).distinct())
