"""After a close: the next window of the hub begins with what is left of stocks that are carried over."""

from django.db import transaction

from marketplace import locks
from marketplace.models import Capacity, Offer, OfferTemplate, OrderingWindow
from marketplace.queries.stock_left import stock_left
from marketplace.rules.states import WindowState

_NOT_OPEN = [WindowState.DRAFT.value, WindowState.SCHEDULED.value]


@transaction.atomic
def carry_stock(*, window_id: int) -> int:
    """How many offers of windows that are not open yet have another stock now. Doing it twice changes nothing.

    An offer that is open keeps what was promised of it; its merchant may pledge more or less.
    """
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    hub = window.round.hub
    carried = OfferTemplate.objects.filter(
        currency=hub.currency,
        stock_rule=OfferTemplate.StockRule.CARRY,
        product__offers__window=window_id,
        product__offers__from_stock=False,
    )
    product_ids = sorted(set(carried.values_list("product_id", flat=True)))
    if not product_ids:
        return 0
    return _set(_next_offers(window, product_ids), stock_left(hub.pk, product_ids))


def _next_offers(window: OrderingWindow, product_ids: list[int]) -> dict[int, int]:
    """Product → its offer in the hub's next window that has it and is not open."""
    offers = Offer.objects.filter(
        window__round__hub=window.round.hub_id,
        window__closes_at__gt=window.closes_at,
        window__state__in=[*_NOT_OPEN, WindowState.OPEN.value],
        product__in=product_ids,
        from_stock=False,
    ).order_by("-window__closes_at", "-pk")
    rows = offers.values_list("product_id", "pk", "window__state")
    # Of several the earliest wins; if that is open, nothing is carried past it.
    earliest = {product: (pk, state) for product, pk, state in rows}
    return {product: pk for product, (pk, state) in earliest.items() if state in _NOT_OPEN}


def _set(offers: dict[int, int], left: dict[int, int]) -> int:
    changed = 0
    rows = Offer.objects.filter(pk__in=offers.values()).select_related("capacity").order_by("window_id", "pk")
    for offer in rows:
        locks.window_exclusive(offer.window_id)
        units = left.get(offer.product_id)
        closed = not OrderingWindow.objects.filter(pk=offer.window_id, state__in=_NOT_OPEN).exists()
        if units is None or closed:
            continue
        if offer.capacity is None:
            Offer.objects.filter(pk=offer.pk).update(capacity=Capacity.objects.create(limit=units))
            changed += 1
        elif offer.capacity.limit != units:
            changed += Capacity.objects.filter(pk=offer.capacity.pk, taken__lte=units).update(limit=units)
    return changed
