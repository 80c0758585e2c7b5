"""What became of a reservation: its receipt, the way of the goods, the code to collect them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import reservation_for
from marketplace.api.asking import household_id
from marketplace.api.base import MarketView, actor
from marketplace.api.headers import ConditionalView
from marketplace.api.outcome_json import (
    ReservationOutcomeSerializer,
    WayStepSerializer,
    line_json,
    step_json,
    sums_json,
)
from marketplace.api.rounds import handover_json
from marketplace.api.schema import HOUSEHOLD, IF_NONE_MATCH, NOT_CHANGED, ROUND_ID
from marketplace.api.values import instant, instant_or_none
from marketplace.errors import NotFound
from marketplace.queries.progress import OwnOrder, order_of
from marketplace.rules.pickup_codes import shown_code
from marketplace.views.qr import qr_code


class ProgressSerializer(serializers.Serializer[Any]):
    reservation_id = serializers.IntegerField()
    time_zone = serializers.CharField()
    way = WayStepSerializer(many=True)


class PickupCodeSerializer(serializers.Serializer[Any]):
    """The code to collect with: as it is, as one reads it out, and as a QR code (a whole SVG document)."""

    code = serializers.CharField()
    shown = serializers.CharField()
    qr_svg = serializers.CharField()


def _order(request: Request, round_id: int) -> OwnOrder:
    return order_of(reservation_for(actor(request), round_id, household_id(request)))


class OwnOutcome(ConditionalView):
    @extend_schema(
        operation_id="outcome_get",
        tags=["after"],
        parameters=[ROUND_ID, HOUSEHOLD, IF_NONE_MATCH],
        responses={200: ReservationOutcomeSerializer, 304: NOT_CHANGED},
    )
    def get(self, request: Request, round_id: int) -> Response:
        """The receipt: what each line got and why, the sums, and where the goods are."""
        order = _order(request, round_id)
        hub, kept = order.reservation.round.hub, order.reservation
        windows = [
            {
                "id": window.id,
                "name": window.name,
                "state": window.state,
                "closes_at": instant(window.closes_at),
                "reopened": window.reopened,
                "reason": window.reason,
            }
            for window in order.windows
        ]
        return self.conditional(
            request,
            {
                "reservation_id": kept.pk,
                "round_id": kept.round_id,
                "currency": hub.currency,
                "time_zone": hub.time_zone,
                "handover": handover_json(kept.handover, told=True),
                "lines": [line_json(line, hub.currency) for line in order.result.lines],
                "sums": sums_json(order.result, hub.currency),
                "windows": windows,
                "way": [step_json(step) for step in order.way],
                "open_until": instant_or_none(order.open_until),
                "has_pickup_code": bool(order.code),
            },
        )


class OwnProgress(ConditionalView):
    @extend_schema(
        operation_id="progress_get",
        tags=["after"],
        parameters=[ROUND_ID, HOUSEHOLD, IF_NONE_MATCH],
        responses={200: ProgressSerializer, 304: NOT_CHANGED},
    )
    def get(self, request: Request, round_id: int) -> Response:
        """The way of the goods: reserved, ordered, received, packed, on the way or ready, handed over."""
        order = _order(request, round_id)
        told = {
            "reservation_id": order.reservation.pk,
            "time_zone": order.reservation.round.hub.time_zone,
            "way": [step_json(step) for step in order.way],
        }
        return self.conditional(request, told)


class OwnPickupCode(MarketView):
    @extend_schema(
        operation_id="pickup_code_get",
        tags=["after"],
        parameters=[ROUND_ID, HOUSEHOLD],
        responses=PickupCodeSerializer,
    )
    def get(self, request: Request, round_id: int) -> Response:
        """The code to collect with; there is none until something is ordered."""
        code = _order(request, round_id).code
        if not code:
            raise NotFound(kind="pickup_code", id=round_id)
        return Response({"code": code, "shown": shown_code(code), "qr_svg": qr_code(code).document})
