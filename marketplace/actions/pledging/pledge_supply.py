"""A merchant says while a window is open: I can supply up to so many units."""

from marketplace.actions.pledging.making import make
from marketplace.models import Pledge, User
from marketplace.rules.catalogue.pledges import supplying


def pledge_supply(
    *, offer_id: int, units: int, reason: str = "", expected_version: int | None = None, by: User
) -> Pledge:
    """The cap becomes this, up or down; households hear of it at once. Below what is reserved the offer's shortage
    rule shares out what there is, and substitutes are offered (docs/domain.md, section 5).

    Raises NotFound for a foreign offer, IllegalMove before the window opens or where the offer is not as the form
    showed it, WindowClosed after the deadline, InvalidInput for no count of units.
    """
    return make(
        offer_id=offer_id,
        kind=Pledge.Kind.SUPPLY,
        units=units,
        terms_after=lambda terms: supplying(terms, units),
        prices=None,
        reason=reason,
        expected_version=expected_version,
        by=by,
    )
