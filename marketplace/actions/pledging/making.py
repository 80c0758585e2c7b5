"""Making a pledge: the offer's terms change at once, and the pledge is kept."""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import offer_to_change
from marketplace.actions.offers.change_offer import change_offer
from marketplace.errors import IllegalMove, InvalidInput
from marketplace.models import Offer, Pledge, User
from marketplace.queries.offer_changes import terms_now
from marketplace.rules.catalogue.pledges import BadPledge, kept_terms
from marketplace.rules.offer_changes import Terms
from marketplace.rules.states import WindowState
from marketplace.words import broken_words


def make(
    *,
    offer_id: int,
    kind: str,
    units: int,
    terms_after: Callable[[Terms], Terms],
    prices: Callable[[Terms], tuple[int, int]] | None,
    reason: str,
    expected_version: int | None,
    by: User,
) -> Pledge:
    """Change the terms by the rules for an open offer, replace the pledge of the kind that stood, keep this one.

    `prices`: cost and price of a step, from the terms as they are. Raises as change_offer does, and InvalidInput where
    the pledge is none.
    """
    with transaction.atomic():
        offer = offer_to_change(by, offer_id)
        require_open(offer)
        before = terms_now(offer)
        try:
            after = terms_after(before)
            cost, price = (None, None) if prices is None else prices(before)
        except BadPledge as bad:
            raise InvalidInput(problems=[{"place": bad.place, "problem": broken_words(bad.broken)}]) from bad
        told = reason.strip() or _("The merchant's word while ordering is open.")
        version = offer.version if expected_version is None else expected_version
        change_offer(offer_id=offer_id, terms=after, reason=told, expected_version=version, by=by)
        Pledge.objects.filter(offer=offer, kind=kind, state=Pledge.State.STANDING).update(state=Pledge.State.REPLACED)
        return Pledge.objects.create(
            offer=offer,
            kind=kind,
            units=units,
            cost_minor=cost,
            unit_price_minor=price,
            before=kept_terms(before),
            after=kept_terms(after),
            reason=told,
            by=by,
            at=clock.now(),
        )


def require_open(offer: Offer) -> None:
    """A pledge is for a window that is open; before, the terms are simply changed."""
    if offer.window.state in (WindowState.DRAFT.value, WindowState.SCHEDULED.value):
        raise IllegalMove(kind="window", id=offer.window_id, from_state=offer.window.state, to_state="pledged")
