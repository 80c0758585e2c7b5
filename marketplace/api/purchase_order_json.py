"""Purchase orders in the API's words."""

from typing import Any

from rest_framework import serializers

from marketplace.api.bodies import Json
from marketplace.api.fields import CodeField
from marketplace.api.values import instant
from marketplace.api.windows import MerchantNameSerializer, merchant_json
from marketplace.models import OrderChange, PurchaseOrder, PurchaseOrderLine, PurchaseOrderRevision
from marketplace.queries.orders.lines import lines_of, revised_lines
from marketplace.rules.money import format_minor
from marketplace.rules.orders.changes import ChangeKind, Via
from marketplace.rules.orders.content import weight_json
from marketplace.rules.states import OrderState


class OrderWindowSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    round_id = serializers.IntegerField()
    round_name = serializers.CharField()
    handover_on = serializers.DateField()
    hub_id = serializers.IntegerField()
    hub_name = serializers.CharField()
    time_zone = serializers.CharField()


class PurchaseOrderSerializer(serializers.Serializer[Any]):
    """Amounts are decimal texts in `currency`, net, at cost; `held_for` says why it waits for the coordinator."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    revision = serializers.IntegerField()
    state = CodeField("PurchaseOrderState", OrderState)
    merchant = MerchantNameSerializer()
    window = OrderWindowSerializer()
    currency = serializers.CharField()
    goods = serializers.CharField()
    fees = serializers.CharField()
    total = serializers.CharField()
    issued_at = serializers.DateTimeField()
    held_for = serializers.CharField(allow_blank=True)


class WeightSerializer(serializers.Serializer[Any]):
    """What the confirmed units weigh together, and what of it is paid: no more than within the margin."""

    unit = serializers.CharField()
    nominal = serializers.CharField()
    actual = serializers.CharField()
    billed = serializers.CharField()


class SentLotSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    units = serializers.IntegerField()
    best_before = serializers.DateField(allow_null=True)


class OrderSubstituteSerializer(serializers.Serializer[Any]):
    """Another product that comes instead: `units` of the `offered` ones are taken."""

    product_id = serializers.IntegerField()
    name = serializers.CharField()
    sku = serializers.CharField()
    offered = serializers.IntegerField()
    units = serializers.IntegerField()
    cost = serializers.CharField()


class OrderLineSerializer(serializers.Serializer[Any]):
    """Quantities in consumer units; null is not known yet. `amount` is ordered times cost, a split fee comes on top."""

    id = serializers.IntegerField()
    offer_id = serializers.IntegerField()
    name = serializers.CharField()
    sku = serializers.CharField()
    gtin = serializers.CharField(allow_blank=True)
    ordered = serializers.IntegerField()
    case = serializers.IntegerField()
    whole_cases = serializers.IntegerField()
    split = serializers.BooleanField()
    split_fee = serializers.CharField()
    cost = serializers.CharField()
    amount = serializers.CharField()
    confirmed = serializers.IntegerField(allow_null=True)
    short_reason = serializers.CharField(allow_blank=True)
    shipped = serializers.IntegerField(allow_null=True)
    received = serializers.IntegerField(allow_null=True)
    billed = serializers.IntegerField(allow_null=True)
    weight = WeightSerializer(allow_null=True)
    ready_at = serializers.DateTimeField(allow_null=True)
    lots = SentLotSerializer(many=True)
    substitutes = OrderSubstituteSerializer(many=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    """One changed field of a line; `before` and `after` are a number, a text, a list of substitutes, or null."""

    name = serializers.CharField()
    sku = serializers.CharField()
    field = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()


class RevisionSerializer(serializers.Serializer[Any]):
    """`content_hash` is the sha256 that every copy of this revision carries. The first revision has no `kind`."""

    number = serializers.IntegerField()
    content_hash = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    kind = CodeField("PurchaseOrderChange", ChangeKind, allow_null=True)
    via = CodeField("PurchaseOrderVia", Via, allow_null=True)
    difference = DifferenceSerializer(many=True)


class RevisionContentSerializer(serializers.Serializer[Any]):
    """What documents and mails of the revision are made from; amounts are decimal texts in the order's currency."""

    number = serializers.IntegerField()
    content_hash = serializers.CharField()
    created_at = serializers.DateTimeField()
    content = serializers.DictField()


class PurchaseOrderDetailSerializer(PurchaseOrderSerializer):
    lines = OrderLineSerializer(many=True)
    revisions = RevisionSerializer(many=True)


def order_json(order: PurchaseOrder) -> Json:
    """An order as `access.purchase_orders_for` loads it."""
    window, currency = order.window, order.currency
    return {
        "id": order.pk,
        "number": str(order),
        "revision": order.revision,
        "state": order.state,
        "merchant": merchant_json(order.merchant),
        "window": {
            "id": window.pk,
            "name": window.name,
            "round_id": window.round_id,
            "round_name": window.round.name,
            "handover_on": window.round.handover_on.isoformat(),
            "hub_id": window.round.hub_id,
            "hub_name": window.round.hub.name,
            "time_zone": window.round.hub.time_zone,
        },
        "currency": currency,
        "goods": format_minor(order.goods_minor, currency),
        "fees": format_minor(order.fees_minor, currency),
        "total": format_minor(order.total_minor, currency),
        "issued_at": instant(order.issued_at),
        "held_for": order.held_for,
    }


def detail_json(order: PurchaseOrder) -> Json:
    """With its lines and revisions: four more queries at most."""
    lines = lines_of(order)
    told = [line_json(line, order.currency) for line in lines]
    for line, revised in zip(told, revised_lines(lines), strict=True):
        line["weight"] = weight_json(revised)
    revisions = [revision_json(revision) for revision in order.revisions.select_related("change").order_by("number")]
    return {**order_json(order), "lines": told, "revisions": revisions}


def line_json(line: PurchaseOrderLine, currency: str) -> Json:
    return {
        "id": line.pk,
        "offer_id": line.offer_id,
        "name": line.name,
        "sku": line.sku,
        "gtin": line.gtin,
        "ordered": line.ordered,
        "case": line.case,
        "whole_cases": line.whole_cases,
        "split": line.split,
        "split_fee": format_minor(line.split_fee_minor, currency),
        "cost": format_minor(line.cost_minor, currency),
        "amount": format_minor(line.ordered * line.cost_minor, currency),
        "confirmed": line.confirmed,
        "short_reason": line.short_reason,
        "shipped": line.shipped,
        "received": line.received,
        "billed": line.billed,
        "ready_at": instant(line.ready_at) if line.ready_at else None,
        "lots": line.lots or [],
        "substitutes": [
            {
                "product_id": one.product_id,
                "name": one.name,
                "sku": one.sku,
                "offered": one.offered,
                "units": one.units,
                "cost": format_minor(one.cost_minor, currency),
            }
            for one in sorted(line.substitutes.all(), key=lambda one: one.pk)
        ],
    }


def revision_json(revision: PurchaseOrderRevision) -> Json:
    """A revision that was loaded with its change."""
    change: OrderChange | None = getattr(revision, "change", None)
    return {
        "number": revision.number,
        "content_hash": revision.content_hash,
        "reason": revision.reason,
        "created_at": instant(revision.created_at),
        "kind": change.kind if change else None,
        "via": change.via if change else None,
        "difference": (revision.content.get("change") or {}).get("lines", []),
    }


def content_json(revision: PurchaseOrderRevision) -> Json:
    return {
        "number": revision.number,
        "content_hash": revision.content_hash,
        "created_at": instant(revision.created_at),
        "content": revision.content,
    }
