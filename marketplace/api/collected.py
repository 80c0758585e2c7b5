"""What an order did not reach and a household goes on collecting."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.asking import household_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Json
from marketplace.api.fields import CodeField
from marketplace.api.paging import NewestFirst
from marketplace.api.schema import HOUSEHOLD
from marketplace.models import CollectedRest
from marketplace.queries.collecting import own_rests
from marketplace.rules.money import format_minor
from marketplace.rules.states import CollectedState


class CollectedRestSerializer(serializers.Serializer[Any]):
    """`units` of the `missed` ones are still to be placed in a later round's offer of the product, at no more than
    `unit_price_at_most`, until the day `until`; `moved_to_offer_id` is where it was placed last."""

    id = serializers.IntegerField()
    hub_id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    product_name = serializers.CharField()
    state = CodeField("CollectedState", CollectedState)
    missed = serializers.IntegerField()
    units = serializers.IntegerField()
    currency = serializers.CharField()
    unit_price_at_most = serializers.CharField()
    until = serializers.DateField()
    offer_id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    moved_to_offer_id = serializers.IntegerField(allow_null=True)
    moved_to_round_id = serializers.IntegerField(allow_null=True)


def _json(rest: CollectedRest) -> Json:
    moved = rest.moved_to
    return {
        "id": rest.pk,
        "hub_id": rest.hub_id,
        "product_id": rest.product_id,
        "product_name": rest.product.name,
        "state": rest.state,
        "missed": rest.missed,
        "units": rest.units,
        "currency": rest.hub.currency,
        "unit_price_at_most": format_minor(rest.at_most_minor, rest.hub.currency),
        "until": rest.until.isoformat(),
        "offer_id": rest.offer_id,
        "round_id": rest.offer.window.round_id,
        "moved_to_offer_id": moved.pk if moved else None,
        "moved_to_round_id": moved.window.round_id if moved else None,
    }


class CollectedRests(MarketView, GenericAPIView[CollectedRest]):
    queryset = CollectedRest.objects.none()
    serializer_class = CollectedRestSerializer
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="collected_rests_list",
        tags=["reservation"],
        parameters=[HOUSEHOLD],
        responses=CollectedRestSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """What moves on to later rounds, newest first."""
        mine = self.paginate_queryset(own_rests(actor(request), household_id(request))) or []
        return self.get_paginated_response([_json(rest) for rest in mine])
