"""Changed offers: what the household has to agree to before the close, and its answer."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import round_for
from marketplace.actions.offers.agree_to_change import agree_to_change
from marketplace.actions.offers.decline_change import decline_change
from marketplace.actions.reserving.answer import ReservationAnswer
from marketplace.api.asking import household_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.offers import LadderStepSerializer
from marketplace.api.paging import page, page_of
from marketplace.api.reservation_json import ReservationAnswerSerializer, answer_json
from marketplace.api.schema import ETAG, HOUSEHOLD, OFFER_ID, ROUND_ID
from marketplace.api.throttles import ChangesPerUser
from marketplace.api.values import amount_or_none, instant
from marketplace.queries.offer_changes import PendingChange, changes_for
from marketplace.rules.money import format_minor
from marketplace.rules.offer_changes import Terms


class ChangeAnswerBody(Body):
    """The offer's version that was shown: a still newer one is refused (`price-changed`)."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class TermsSerializer(serializers.Serializer[Any]):
    """What an offer promises; `room` is the most units there are, null without a bound."""

    ladder = LadderStepSerializer(many=True)
    case = serializers.IntegerField()
    splittable = serializers.BooleanField()
    multiple = serializers.IntegerField()
    room = serializers.IntegerField(allow_null=True)
    best_before = serializers.DateField(allow_null=True)


class PendingChangeSerializer(serializers.Serializer[Any]):
    """A line that waits: without an answer it is released at `closes_at`. `before` is what the household knows."""

    offer_id = serializers.IntegerField()
    version = serializers.IntegerField()
    product_name = serializers.CharField()
    merchant_name = serializers.CharField()
    firm = serializers.IntegerField()
    flexible = serializers.IntegerField()
    max_unit_price = serializers.CharField(allow_null=True)
    before = TermsSerializer()
    after = TermsSerializer()
    reasons = serializers.ListField(child=serializers.CharField())
    currency = serializers.CharField()
    closes_at = serializers.DateTimeField()
    time_zone = serializers.CharField()


def _terms_json(terms: Terms, currency: str) -> Json:
    return {
        "ladder": [
            {"from_quantity": step.from_quantity, "unit_price": format_minor(step.unit_price, currency)}
            for step in terms.ladder
        ],
        "case": terms.case,
        "splittable": terms.splittable,
        "multiple": terms.multiple,
        "room": terms.cap,
        "best_before": terms.best_before and terms.best_before.isoformat(),
    }


def _change_json(change: PendingChange) -> Json:
    return {
        "offer_id": change.offer_id,
        "version": change.version,
        "product_name": change.product_name,
        "merchant_name": change.merchant_name,
        "firm": change.firm,
        "flexible": change.flexible,
        "max_unit_price": amount_or_none(change.limit_minor, change.currency),
        "before": _terms_json(change.before, change.currency),
        "after": _terms_json(change.after, change.currency),
        "reasons": list(change.reasons),
        "currency": change.currency,
        "closes_at": instant(change.closes_at),
        "time_zone": change.time_zone,
    }


class PendingChanges(MarketView):
    @extend_schema(
        operation_id="offer_changes_list",
        tags=["reservation"],
        parameters=[ROUND_ID, HOUSEHOLD],
        responses=page_of(PendingChangeSerializer),
    )
    def get(self, request: Request, round_id: int) -> Response:
        """Changed offers that wait for the household's answer, the earliest deadline first."""
        user = actor(request)
        round_for(user, round_id)
        found = changes_for(user, round_id, household_id(request))
        return Response(page(request, (_change_json(change) for change in found)))


class _Answering(MarketView):
    throttle_classes = [ChangesPerUser]

    def answered(self, answer: ReservationAnswer) -> Response:
        return Response(answer_json(answer), headers={"ETag": f'"{answer.version}"'})


class AgreeToChange(_Answering):
    @extend_schema(
        operation_id="offer_change_agree",
        tags=["reservation"],
        parameters=[ROUND_ID, OFFER_ID, HOUSEHOLD, ETAG],
        request=ChangeAnswerBody,
        responses={200: ReservationAnswerSerializer},
    )
    def post(self, request: Request, round_id: int, offer_id: int) -> Response:
        """Agree: the line stays as it is and counts again. Twice is harmless."""
        user, version = actor(request), sent(request, ChangeAnswerBody)["version"]
        named = {"round_id": round_id, "offer_id": offer_id, "version": version}
        return self.answered(agree_to_change(**named, household_id=household_id(request), by=user))


class DeclineChange(_Answering):
    @extend_schema(
        operation_id="offer_change_decline",
        tags=["reservation"],
        parameters=[ROUND_ID, OFFER_ID, HOUSEHOLD, ETAG],
        request=ChangeAnswerBody,
        responses={200: ReservationAnswerSerializer},
    )
    def post(self, request: Request, round_id: int, offer_id: int) -> Response:
        """Decline: the line is released at once and costs nothing. Twice is harmless."""
        user, version = actor(request), sent(request, ChangeAnswerBody)["version"]
        named = {"round_id": round_id, "offer_id": offer_id, "version": version}
        return self.answered(decline_change(**named, household_id=household_id(request), by=user))
