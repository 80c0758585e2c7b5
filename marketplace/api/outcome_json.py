"""What came of a reservation in the API's words: lines with their reasons, sums, the way of the goods."""

from typing import Any

from rest_framework import serializers

from marketplace.api.bodies import Json
from marketplace.api.fields import CodeField
from marketplace.api.rounds import HandoverSerializer
from marketplace.api.values import amount_or_none, instant_or_none
from marketplace.queries.outcomes import LineResult, LineStatus, Result
from marketplace.rules.money import format_minor
from marketplace.rules.progress import Mark, WayStep
from marketplace.views.outcomes import outcome_sentence


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


def line_json(line: LineResult, currency: str) -> Json:
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


def sums_json(result: Result, currency: str) -> Json:
    return {
        "final": result.is_final,
        "units": result.units,
        "goods": format_minor(result.may_cost_minor, currency),
        "deposits": format_minor(result.deposit_minor, currency),
        "fee": format_minor(result.fee_minor, currency),
        "total": format_minor(result.total_minor, currency),
        "saved": format_minor(result.saved_minor, currency),
    }


def step_json(step: WayStep) -> Json:
    return {
        "code": step.code,
        "mark": step.mark.value,
        "at": instant_or_none(step.at),
        "expected_at": instant_or_none(step.expected_at),
        "expected_until": instant_or_none(step.expected_until),
        "note": step.note,
    }
