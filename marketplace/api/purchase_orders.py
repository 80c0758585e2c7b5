"""Purchase orders for merchant members, who answer them, and for the hub's roles."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import purchase_order_for, purchase_orders_for
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.api.base import MarketView, actor
from marketplace.api.fields import CodeField
from marketplace.api.filters import MOST_ID, PurchaseOrderFilter
from marketplace.api.paging import NewestFirst
from marketplace.api.schema import ORDER_ID
from marketplace.api.values import instant
from marketplace.api.windows import MerchantNameSerializer, merchant_json
from marketplace.errors import InvalidInput
from marketplace.models import PurchaseOrder, PurchaseOrderLine, PurchaseOrderRevision
from marketplace.rules.money import format_minor
from marketplace.rules.order_answers import LineAnswer
from marketplace.rules.states import OrderState

Json = dict[str, Any]


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


class RevisionSerializer(serializers.Serializer[Any]):
    """`content_hash` is the sha256 that every copy of this revision carries."""

    number = serializers.IntegerField()
    content_hash = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class PurchaseOrderDetailSerializer(PurchaseOrderSerializer):
    lines = OrderLineSerializer(many=True)
    revisions = RevisionSerializer(many=True)


class _KnownFields(serializers.Serializer[Any]):
    """Refuses fields that it does not know: a mistyped "lines" must not confirm the whole order."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(str(name)[:40] for name in data if name not in self.fields) if isinstance(data, dict) else []
        if unknown:
            told = [_("There is no such field.")]
            raise serializers.ValidationError({_shown(name): told for name in unknown})
        return super().to_internal_value(data)


def _shown(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode()


class LineConfirmationSerializer(_KnownFields):
    """How many of a line's units will come; fewer than ordered need a reason."""

    id = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    confirmed = serializers.IntegerField(min_value=0, max_value=MOST_ID)
    reason = serializers.CharField(max_length=120, allow_blank=True, default="")


class ConfirmationSerializer(_KnownFields):
    """Without lines every line is confirmed in full; with lines each one must be answered."""

    lines = LineConfirmationSerializer(many=True, required=False)


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
    """With its lines and revisions: two more queries."""
    lines = [line_json(line, order.currency) for line in order.lines.order_by("pk")]
    revisions = [revision_json(revision) for revision in order.revisions.order_by("number").defer("content")]
    return {**order_json(order), "lines": lines, "revisions": revisions}


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
    }


def revision_json(revision: PurchaseOrderRevision) -> Json:
    return {
        "number": revision.number,
        "content_hash": revision.content_hash,
        "reason": revision.reason,
        "created_at": instant(revision.created_at),
    }


class PurchaseOrders(MarketView, GenericAPIView[PurchaseOrder]):
    """The orders of the own merchants and hubs, the newest first."""

    queryset = PurchaseOrder.objects.none()
    serializer_class = PurchaseOrderSerializer
    pagination_class = NewestFirst
    filterset_class = PurchaseOrderFilter

    @extend_schema(
        operation_id="purchase_orders_list", tags=["purchase orders"], responses=PurchaseOrderSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Purchase orders that the user's roles show."""
        page = self.paginate_queryset(self.filter_queryset(purchase_orders_for(actor(request)))) or []
        return self.get_paginated_response([order_json(order) for order in page])


class OnePurchaseOrder(MarketView):
    @extend_schema(
        operation_id="purchase_orders_get",
        tags=["purchase orders"],
        parameters=[ORDER_ID],
        responses=PurchaseOrderDetailSerializer,
    )
    def get(self, request: Request, order_id: int) -> Response:
        """One purchase order with its lines and revisions."""
        return Response(detail_json(purchase_order_for(actor(request), order_id)))


class Confirmation(MarketView):
    @extend_schema(
        operation_id="purchase_orders_confirm",
        tags=["purchase orders"],
        parameters=[ORDER_ID],
        request=ConfirmationSerializer,
        responses=PurchaseOrderDetailSerializer,
    )
    def post(self, request: Request, order_id: int) -> Response:
        """Answer the order, whole or line by line; the same answer again changes nothing."""
        body = ConfirmationSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        lines = body.validated_data.get("lines")
        try:
            order = confirm_purchase_order(order_id=order_id, answers=_answers(lines), by=actor(request))
        except InvalidInput as error:
            raise InvalidInput(problems=list(_placed(error.facts["problems"], lines or []))) from error
        return Response(detail_json(order))


def _answers(lines: list[Json] | None) -> dict[int, LineAnswer] | None:
    """By line id. Raises InvalidInput for a line that is answered twice."""
    if lines is None:
        return None
    answers = {line["id"]: LineAnswer(line["confirmed"], line["reason"]) for line in lines}
    if len(answers) < len(lines):
        counted = Counter(line["id"] for line in lines)
        twice = [pk for pk, times in counted.items() if times > 1]
        raise InvalidInput(problems=[{"place": f"lines.{pk}", "problem": _("Answered twice.")} for pk in twice])
    return answers


def _placed(problems: list[Mapping[str, str]], lines: list[Json]) -> Iterator[Mapping[str, str]]:
    """The problems with the places of the body: the action names lines by their ids."""
    index = {f"lines.{line['id']}": f"lines[{at}]" for at, line in enumerate(lines)}
    for problem in problems:
        yield {**problem, "place": index.get(problem["place"], "lines")}
