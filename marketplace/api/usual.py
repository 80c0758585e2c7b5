"""My usual: what a household takes most times, beside a round, and into its basket at once."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.standing.fill_from_usual import fill_from_usual
from marketplace.api.asking import IdField, household_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.fields import CodeField
from marketplace.api.headers import request_key
from marketplace.api.paging import page, page_of
from marketplace.api.reservation_json import ReservationAnswerSerializer, answer_json
from marketplace.api.schema import HOUSEHOLD, REQUEST_KEY, ROUND_ID
from marketplace.api.throttles import ChangesPerUser
from marketplace.api.values import amount_or_none
from marketplace.queries.usual import UsualItem, UsualState, usual_preview
from marketplace.rules.wanted import MOST_LINES, USES


class FillBody(Body):
    """`products`: which of the usual ones; left out or null for all that can be added. The handover as in reserving."""

    products = serializers.ListField(
        child=IdField(), max_length=MOST_LINES, required=False, allow_null=True, default=None
    )
    handover_id = IdField(required=False, allow_null=True, default=None)


class UsualItemSerializer(serializers.Serializer[Any]):
    """A usual product in this round, with the terms of the last time; only `ready` ones can be added. `paid`: the unit
    price when it was last ordered; `dearer`: it would cost more now."""

    product_id = serializers.IntegerField()
    product_name = serializers.CharField()
    merchant_name = serializers.CharField()
    state = CodeField("UsualState", UsualState)
    offer_id = serializers.IntegerField(allow_null=True)
    rounds = serializers.IntegerField(help_text="In how many of the last rounds it was taken.")
    firm = serializers.IntegerField()
    flexible = serializers.IntegerField()
    flexible_for = CodeField("FlexibleFor", USES)
    max_unit_price = serializers.CharField(allow_null=True)
    whole_only = serializers.BooleanField()
    currency = serializers.CharField()
    paid = serializers.CharField(allow_null=True)
    price_now = serializers.CharField(allow_null=True)
    price_at_most = serializers.CharField(allow_null=True)
    dearer = serializers.BooleanField()


class FilledSerializer(serializers.Serializer[Any]):
    """The reservation after it; null where nothing was left to add."""

    reservation = ReservationAnswerSerializer(allow_null=True)


def _item_json(item: UsualItem, currency: str) -> Json:
    taken = item.taken
    return {
        "product_id": item.product.pk,
        "product_name": item.product.name,
        "merchant_name": item.product.merchant.name,
        "state": item.state.value,
        "offer_id": item.offer.pk if item.offer else None,
        "rounds": item.rounds,
        "firm": taken.firm,
        "flexible": taken.flexible,
        "flexible_for": taken.flexible_for,
        "max_unit_price": amount_or_none(taken.max_unit_price_minor, currency),
        "whole_only": taken.whole_only,
        "currency": currency,
        "paid": amount_or_none(item.paid_minor, currency),
        "price_now": amount_or_none(item.now_minor, currency),
        "price_at_most": amount_or_none(item.at_most_minor, currency),
        "dearer": item.is_dearer,
    }


class OwnUsual(MarketView):
    throttle_classes = [ChangesPerUser]

    @extend_schema(
        operation_id="usual_list",
        tags=["usual"],
        parameters=[ROUND_ID, HOUSEHOLD],
        responses=page_of(UsualItemSerializer),
    )
    def get(self, request: Request, round_id: int) -> Response:
        """What the household usually takes, and how it stands in this round; most frequent first."""
        found = usual_preview(actor(request), round_id, household_id(request))
        currency = found.round.hub.currency
        return Response(page(request, (_item_json(item, currency) for item in found.items)))

    @extend_schema(
        operation_id="usual_fill",
        tags=["usual"],
        parameters=[ROUND_ID, REQUEST_KEY, HOUSEHOLD],
        request=FillBody,
        responses={200: FilledSerializer},
    )
    def post(self, request: Request, round_id: int) -> Response:
        """Reserve the usual products; what the basket holds stays as it is."""
        key, wanted = request_key(request), sent(request, FillBody)
        answer = fill_from_usual(
            round_id=round_id,
            product_ids=wanted["products"],
            request_key=key,
            handover_id=wanted["handover_id"],
            household_id=household_id(request),
            by=actor(request),
        )
        return Response({"reservation": answer_json(answer) if answer else None})
