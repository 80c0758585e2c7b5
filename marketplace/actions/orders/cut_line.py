"""The coordinator takes units off a line of an issued order, with the merchant's recorded consent."""

from django.db import transaction

from marketplace.actions.orders.changing import count_anew, finish, held_to_change, is_answered, keep, refuse
from marketplace.actions.orders.reallocate import reallocate
from marketplace.errors import NotFound
from marketplace.models import ClearingRun, PurchaseOrder, PurchaseOrderLine, User
from marketplace.rules.orders.changes import ChangeKind, Consent
from marketplace.rules.orders.consents import consent_problems, taken_problems


@transaction.atomic
def cut_line(
    *,
    order_id: int,
    line_id: int,
    units: int,
    consent: Consent,
    reason: str,
    expected_revision: int | None = None,
    by: User,
) -> PurchaseOrder:
    """The order with `units` less on a line, as the next revision. The hub's own units go first; then the households
    share what is left by the offer's rule, and are told.

    Raises NotFound for a foreign order or line, NotAllowed, OrderNotOpen once the goods are on their way,
    OrderChanged, InvalidInput.
    """
    [order], now = held_to_change(by, [order_id], expected_revision)
    line = line_to_change(order, line_id)
    refuse(consent_problems(reason=reason, consent=consent, now=now) + taken_problems(units=units, most=line.ordered))
    by_hub = -min(units, line.hub_units)
    count_anew(line, line.offer, by_units=-units, by_hub_units=by_hub, answered=is_answered(order))
    keep(line)
    reallocate(order=order, offer_ids=[line.offer_id], kind=ClearingRun.Kind.CONFIRMATION, at=now, by=by)
    return finish(order, ChangeKind.CUT, reason=reason, consent=consent, at=now, by=by)


def line_to_change(order: PurchaseOrder, line_id: int) -> PurchaseOrderLine:
    """A line of the order of which something is ordered. Raises NotFound."""
    line = order.lines.select_related("offer__product").filter(pk=line_id, ordered__gt=0).first()
    if line is None:
        raise NotFound(kind="purchase_order_line", id=line_id)
    return line
