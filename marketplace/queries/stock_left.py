"""What the last window of a hub left of a product's stock, where stocks are carried over."""

from collections.abc import Collection

from django.db.models import OuterRef, Subquery

from marketplace.models import Offer, OfferOutcome
from marketplace.rules.states import WindowState

# Windows that promised nothing say nothing of a stock.
_NEVER_SOLD = [WindowState.DRAFT.value, WindowState.CANCELLED.value]


def stock_left(hub_id: int, product_ids: Collection[int]) -> dict[int, int]:
    """Units of each product that the hub's latest announced window with it has left; products without one are left
    out. One query.

    Where it was counted, that is its stock less what was ordered; before, less what is reserved.
    """
    outcome = OfferOutcome.objects.filter(offer=OuterRef("pk"), run__voided_at__isnull=True).order_by("-run__number")
    offers = (
        Offer.objects.filter(
            window__round__hub=hub_id, product__in=product_ids, from_stock=False, capacity__isnull=False
        )
        .exclude(window__state__in=_NEVER_SOLD)
        .annotate(ordered=Subquery(outcome.values("ordered")[:1]))
        .order_by("window__closes_at", "pk")
    )
    rows = offers.values_list("product_id", "capacity__limit", "capacity__taken", "ordered")
    # The latest row of a product wins.
    return {pk: max(0, limit - (taken if ordered is None else ordered)) for pk, limit, taken, ordered in rows}
