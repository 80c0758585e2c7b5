"""From a product's usual terms to an offer's rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marketplace.models import Capacity, Offer, OfferTemplate, PriceStep, Product
from marketplace.rules.clearing.terms import PriceStep as Step
from marketplace.rules.goods import UnitCode
from marketplace.rules.offer_changes import Terms

_AT_ONCE = 500
# Fields that offers and templates share; ladder and stock have rows of their own.
_SHARED = ("case", "splittable", "multiple", "split_fee_minor", "hub_flexible", "shortage_rule")


def units_of(product: Product) -> dict[str, Any]:
    """Price and billing unit: the content's own unit, so many of it in one consumer unit."""
    unit, amount = product.content_unit, product.content_amount
    return {
        "price_unit": unit,
        "price_units_numerator": amount,
        "billing_unit": unit if product.catch_weight else UnitCode.PIECE.value,
        "billing_units_numerator": amount if product.catch_weight else 1,
    }


def terms_after(now: Terms, template: OfferTemplate) -> Terms:
    """An offer's terms once it takes its product's usual ones. What the last window left of a stock is not a term of
    the template's: it stays, where the offer has one."""
    carried = template.stock_rule == OfferTemplate.StockRule.CARRY and now.cap is not None
    return Terms(
        ladder=template.ladder,
        case=template.case,
        splittable=template.splittable,
        multiple=template.multiple,
        split_fee=template.split_fee_minor,
        hub_flexible=template.hub_flexible,
        shortage_rule=template.shortage_rule,
        cap=now.cap if carried else template.cap,
        best_before=now.best_before,
    )


def terms_at_hand(offer: Offer) -> Terms:
    """The terms of an offer whose capacity and steps were fetched with it."""
    return Terms(
        ladder=tuple(
            Step(row.from_quantity, row.cost_minor, row.unit_price_minor)
            for row in sorted(offer.steps.all(), key=lambda row: row.from_quantity)
        ),
        case=offer.case,
        splittable=offer.splittable,
        multiple=offer.multiple,
        split_fee=offer.split_fee_minor,
        hub_flexible=offer.hub_flexible,
        shortage_rule=offer.shortage_rule,
        cap=None if offer.capacity is None else offer.capacity.limit,
        best_before=offer.best_before,
    )


def write_terms(offers: Sequence[Offer], templates: Mapping[int, OfferTemplate]) -> None:
    """Give offers that nobody reserved their templates' terms (by product id). Capacity and steps are at hand."""
    spare: list[int] = []
    for offer in offers:
        template = templates[offer.product_id]
        cap = terms_after(terms_at_hand(offer), template).cap
        for field in _SHARED:
            setattr(offer, field, getattr(template, field))
        if cap is None and offer.capacity_id is not None:
            spare.append(offer.capacity_id)
            offer.capacity = None
        elif cap is not None and offer.capacity is None:
            offer.capacity = Capacity.objects.create(limit=cap)
        elif cap is not None and offer.capacity is not None and offer.capacity.limit != cap:
            offer.capacity.limit = cap
            offer.capacity.save(update_fields=["limit"])
    Offer.objects.bulk_update(offers, [*_SHARED, "capacity", "version"], batch_size=_AT_ONCE)
    Capacity.objects.filter(pk__in=spare).delete()
    PriceStep.objects.filter(offer__in=[offer.pk for offer in offers]).delete()
    write_steps((offer, templates[offer.product_id]) for offer in offers)


def write_steps(pairs: Iterable[tuple[Offer, OfferTemplate]]) -> None:
    """The ladders of offers, from their templates."""
    PriceStep.objects.bulk_create(
        [
            PriceStep(offer=offer, from_quantity=q, cost_minor=c, unit_price_minor=p)
            for offer, template in pairs
            for q, c, p in template.ladder
        ],
        batch_size=_AT_ONCE,
    )
