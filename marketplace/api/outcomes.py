"""What became of a reservation: each line with its reason, the sums, the way of the goods, the code to collect them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import reservation_for
from marketplace.api.asking import household_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Json, asked
from marketplace.api.fields import CodeField
from marketplace.api.headers import ConditionalView
from marketplace.api.paging import OwnCursor, page, page_of
from marketplace.api.rounds import HandoverSerializer, handover_json
from marketplace.api.schema import HOUSEHOLD, IF_NONE_MATCH, NOT_CHANGED, ROUND_ID
from marketplace.api.values import amount_or_none, instant, instant_or_none
from marketplace.errors import NotFound
from marketplace.queries.outcomes import LineResult, LineStatus, Result
from marketplace.queries.past import PastOrder, past_orders
from marketplace.queries.progress import OwnOrder, order_of
from marketplace.rules.money import format_minor
from marketplace.rules.pickup_codes import shown_code
from marketplace.rules.progress import Mark, WayStep
from marketplace.views.outcomes import outcome_sentence
from marketplace.views.qr import qr_code


class LineResultSerializer(serializers.Serializer[Any]):
    """`got` of `asked` firm units, `extra` of them from the flexible ones. `reason` is a code, `sentence` says it.
    `saved`: what the units cost less than at most. `status`: open, counting (past its deadline), final, cancelled."""

    line_id = serializers.IntegerField()
    offer_id = serializers.IntegerField()
    window_id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    product_name = serializers.CharField()
    merchant_id = serializers.IntegerField()
    merchant_name = serializers.CharField()
    status = CodeField("LineResultStatus", LineStatus)
    asked = serializers.IntegerField()
    flexible = serializers.IntegerField()
    got = serializers.IntegerField()
    extra = serializers.IntegerField()
    unit_price = serializers.CharField(allow_null=True)
    unit_price_at_most = serializers.CharField()
    charged = serializers.CharField()
    saved = serializers.CharField(allow_null=True)
    deposit = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField(allow_blank=True)
    offered_back = serializers.IntegerField()
    collect_until = serializers.DateField(allow_null=True)


class SumsSerializer(serializers.Serializer[Any]):
    """The receipt: goods, deposits, the handover's fee, all; at most while `final` is false."""

    final = serializers.BooleanField()
    units = serializers.IntegerField()
    goods = serializers.CharField()
    deposits = serializers.CharField()
    fee = serializers.CharField()
    total = serializers.CharField()
    saved = serializers.CharField()


class WayStepSerializer(serializers.Serializer[Any]):
    """A step from reserved to handed over: done, next, later, or failed. `at` is null where nobody told when."""

    code = serializers.CharField()
    mark = CodeField("WayMark", Mark)
    at = serializers.DateTimeField(allow_null=True)
    expected_at = serializers.DateTimeField(allow_null=True)
    expected_until = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class WindowFactSerializer(serializers.Serializer[Any]):
    """`reopened`: it had closed, and its first result counts no longer; `reason` is what the coordinator said."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.CharField()
    closes_at = serializers.DateTimeField()
    reopened = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)


class ReservationOutcomeSerializer(serializers.Serializer[Any]):
    reservation_id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    currency = serializers.CharField()
    time_zone = serializers.CharField()
    handover = HandoverSerializer()
    lines = LineResultSerializer(many=True)
    sums = SumsSerializer()
    windows = WindowFactSerializer(many=True)
    way = WayStepSerializer(many=True)
    open_until = serializers.DateTimeField(allow_null=True)
    has_pickup_code = serializers.BooleanField()


class ProgressSerializer(serializers.Serializer[Any]):
    reservation_id = serializers.IntegerField()
    time_zone = serializers.CharField()
    way = WayStepSerializer(many=True)


class PickupCodeSerializer(serializers.Serializer[Any]):
    """The code to collect with: as it is, as one reads it out, and as a QR code (a whole SVG document)."""

    code = serializers.CharField()
    shown = serializers.CharField()
    qr_svg = serializers.CharField()


class PastOrderSerializer(serializers.Serializer[Any]):
    """A reservation with what it came to; no lines where everything was given back."""

    reservation_id = serializers.IntegerField()
    household_id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    round_name = serializers.CharField()
    hub_name = serializers.CharField()
    handover_on = serializers.DateField()
    currency = serializers.CharField()
    lines = serializers.IntegerField()
    lines_missed = serializers.IntegerField()
    sums = SumsSerializer()


def _line_json(line: LineResult, currency: str) -> Json:
    return {
        "line_id": line.line_id,
        "offer_id": line.offer_id,
        "window_id": line.window_id,
        "product_id": line.product_id,
        "product_name": line.product_name,
        "merchant_id": line.merchant_id,
        "merchant_name": line.merchant_name,
        "status": line.status.value,
        "asked": line.asked,
        "flexible": line.flexible,
        "got": line.got,
        "extra": line.extra,
        "unit_price": amount_or_none(line.unit_price_minor, currency),
        "unit_price_at_most": format_minor(line.at_most_minor, currency),
        "charged": format_minor(line.charged_minor, currency),
        "saved": format_minor(line.saved_minor, currency) if line.is_final else None,
        "deposit": format_minor(line.deposit_minor, currency),
        "reason": line.reason,
        "sentence": outcome_sentence(line.reason) if line.reason else "",
        "offered_back": line.offered_back,
        "collect_until": line.collect_until and line.collect_until.isoformat(),
    }


def _sums_json(result: Result, currency: str) -> Json:
    return {
        "final": result.is_final,
        "units": result.units,
        "goods": format_minor(result.may_cost_minor, currency),
        "deposits": format_minor(result.deposit_minor, currency),
        "fee": format_minor(result.fee_minor, currency),
        "total": format_minor(result.total_minor, currency),
        "saved": format_minor(result.saved_minor, currency),
    }


def _step_json(step: WayStep) -> Json:
    return {
        "code": step.code,
        "mark": step.mark.value,
        "at": instant_or_none(step.at),
        "expected_at": instant_or_none(step.expected_at),
        "expected_until": instant_or_none(step.expected_until),
        "note": step.note,
    }


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
                "lines": [_line_json(line, hub.currency) for line in order.result.lines],
                "sums": _sums_json(order.result, hub.currency),
                "windows": windows,
                "way": [_step_json(step) for step in order.way],
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
            "way": [_step_json(step) for step in order.way],
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


class PastOrders(MarketView):
    @extend_schema(
        operation_id="reservations_list",
        tags=["after"],
        parameters=[OwnCursor],
        responses=page_of(PastOrderSerializer),
    )
    def get(self, request: Request) -> Response:
        """The reservations of the own households, the newest handover first, with what each came to."""
        found = past_orders(actor(request), after=asked(request, OwnCursor)["cursor"])
        return Response(page(request, (_past_json(order) for order in found.orders), found.after))


def _past_json(order: PastOrder) -> Json:
    kept, result = order.reservation, order.result
    hub = kept.round.hub
    return {
        "reservation_id": kept.pk,
        "household_id": kept.household_id,
        "round_id": kept.round_id,
        "round_name": kept.round.name,
        "hub_name": hub.name,
        "handover_on": kept.round.handover_on.isoformat(),
        "currency": hub.currency,
        "lines": len(result.lines),
        "lines_missed": sum(line.is_final and not line.got for line in result.lines),
        "sums": _sums_json(result, hub.currency),
    }
