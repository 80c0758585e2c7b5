"""A merchant takes a pledge back: what it changed is changed back, by the same rules as every change."""

from django.db import transaction

from marketplace.actions.offers.change_offer import change_offer
from marketplace.actions.pledging.making import require_open
from marketplace.errors import IllegalMove
from marketplace.models import Pledge, User
from marketplace.queries.offer_changes import terms_now
from marketplace.queries.pledges import pledge_for
from marketplace.rules.catalogue.pledges import price_taken_back, supply_taken_back


@transaction.atomic
def withdraw_pledge(*, pledge_id: int, reason: str, by: User) -> Pledge:
    """A lower price that goes is a worse promise: it counts for a line once its household agrees. A smaller stock is
    shared out at once. `reason` is read by those who reserved.

    Raises NotFound for a foreign pledge, IllegalMove where it does not stand any more or the offer was changed since,
    WindowClosed after the deadline, InvalidInput without a reason.
    """
    pledge = pledge_for(by, pledge_id)
    require_open(pledge.offer)
    standing = Pledge.objects.filter(pk=pledge_id, state=Pledge.State.STANDING)
    if not standing.update(state=Pledge.State.WITHDRAWN):
        raise IllegalMove(kind="pledge", id=pledge_id, from_state=pledge.state, to_state="withdrawn")
    now = terms_now(pledge.offer)
    back = supply_taken_back if pledge.kind == Pledge.Kind.SUPPLY else price_taken_back
    terms = back(now, pledge.before, pledge.after)
    if terms is None:
        raise IllegalMove(kind="pledge", id=pledge_id, from_state="changed since", to_state="withdrawn")
    change_offer(offer_id=pledge.offer_id, terms=terms, reason=reason, expected_version=pledge.offer.version, by=by)
    pledge.state = Pledge.State.WITHDRAWN
    return pledge
