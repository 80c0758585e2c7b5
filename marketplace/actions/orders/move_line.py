"""The coordinator moves units of a line to another order of the same merchant in the same round, with its consent."""

from django.db import transaction

from marketplace.actions.orders.changing import count_anew, finish, held_to_change, is_answered, keep, refuse
from marketplace.actions.orders.cut_line import line_to_change
from marketplace.actions.orders.reallocate import reallocate
from marketplace.errors import NotFound
from marketplace.models import ClearingRun, PurchaseOrder, PurchaseOrderLine, User
from marketplace.rules.orders.changes import ChangeKind, Consent
from marketplace.rules.orders.consents import consent_problems, taken_problems


@transaction.atomic
def move_line(
    *,
    order_id: int,
    line_id: int,
    to_order_id: int,
    units: int,
    consent: Consent,
    reason: str,
    expected_revision: int | None = None,
    by: User,
) -> tuple[PurchaseOrder, PurchaseOrder]:
    """Both orders, each as its next revision. The households' goods stay theirs: they come with the other order.

    Raises NotFound for a foreign order or line, or an order of another merchant or round; NotAllowed, OrderNotOpen once
    the goods of either are on their way, OrderChanged, InvalidInput.
    """
    [source, target], now = held_to_change(by, [order_id, to_order_id], expected_revision)
    same = source.merchant_id == target.merchant_id and source.window.round_id == target.window.round_id
    if not same or source.pk == target.pk:
        raise NotFound(kind="purchase_order", id=to_order_id)
    line = line_to_change(source, line_id)
    refuse(consent_problems(reason=reason, consent=consent, now=now) + taken_problems(units=units, most=line.ordered))
    hub = min(units, line.hub_units)
    count_anew(line, line.offer, by_units=-units, by_hub_units=-hub, answered=is_answered(source))
    other = _line_in(target, line)
    count_anew(other, line.offer, by_units=units, by_hub_units=hub, answered=is_answered(target))
    keep(line)
    keep(other)
    reallocate(order=source, offer_ids=[line.offer_id], kind=ClearingRun.Kind.CONFIRMATION, at=now, by=by)
    finish(source, ChangeKind.MOVED_OUT, reason=reason, consent=consent, at=now, by=by)
    finish(target, ChangeKind.MOVED_IN, reason=reason, consent=consent, at=now, by=by)
    return source, target


def _line_in(order: PurchaseOrder, line: PurchaseOrderLine) -> PurchaseOrderLine:
    """The order's own line of the same offer, or a new one with nothing ordered yet."""
    found = PurchaseOrderLine.objects.filter(order=order, offer=line.offer_id).first()
    return found or PurchaseOrderLine(
        order=order,
        offer=line.offer,
        name=line.name,
        sku=line.sku,
        gtin=line.gtin,
        ordered=0,
        case=line.case,
        whole_cases=0,
        cost_minor=line.cost_minor,
    )
