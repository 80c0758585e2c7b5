"""A merchant says while a window is open: from so many units it costs less."""

from marketplace.actions.pledging.making import make
from marketplace.models import Pledge, User
from marketplace.rules.catalogue.pledges import price_beside, pricing
from marketplace.rules.offer_changes import Terms


def pledge_price(
    *,
    offer_id: int,
    units: int,
    cost: int,
    unit_price: int | None = None,
    reason: str = "",
    expected_version: int | None = None,
    by: User,
) -> Pledge:
    """A step of the ladder: from `units` of the whole window the hub pays `cost`, households `unit_price`, in minor
    units. Without a price it falls by as much as the cost does. It is better for everybody, so it counts at once.

    Raises as pledge_supply does, InvalidInput where it is no less than it is already.
    """

    def prices(terms: Terms) -> tuple[int, int]:
        return cost, price_beside(terms, units, cost) if unit_price is None else unit_price

    return make(
        offer_id=offer_id,
        kind=Pledge.Kind.PRICE,
        units=units,
        terms_after=lambda terms: pricing(terms, units, *prices(terms)),
        prices=prices,
        reason=reason,
        expected_version=expected_version,
        by=by,
    )
