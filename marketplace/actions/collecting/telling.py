"""What a household is told of what it collects."""

from typing import Any

from marketplace.actions.notices.tell import tell
from marketplace.models import CollectedRest, HouseholdMember, Offer
from marketplace.rules.notices import NoticeKind


def tell_rest(rest: CollectedRest, what: str, *, units: int, to: Offer | None = None, **more: Any) -> None:
    """`what`: placed, not_placed or expired. The rest has product, hub and the missed offer's round at hand; `to` is
    the offer of the new round (with window and round), if there is one."""
    round_ = (to or rest.offer).window.round
    people = HouseholdMember.objects.filter(household=rest.household_id).values_list("user_id", flat=True)
    tell(
        kind=NoticeKind.STANDING,
        user_ids=people,
        key=f"collected:{rest.pk}:{what}:{to.pk if to else 0}",
        facts={
            "kind": "collected",
            "what": what,
            "product": rest.product.name,
            "units": units,
            "at_most_minor": rest.at_most_minor,
            "currency": rest.hub.currency,
            "until": rest.until.isoformat(),
            "round": round_.name,
            "from_round": rest.offer.window.round.name,
            "closes_at": to.window.closes_at.isoformat() if to else None,
            "time_zone": rest.hub.time_zone,
            **more,
        },
        link=f"/rounds/{round_.pk}/basket/" if what == "placed" else "/me/standing/",
    )
