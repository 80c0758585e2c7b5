"""Offer again what an earlier window offered: same products, ladders and terms, full caps."""

from django.db import transaction

from marketplace.models import Capacity, Offer, OrderingWindow, PriceStep

# What an offer's terms are; its window, its counter and its own times are not copied.
_TERMS = (
    "product_id",
    "case",
    "splittable",
    "multiple",
    "split_fee_minor",
    "hub_flexible",
    "shortage_rule",
    "price_unit",
    "price_units_numerator",
    "price_units_denominator",
    "billing_unit",
    "billing_units_numerator",
    "billing_units_denominator",
    "weight_margin_percent",
)


@transaction.atomic
def copy_offers(*, from_window: OrderingWindow, to_window: OrderingWindow) -> list[Offer]:
    """Copies of the offers of products that are still sold and not offered there yet. Five queries.

    Stock offers stay behind: their cap is a stock that may be gone.
    """
    offered = to_window.offers.values("product_id")
    originals = list(
        from_window.offers.filter(from_stock=False, product__is_active=True)
        .exclude(product__in=offered)
        .select_related("capacity")
        .prefetch_related("steps")
        .order_by("pk")
    )
    caps = [Capacity(limit=offer.capacity.limit) for offer in originals if offer.capacity is not None]
    fresh_caps = iter(Capacity.objects.bulk_create(caps))
    copies = Offer.objects.bulk_create(
        Offer(
            window=to_window,
            capacity=None if original.capacity is None else next(fresh_caps),
            **{name: getattr(original, name) for name in _TERMS},
        )
        for original in originals
    )
    PriceStep.objects.bulk_create(
        PriceStep(
            offer=copy,
            from_quantity=step.from_quantity,
            cost_minor=step.cost_minor,
            unit_price_minor=step.unit_price_minor,
        )
        for original, copy in zip(originals, copies, strict=True)
        for step in original.steps.all()
    )
    return copies
