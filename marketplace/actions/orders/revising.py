"""Revision n + 1 of a purchase order: the same number, the lines as they are now, what changed, by whom and why."""

from datetime import datetime
from typing import NamedTuple

from marketplace.events import emit
from marketplace.models import (
    Dispatch,
    OrderChange,
    PurchaseOrder,
    PurchaseOrderRevision,
    User,
)
from marketplace.queries.orders.lines import lines_of, revised_lines
from marketplace.rules.money import parse_minor
from marketplace.rules.order_content import content_hash, instant
from marketplace.rules.orders.changes import ChangeKind, Consent, Via
from marketplace.rules.orders.content import revised_content, sums_of
from marketplace.rules.states import DispatchState


class Change(NamedTuple):
    """Why an order is revised. `by` is None where nobody was signed in."""

    kind: ChangeKind
    via: Via
    by: User | None
    at: datetime
    reason: str = ""
    consent: Consent | None = None


def revise(order: PurchaseOrder, change: Change) -> PurchaseOrderRevision:
    """Write the next revision from the lines as they are, and tell it. Within the caller's transaction, under the
    order's lock. Seven statements."""
    before = order.revisions.order_by("-number")[0]
    number = before.number + 1
    told = revised_lines(lines_of(order))
    fee = before.content["small_order_fee"]
    sums = sums_of(told, 0 if fee is None else parse_minor(fee, order.currency))
    content = revised_content(
        before=before.content, revision=number, lines=told, sums=sums, change=_as_json(order, change)
    )
    revision = PurchaseOrderRevision.objects.create(
        order=order,
        number=number,
        content=content,
        content_hash=content_hash(content),
        reason=change.reason[:200],
        created_at=change.at,
    )
    OrderChange.objects.create(
        revision=revision,
        kind=change.kind.value,
        via=change.via.value,
        by=change.by,
        consent={} if change.consent is None else change.consent.as_json(),
    )
    order.revision = number
    order.goods_minor, order.fees_minor, order.total_minor = sums.goods, sums.fees, sums.goods + sums.fees
    order.save(update_fields=["revision", "goods_minor", "fees_minor", "total_minor"])
    emit(
        "purchase_order.revised",
        order_id=order.pk,
        window_id=order.window_id,
        merchant_id=order.merchant_id,
        revision=number,
    )
    return revision


def _as_json(order: PurchaseOrder, change: Change) -> dict[str, object]:
    """What the document says of the change. Which households agreed is none of the merchant's."""
    return {
        "kind": change.kind.value,
        "via": change.via.value,
        "by": order.merchant.name if change.by is None else change.by.name,
        "at": instant(change.at),
        "reason": change.reason,
        "consent": None if change.consent is None else change.consent.as_json(),
    }


def send_revision(order: PurchaseOrder, revision: PurchaseOrderRevision, at: datetime) -> None:
    """Send a revision that the merchant has not made itself, unless the order is held; earlier ones that still wait
    are withdrawn."""
    withdraw_waiting(order)
    if not order.held_for:
        email = order.merchant.email
        Dispatch.objects.create(
            revision=revision,
            channel=Dispatch.Channel.EMAIL if email else Dispatch.Channel.PHONE,
            address=email,
            due_at=at,
        )


def withdraw_waiting(order: PurchaseOrder) -> int:
    """Withdraw what of the order waits to be sent; how many. One that is being sent now goes out."""
    waiting = Dispatch.objects.filter(
        revision__order=order, state__in=[DispatchState.WAITING.value, DispatchState.FAILED.value]
    )
    return waiting.update(state=DispatchState.WITHDRAWN.value)
