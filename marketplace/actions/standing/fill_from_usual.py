"""Fill from usual: put what a household usually takes into its basket of a round."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from marketplace.actions.reserve import ReservationAnswer, reserve
from marketplace.errors import InvalidInput
from marketplace.models import User
from marketplace.queries.usual import usual_preview
from marketplace.rules.wanted import WantedLine


def fill_from_usual(
    *,
    round_id: int,
    product_ids: Collection[int] | None = None,
    request_key: str,
    handover_id: int | None = None,
    household_id: int | None = None,
    by: User,
) -> ReservationAnswer | None:
    """Reserve these of the usual products (None: all) that can be added; what the basket holds stays as it is.

    Quantities, ranges and limits are those of the last time. None where nothing is left to add. Raises as `reserve`
    does, and InvalidInput (place "products") where something is asked that is not usual.
    """
    preview = usual_preview(by, round_id, household_id)
    known = {item.product.pk for item in preview.items}
    if product_ids is not None and not set(product_ids) <= known:
        problem = {"place": "products", "problem": _("Name products that this household has taken before.")}
        raise InvalidInput(problems=[problem])
    lines = [
        WantedLine(
            offer_id=item.offer.pk,
            firm=item.taken.firm,
            flexible=item.taken.flexible,
            flexible_for=item.taken.flexible_for,
            max_unit_price_minor=item.taken.max_unit_price_minor,
            whole_only=item.taken.whole_only,
            seen_version=item.offer.version,
        )
        for item in preview.ready
        if item.offer is not None and (product_ids is None or item.product.pk in product_ids)
    ]
    if not lines:
        return None
    return reserve(
        round_id=round_id,
        lines=lines,
        request_key=request_key,
        handover_id=handover_id,
        household_id=household_id,
        by=by,
    )
