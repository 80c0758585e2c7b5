"""Stars and words for one merchant's goods of a round."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.ratings.rate import rate
from marketplace.api.asking import household_id, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.paging import page, page_of
from marketplace.api.schema import HOUSEHOLD, ROUND_ID
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
        operation_id="ratings_list",
        tags=["after"],
        parameters=[ROUND_ID, HOUSEHOLD],
        responses=page_of(RatingSerializer),
    )
    def get(self, request: Request, round_id: int) -> Response:
        """The merchants of whom the household got something, with what it said of them."""
        order = own_order(actor(request), round_id, household_id(request))
        rows = (
            {"merchant_id": one.merchant_id, "merchant_name": one.merchant_name, "stars": one.stars, "words": one.words}
            for one in rated(order.reservation, order.result)
        )
        return Response(page(request, rows))


class OneRating(MarketView):
    @extend_schema(
        operation_id="rating_set",
        tags=["after"],
        parameters=[ROUND_ID, path_id("merchant_id"), HOUSEHOLD],
        request=RatingBody,
        responses={200: RatingSerializer},
    )
    def put(self, request: Request, round_id: int, merchant_id: int) -> Response:
        """Rate, or rate anew. The merchant reads it without a name."""
        user, said = actor(request), sent(request, RatingBody)
        household = household_id(request)
        kept = rate(round_id=round_id, merchant_id=merchant_id, **said, household_id=household, by=user)
        return Response(
            {
                "merchant_id": kept.merchant_id,
                "merchant_name": kept.merchant.name,
                "stars": kept.stars,
                "words": kept.words,
            }
        )
