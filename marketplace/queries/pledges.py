"""Pledges, as those see them who may change the offer."""

from collections.abc import Collection

from marketplace.access import offer_to_change
from marketplace.errors import NotFound
from marketplace.models import DemandSignal, Pledge, User


def pledge_for(user: User, pledge_id: int) -> Pledge:
    """A pledge on an offer that the user may change; its offer with all that a change needs. Two queries."""
    found = Pledge.objects.filter(pk=pledge_id).first()
    if found is None:
        raise NotFound(kind="pledge", id=pledge_id)
    try:
        found.offer = offer_to_change(user, found.offer_id)
    except NotFound:
        raise NotFound(kind="pledge", id=pledge_id) from None
    return found


def standing_pledges(offer_ids: Collection[int]) -> dict[int, list[Pledge]]:
    """The pledges that stand, by offer. One query."""
    found: dict[int, list[Pledge]] = {}
    for pledge in Pledge.objects.filter(offer__in=offer_ids, state=Pledge.State.STANDING).order_by("kind"):
        found.setdefault(pledge.offer_id, []).append(pledge)
    return found


def signals_of(offer_ids: Collection[int]) -> dict[int, DemandSignal]:
    """What is known of the demand to come, by offer; nothing is not known yet. One query."""
    return {signal.pk: signal for signal in DemandSignal.objects.filter(pk__in=offer_ids)}
