"""The coordinator adds to an order that was issued: a line, or units of one, with the merchant's recorded consent."""

from collections.abc import Sequence

from django.db import transaction

from marketplace.actions.orders.changing import count_anew, finish, held_to_change, is_answered, keep, refuse
from marketplace.actions.orders.reallocate import reallocate
from marketplace.actions.orders.sharing_out import NewlyOrdered
from marketplace.errors import NotFound
from marketplace.models import (
    ClearingRun,
    HouseholdConsent,
    Offer,
    OfferOutcome,
    PurchaseOrder,
    PurchaseOrderLine,
    ReservationLine,
    User,
)
from marketplace.queries.ladders import ladders_of
from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.orders.changes import ChangeKind, Consent, ForHousehold
from marketplace.rules.orders.consents import added_problems, consent_problems


@transaction.atomic
def add_line(
    *,
    order_id: int,
    offer_id: int,
    units: int,
    households: Sequence[ForHousehold] = (),
    consent: Consent,
    reason: str,
    expected_revision: int | None = None,
    by: User,
) -> PurchaseOrder:
    """The order with `units` more of an offer of its window and merchant, as the next revision.

    `households` take what they agreed to, at the offer's price; the other units are the hub's own. Raises NotFound for
    a foreign order or offer, NotAllowed, OrderNotOpen once the goods are on their way, OrderChanged, InvalidInput.
    """
    [order], now = held_to_change(by, [order_id], expected_revision)
    offer = _offer(order, offer_id)
    lines = ReservationLine.objects.filter(offer=offer, pk__in=[one.line_id for one in households])
    reserved = dict(lines.values_list("pk", "firm"))
    refuse(
        consent_problems(reason=reason, consent=consent, now=now)
        + added_problems(units=units, households=households, reserved=reserved)
    )
    decided = _decided(offer)
    line, new = _line(order, offer, units, decided)
    by_hub = units - sum(one.units for one in households)
    count_anew(line, offer, by_units=units, by_hub_units=by_hub, answered=is_answered(order))
    keep(line)
    HouseholdConsent.objects.bulk_create(
        HouseholdConsent(
            order=order, revision=order.revision + 1, line_id=one.line_id, units=one.units, how=one.how.value
        )
        for one in households
    )
    reallocate(
        order=order, offer_ids=[offer.pk], kind=ClearingRun.Kind.CONFIRMATION, at=now, by=by,
        new={offer.pk: new} if new else {},
    )  # fmt: skip
    return finish(order, ChangeKind.ADDED, reason=reason, consent=consent, at=now, by=by)


def _offer(order: PurchaseOrder, offer_id: int) -> Offer:
    """An offer that this order could have held from the beginning."""
    offer = (
        Offer.objects.select_related("product")
        .filter(pk=offer_id, window=order.window_id, product__merchant=order.merchant_id, from_stock=False)
        .first()
    )
    if offer is None:
        raise NotFound(kind="offer", id=offer_id)
    return offer


def _decided(offer: Offer) -> OfferOutcome | None:
    """How the offer was decided, by the newest run."""
    rows = OfferOutcome.objects.filter(offer=offer, run__voided_at__isnull=True, reached=True)
    return rows.order_by("-run__number").first()


def _line(
    order: PurchaseOrder, offer: Offer, units: int, decided: OfferOutcome | None
) -> tuple[PurchaseOrderLine, NewlyOrdered | None]:
    """The order's line of the offer, or a new one with nothing ordered yet; with the price, where there was none."""
    found = PurchaseOrderLine.objects.filter(order=order, offer=offer).first()
    new = None
    if decided is None or decided.unit_price_minor is None:
        step = _step(ladders_of([offer.pk])[offer.pk], units)
        new, cost = NewlyOrdered(step.unit_price, step.cost), step.cost
    else:
        cost = decided.cost_minor or 0
    if found is not None:
        return found, new
    product = offer.product
    return (
        PurchaseOrderLine(
            order=order,
            offer=offer,
            name=product.name,
            sku=product.sku,
            gtin=product.gtin,
            ordered=0,
            case=offer.case,
            whole_cases=0,
            cost_minor=cost,
        ),
        new,
    )


def _step(ladder: Sequence[PriceStep], units: int) -> PriceStep:
    """The step that so many units reach; below the first one it is the first, which is "at most"."""
    reached = [step for step in ladder if step.from_quantity <= units]
    return reached[-1] if reached else ladder[0]
