"""Stars and words for one merchant's goods of a round."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.ratings.rate import rate
from marketplace.api.asking import path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import page, page_of
from marketplace.api.schema import ROUND_ID
from marketplace.queries.progress import own_order
from marketplace.queries.ratings import rated
from marketplace.rules.claims import MOST_STARS, MOST_TEXT


class RatingBody(Body):
    stars = serializers.IntegerField(min_value=1, max_value=MOST_STARS)
    words = serializers.CharField(max_length=MOST_TEXT, required=False, default="", allow_blank=True)


class RatingSerializer(serializers.Serializer[Any]):
    """`stars` 0: not rated yet."""

    merchant_id = serializers.IntegerField()
    merchant_name = serializers.CharField()
    stars = serializers.IntegerField()
    words = serializers.CharField(allow_blank=True)


class Ratings(MarketView):
    @extend_schema(
        operation_id="ratings_list", tags=["after"], parameters=[ROUND_ID], responses=page_of(RatingSerializer)
    )
    def get(self, request: Request, round_id: int) -> Response:
        """The merchants of whom the household got something, with what it said of them."""
        order = own_order(actor(request), round_id)
        rows = (
            {"merchant_id": one.merchant_id, "merchant_name": one.merchant_name, "stars": one.stars, "words": one.words}
            for one in rated(order.reservation, order.result)
        )
        return Response(page(request, rows))


class OneRating(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="rating_set",
        tags=["after"],
        parameters=[ROUND_ID, path_id("merchant_id")],
        request=RatingBody,
        responses={200: RatingSerializer},
    )
    def put(self, request: Request, round_id: int, merchant_id: int) -> Response:
        """Rate, or rate anew. The merchant reads it without a name."""
        kept = rate(round_id=round_id, merchant_id=merchant_id, **sent(request, RatingBody), by=actor(request))
        return Response(
            {
                "merchant_id": kept.merchant_id,
                "merchant_name": kept.merchant.name,
                "stars": kept.stars,
                "words": kept.words,
            }
        )
