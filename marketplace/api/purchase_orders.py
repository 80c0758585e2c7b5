"""Purchase orders for merchant members, who answer them, and for the hub's roles."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import purchase_order_for, purchase_orders_for
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.actions.orders.acknowledge_order import acknowledge_order
from marketplace.actions.orders.ship_order import ship_order
from marketplace.api.asking import path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, amount_sent, sent
from marketplace.api.filters import MOST_ID, PurchaseOrderFilter
from marketplace.api.headers import ConditionalView, expected_version
from marketplace.api.paging import NewestFirst
from marketplace.api.purchase_order_json import (
    PurchaseOrderDetailSerializer,
    PurchaseOrderSerializer,
    RevisionContentSerializer,
    content_json,
    detail_json,
    order_json,
)
from marketplace.api.schema import IF_MATCH_NEEDED, IF_NONE_MATCH, NOT_CHANGED, ORDER_ID
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import PurchaseOrder
from marketplace.rules.order_answers import Instead, LineAnswer
from marketplace.rules.orders.changes import Via
from marketplace.rules.orders.counting import Lot, Sent
from marketplace.rules.orders.weights import MILLI
from marketplace.rules.roles import Permission

REVISION_TAG = OpenApiParameter(
    "ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200], description="The order's revision."
)


class InsteadSerializer(Body):
    """Units of another product of the merchant that come instead; `cost` as a decimal text, at most the line's."""

    product_id = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    units = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    cost = serializers.CharField(max_length=20, required=False)


class LineConfirmationSerializer(Body):
    """How many of a line's units will come; fewer than ordered need a reason.

    `weight` is what they weigh together in the price unit, where the line is paid by weight; `ready_at` when they are
    picked, baked or packed; `instead` other products, for households that named them.
    """

    id = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    confirmed = serializers.IntegerField(min_value=0, max_value=MOST_ID)
    reason = serializers.CharField(max_length=120, allow_blank=True, default="")
    weight = serializers.RegexField(r"^[0-9]{1,7}(\.[0-9]{1,3})?$", required=False, allow_null=True)
    ready_at = serializers.DateTimeField(required=False, allow_null=True)
    instead = serializers.ListField(child=InsteadSerializer(), required=False, max_length=10)


class ConfirmationSerializer(Body):
    """Without lines every line is confirmed in full; with lines each one must be answered."""

    lines = LineConfirmationSerializer(many=True, required=False)


class LotSerializer(Body):
    code = serializers.CharField(max_length=40)
    units = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    best_before = serializers.DateField(required=False, allow_null=True)


class SentLineSerializer(Body):
    """How many of a line's units are sent, and of which lots, as far as that is known."""

    id = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    units = serializers.IntegerField(min_value=0, max_value=MOST_ID)
    lots = serializers.ListField(child=LotSerializer(), required=False, max_length=50)


class ShipmentSerializer(Body):
    """Without lines all that was confirmed is sent; with lines each one must be counted."""

    lines = SentLineSerializer(many=True, required=False)


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


class OnePurchaseOrder(ConditionalView):
    @extend_schema(
        operation_id="purchase_orders_get",
        tags=["purchase orders"],
        parameters=[ORDER_ID, IF_NONE_MATCH, REVISION_TAG],
        responses={200: PurchaseOrderDetailSerializer, 304: NOT_CHANGED},
    )
    def get(self, request: Request, order_id: int) -> Response:
        """One purchase order with its lines and revisions."""
        order = purchase_order_for(actor(request), order_id)
        return self.conditional(request, detail_json(order), version=order.revision)


class OneRevision(ConditionalView):
    @extend_schema(
        operation_id="purchase_orders_revision",
        tags=["purchase orders"],
        parameters=[ORDER_ID, path_id("number"), IF_NONE_MATCH],
        responses={200: RevisionContentSerializer, 304: NOT_CHANGED},
    )
    def get(self, request: Request, order_id: int, number: int) -> Response:
        """The frozen content of one revision, as every document of it has it; it never changes."""
        order = purchase_order_for(actor(request), order_id)
        revision = order.revisions.filter(number=number).first()
        if revision is None:
            raise NotFound(kind="purchase_order_revision", id=number)
        return self.conditional(request, content_json(revision))


class Acknowledgement(MarketView):
    @extend_schema(
        operation_id="purchase_orders_acknowledge",
        tags=["purchase orders"],
        parameters=[ORDER_ID],
        request=None,
        responses=PurchaseOrderDetailSerializer,
    )
    def post(self, request: Request, order_id: int) -> Response:
        """Say that the merchant has the order; the answer follows. Twice is harmless."""
        return _told(acknowledge_order(order_id=order_id, by=actor(request)))


class Confirmation(MarketView):
    @extend_schema(
        operation_id="purchase_orders_confirm",
        tags=["purchase orders"],
        parameters=[ORDER_ID, IF_MATCH_NEEDED, REVISION_TAG],
        request=ConfirmationSerializer,
        responses=PurchaseOrderDetailSerializer,
    )
    def post(self, request: Request, order_id: int) -> Response:
        """Answer the order, whole or line by line, until it is sent: the next revision. The same again changes nothing.

        Needs If-Match with the ETag of the order that is answered, so that nobody answers what has changed since.
        """
        revision = expected_version(request, needed=True)
        lines = sent(request, ConfirmationSerializer).get("lines")
        order = purchase_order_for(actor(request), order_id, Permission.CONFIRM_PURCHASE_ORDERS)
        with _placed(lines):
            answered = confirm_purchase_order(
                order_id=order_id,
                answers=_answers(lines, order.currency),
                expected_revision=revision,
                via=Via.API,
                by=actor(request),
            )
        return _told(answered)


class Shipment(MarketView):
    @extend_schema(
        operation_id="purchase_orders_ship",
        tags=["purchase orders"],
        parameters=[ORDER_ID, IF_MATCH_NEEDED, REVISION_TAG],
        request=ShipmentSerializer,
        responses=PurchaseOrderDetailSerializer,
    )
    def post(self, request: Request, order_id: int) -> Response:
        """Say that the goods are on their way; what is less than confirmed is shared out among the households."""
        revision = expected_version(request, needed=True)
        lines = sent(request, ShipmentSerializer).get("lines")
        with _placed(lines):
            order = ship_order(
                order_id=order_id, sent=_sent_lines(lines), expected_revision=revision, by=actor(request)
            )
        return _told(order)


def _told(order: PurchaseOrder) -> Response:
    """The order with the ETag that the next change names."""
    order = PurchaseOrder.objects.select_related("merchant", "window__round__hub").get(pk=order.pk)
    return Response(detail_json(order), headers={"ETag": f'"{order.revision}"'})


def _answers(lines: list[Json] | None, currency: str) -> dict[int, LineAnswer] | None:
    """By line id. Raises InvalidInput for a line that is answered twice."""
    if lines is None:
        return None
    _each_once(lines)
    return {
        line["id"]: LineAnswer(
            line["confirmed"],
            line["reason"],
            actual_milli=int(Decimal(line["weight"]) * MILLI) if line.get("weight") else None,
            ready_at=line.get("ready_at"),
            instead=tuple(
                Instead(one["product_id"], one["units"], _cost(one, currency)) for one in line.get("instead") or ()
            ),
        )
        for line in lines
    }


def _cost(instead: Json, currency: str) -> int | None:
    return amount_sent("cost", instead["cost"], currency) if "cost" in instead else None


def _sent_lines(lines: list[Json] | None) -> dict[int, Sent] | None:
    if lines is None:
        return None
    _each_once(lines)
    return {
        line["id"]: Sent(
            line["units"],
            tuple(Lot(lot["code"], lot["units"], lot.get("best_before")) for lot in line.get("lots") or ()),
        )
        for line in lines
    }


def _each_once(lines: list[Json]) -> None:
    counted = Counter(line["id"] for line in lines)
    twice = [pk for pk, times in counted.items() if times > 1]
    if twice:
        raise InvalidInput(problems=[{"place": f"lines.{pk}", "problem": _("Answered twice.")} for pk in twice])


@contextmanager
def _placed(lines: list[Json] | None) -> Iterator[None]:
    """Mistakes with the places of the body: the action names lines by their ids."""
    index = {str(line["id"]): f"lines[{at}]" for at, line in enumerate(lines or [])}
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(problems=[_in_body(found, index) for found in error.facts["problems"]]) from error


def _in_body(found: Mapping[str, str], index: Mapping[str, str]) -> Mapping[str, str]:
    _head, _dot, rest = found["place"].partition(".")
    line_id, _dot, field = rest.partition(".")
    place = index.get(line_id, "lines")
    return {**found, "place": f"{place}.{field}" if field and line_id in index else place}
