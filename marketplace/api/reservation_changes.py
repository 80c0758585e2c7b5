"""Changes of reservations in the API's words: what a household wants, and the answer line by line."""

from typing import Any

from rest_framework import serializers, status
from rest_framework.response import Response

from marketplace.actions.reserve import LineAnswer, LineReason, LineStatus, ReservationAnswer
from marketplace.api.bodies import Json
from marketplace.api.fields import CodeField
from marketplace.api.values import instant_or_none
from marketplace.rules.money import format_minor
from marketplace.rules.states import VersionState
from marketplace.rules.wanted import MOST_SUBSTITUTES, USES

STATES = (VersionState.PLACED, VersionState.CANCELLED)


class WantedLineSerializer(serializers.Serializer[Any]):
    """At least `firm` units, up to `firm + flexible`; firm 0 takes the offer out. `max_unit_price` is the household's
    limit as a decimal text; `whole_only` means all firm units or none. `substitutes` are products of the round that may
    come instead, best first; what is not reached moves to the next round's offer of the product until `collect_until`.
    `seen_version` is the offer's version that was shown: a line meant for terms that have become worse is refused."""

    offer_id = serializers.IntegerField(min_value=1)
    firm = serializers.IntegerField(min_value=0)
    flexible = serializers.IntegerField(min_value=0, default=0)
    flexible_for = CodeField("FlexibleFor", USES, default="case")
    max_unit_price = serializers.CharField(allow_null=True, default=None)
    whole_only = serializers.BooleanField(default=False)
    substitutes = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=MOST_SUBSTITUTES, default=list
    )
    collect_until = serializers.DateField(allow_null=True, default=None)
    seen_version = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class ChangeSerializer(serializers.Serializer[Any]):
    """The named lines are set, the others stay. Without lines only the handover moves."""

    lines = WantedLineSerializer(many=True, required=False)
    handover_id = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class BasketSerializer(ChangeSerializer):
    """The lines are the whole basket of all windows that are still open."""

    lines = WantedLineSerializer(many=True)


class ReserveSerializer(BasketSerializer):
    """The lines are placed, or merged into the reservation there is. The handover may be left out where there is only
    one, the group has its place, or the household used one before."""

    group_id = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class LineAnswerSerializer(serializers.Serializer[Any]):
    """sure: served if the window closed now; waiting: `waits_for` units are missing; kept: its window takes no
    changes, or `offered_back` of the firm units are offered to others and stay until somebody takes them over; reduced
    or refused: the reason says why. A refused new line has firm 0."""

    offer_id = serializers.IntegerField()
    window_id = serializers.IntegerField()
    asked_firm = serializers.IntegerField()
    firm = serializers.IntegerField()
    flexible = serializers.IntegerField()
    status = CodeField("LineStatus", LineStatus)
    reason = CodeField("LineReason", LineReason)
    waits_for = serializers.IntegerField()
    unit_price_now = serializers.CharField()
    unit_price_at_most = serializers.CharField()
    offered_back = serializers.IntegerField()


class ReservationAnswerSerializer(serializers.Serializer[Any]):
    """The reservation after the change. `now`: what the firm units cost at today's prices; `at_most`: what firm and
    extra units cost at most; `closes_at`: the earliest deadline of what can still be changed."""

    reservation_id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    version = serializers.IntegerField()
    state = CodeField("ReservationState", STATES)
    handover_id = serializers.IntegerField()
    currency = serializers.CharField()
    now = serializers.CharField()
    at_most = serializers.CharField()
    closes_at = serializers.DateTimeField(allow_null=True)
    lines = LineAnswerSerializer(many=True)


def answer_told(answer: ReservationAnswer, code: int = status.HTTP_200_OK) -> Response:
    """The answer to a change, with the new version as its ETag."""
    return Response(answer_json(answer), status=code, headers={"ETag": f'"{answer.version}"'})


def answer_json(answer: ReservationAnswer) -> Json:
    currency = answer.currency
    return {
        "reservation_id": answer.reservation_id,
        "round_id": answer.round_id,
        "version": answer.version,
        "state": answer.state,
        "handover_id": answer.handover_id,
        "currency": currency,
        "now": format_minor(answer.now_minor, currency),
        "at_most": format_minor(answer.at_most_minor, currency),
        "closes_at": instant_or_none(answer.closes_at),
        "lines": [_line_answer(line, currency) for line in answer.lines],
    }


def _line_answer(line: LineAnswer, currency: str) -> Json:
    return {
        "offer_id": line.offer_id,
        "window_id": line.window_id,
        "asked_firm": line.asked_firm,
        "firm": line.firm,
        "flexible": line.flexible,
        "status": line.status.value,
        "reason": line.reason.value,
        "waits_for": line.waits_for,
        "unit_price_now": format_minor(line.unit_price_now_minor, currency),
        "unit_price_at_most": format_minor(line.unit_price_at_most_minor, currency),
        "offered_back": line.offered_back,
    }
