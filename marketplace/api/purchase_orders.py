"""Purchase orders for merchant members, who answer them, and for the hub's roles."""

from collections import Counter
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import purchase_order_for, purchase_orders_for
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json
from marketplace.api.filters import MOST_ID, PurchaseOrderFilter
from marketplace.api.paging import NewestFirst
from marketplace.api.purchase_order_json import (
    PurchaseOrderDetailSerializer,
    PurchaseOrderSerializer,
    detail_json,
    order_json,
)
from marketplace.api.schema import ORDER_ID
from marketplace.errors import InvalidInput
from marketplace.models import PurchaseOrder
from marketplace.rules.order_answers import LineAnswer


class LineConfirmationSerializer(Body):
    """How many of a line's units will come; fewer than ordered need a reason."""

    id = serializers.IntegerField(min_value=1, max_value=MOST_ID)
    confirmed = serializers.IntegerField(min_value=0, max_value=MOST_ID)
    reason = serializers.CharField(max_length=120, allow_blank=True, default="")


class ConfirmationSerializer(Body):
    """Without lines every line is confirmed in full; with lines each one must be answered."""

    lines = LineConfirmationSerializer(many=True, required=False)


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
