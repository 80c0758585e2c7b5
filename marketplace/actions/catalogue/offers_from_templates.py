"""Fill a window that was just made from the usual terms of its merchants' products."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Prefetch

from marketplace.actions.catalogue.template_terms import terms_after, terms_at_hand, units_of, write_steps, write_terms
from marketplace.models import Capacity, Offer, OfferTemplate, OrderingWindow, TemplateStep
from marketplace.queries.stock_left import stock_left


@transaction.atomic
def offers_from_templates(*, window: OrderingWindow) -> list[Offer]:
    """The offers that are new: products that go into every window. Offers that are there, copied from an earlier
    window, take their products' usual terms. About ten queries for any number of products.

    For a window that is not announced yet, with its round and hub at hand.
    """
    hub = window.round.hub
    templates = _templates(window, hub.currency)
    carried = [pk for pk, template in templates.items() if template.stock_rule == OfferTemplate.StockRule.CARRY]
    left = stock_left(hub.pk, carried) if carried else {}
    there = list(
        window.offers.filter(from_stock=False, product__in=templates)
        .select_related("capacity")
        .prefetch_related("steps")
    )
    differing = [
        offer
        for offer in there
        if terms_after(terms_at_hand(offer), templates[offer.product_id]) != terms_at_hand(offer)
    ]
    write_terms(differing, templates)
    _set_left(there, left)
    offered = {offer.product_id for offer in there}
    return _add(window, {pk: t for pk, t in templates.items() if t.is_regular and pk not in offered}, left)


def _templates(window: OrderingWindow, currency: str) -> dict[int, OfferTemplate]:
    """By product: usual terms of the products that are sold by the window's merchants."""
    found = OfferTemplate.objects.filter(
        currency=currency, product__is_active=True, product__merchant__in=window.supplies.values("merchant")
    )
    steps = Prefetch("steps", queryset=TemplateStep.objects.order_by("from_quantity"))
    rows = found.select_related("product").prefetch_related(steps).order_by("product_id")
    return {template.product_id: template for template in rows if template.ladder}


def _set_left(offers: list[Offer], left: Mapping[int, int]) -> None:
    """Begin with what the last window left."""
    for offer in offers:
        units = left.get(offer.product_id)
        if units is not None and offer.capacity is not None and offer.capacity.limit != units:
            Capacity.objects.filter(pk=offer.capacity.pk).update(limit=units)


def _add(window: OrderingWindow, templates: Mapping[int, OfferTemplate], left: Mapping[int, int]) -> list[Offer]:
    caps = {pk: left.get(pk, template.cap) for pk, template in templates.items() if template.cap is not None}
    made = Capacity.objects.bulk_create(Capacity(limit=cap or 0) for cap in caps.values())
    capacities = dict(zip(caps, made, strict=True))
    offers = Offer.objects.bulk_create(
        Offer(
            window=window,
            product_id=pk,
            case=template.case,
            splittable=template.splittable,
            multiple=template.multiple,
            split_fee_minor=template.split_fee_minor,
            hub_flexible=template.hub_flexible,
            shortage_rule=template.shortage_rule,
            capacity=capacities.get(pk),
            **units_of(template.product),
        )
        for pk, template in templates.items()
    )
    write_steps((offer, templates[offer.product_id]) for offer in offers)
    return offers
