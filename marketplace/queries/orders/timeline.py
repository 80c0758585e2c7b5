"""Everything that happened to a purchase order, in its order: moves, revisions, mails, the link, the invoice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from marketplace.models import (
    Dispatch,
    MerchantInvoice,
    OrderChange,
    OrderLink,
    PurchaseOrder,
    PurchaseOrderRevision,
    StateChange,
)
from marketplace.rules.states import DispatchState


class What(StrEnum):
    ISSUED = "issued"
    MOVED = "moved"
    HELD = "held"
    RELEASED = "released"
    REVISED = "revised"
    SENT = "sent"
    NOT_SENT = "not_sent"
    READ = "read"
    LINK_REVOKED = "link_revoked"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. `by` is empty where nobody was signed in; `facts` are what its sentence needs."""

    at: datetime
    what: What
    by: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision with what changed by it; the first has no change."""

    revision: PurchaseOrderRevision
    change: OrderChange | None

    @property
    def lines(self) -> list[dict[str, Any]]:
        change = self.revision.content.get("change") or {}
        lines: list[dict[str, Any]] = change.get("lines", [])
        return lines


@dataclass(frozen=True, slots=True)
class History:
    """`moments` the oldest first, `revisions` the newest first, `dispatches` as they were made."""

    moments: tuple[Moment, ...]
    revisions: tuple[Revision, ...]
    dispatches: tuple[Dispatch, ...]
    link: OrderLink | None


def history_of(order: PurchaseOrder) -> History:
    """The order's history. Six queries."""
    revisions = [
        Revision(revision, getattr(revision, "change", None))
        for revision in order.revisions.select_related("change__by").order_by("-number")
    ]
    dispatches = list(Dispatch.objects.filter(revision__order=order).select_related("revision").order_by("pk"))
    links = list(OrderLink.objects.filter(order=order).order_by("pk"))
    moments = sorted(
        [
            Moment(order.issued_at, What.ISSUED),
            *_moves(order),
            *_revised(revisions),
            *_sent(dispatches),
            *_links(links),
            *_invoices(order),
        ],
        key=lambda moment: moment.at,
    )
    in_force = [link for link in links if link.revoked_at is None]
    return History(tuple(moments), tuple(revisions), tuple(dispatches), in_force[0] if in_force else None)


def _moves(order: PurchaseOrder) -> Iterator[Moment]:
    kinds = ("purchase_order", "purchase_order_hold")
    for row in StateChange.objects.filter(kind__in=kinds, object_id=order.pk).select_related("by").order_by("pk"):
        by = row.by.name if row.by else ""
        if row.kind == "purchase_order":
            yield Moment(row.at, What.MOVED, by, {"state": row.to_state, "reason": row.reason})
        else:
            yield Moment(row.at, What.HELD if row.to_state else What.RELEASED, by, {"reason": row.reason})


def _revised(revisions: list[Revision]) -> Iterator[Moment]:
    for one in revisions:
        if one.change is not None:
            by = one.change.by.name if one.change.by else ""
            facts = {"number": one.revision.number, "kind": one.change.kind, "via": one.change.via}
            yield Moment(one.revision.created_at, What.REVISED, by, facts)


def _sent(dispatches: list[Dispatch]) -> Iterator[Moment]:
    for dispatch in dispatches:
        facts = {"number": dispatch.revision.number, "channel": dispatch.channel, "address": dispatch.address}
        if dispatch.sent_at is not None:
            yield Moment(dispatch.sent_at, What.SENT, facts=facts)
        if dispatch.state in (DispatchState.BOUNCED, DispatchState.EXHAUSTED):
            yield Moment(dispatch.due_at, What.NOT_SENT, facts=facts)


def _links(links: list[OrderLink]) -> Iterator[Moment]:
    for link in links:
        if link.opened_at is not None:
            yield Moment(link.opened_at, What.READ)
        if link.revoked_at is not None and link.revoked_at < link.valid_until:
            yield Moment(link.revoked_at, What.LINK_REVOKED)


def _invoices(order: PurchaseOrder) -> Iterator[Moment]:
    for invoice in (
        MerchantInvoice.objects.filter(order=order).select_related("entered_by", "matched_by").order_by("pk")
    ):
        facts = {"number": invoice.number, "total": invoice.total_minor, "state": invoice.state}
        yield Moment(invoice.entered_at, What.INVOICE, invoice.entered_by.name, facts)
