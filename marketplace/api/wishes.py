"""Wishes for what nobody offers."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.wishes.make_wish import MOST_A_WEEK, make_wish, not_this, withdraw_wish
from marketplace.api.asking import IdField, household_id, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.fields import CodeField
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import page, page_of
from marketplace.api.schema import HOUSEHOLD
from marketplace.api.values import instant
from marketplace.models import Wish
from marketplace.queries.wishes import OwnWish, own_wish, own_wishes
from marketplace.rules.wishes import LONGEST_WISH

WISH_ID = path_id("wish_id")


class WishBody(Body):
    """`a_week`: about how many."""

    hub_id = IdField()
    text = serializers.CharField(max_length=LONGEST_WISH)
    a_week = serializers.IntegerField(min_value=1, max_value=MOST_A_WEEK, required=False, allow_null=True, default=None)


class OfferedSerializer(serializers.Serializer[Any]):
    """The offer that answered a wish."""

    offer_id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    product_name = serializers.CharField()


class WishSerializer(serializers.Serializer[Any]):
    """`households` wish for it too; null while they are too few to be told."""

    id = serializers.IntegerField()
    hub_id = serializers.IntegerField()
    hub_name = serializers.CharField()
    text = serializers.CharField()
    a_week = serializers.IntegerField(allow_null=True)
    state = CodeField("WishState", [Wish.State.OPEN.value, Wish.State.OFFERED.value])
    since = serializers.DateTimeField()
    households = serializers.IntegerField(allow_null=True)
    offered = OfferedSerializer(allow_null=True)


def _json(own: OwnWish) -> Json:
    wish, offer = own.wish, own.wish.offered
    return {
        "id": wish.pk,
        "hub_id": wish.topic.hub_id,
        "hub_name": wish.topic.hub.name,
        "text": wish.text,
        "a_week": wish.a_week,
        "state": wish.state,
        "since": instant(wish.since),
        "households": own.households,
        "offered": offer
        and {"offer_id": offer.pk, "round_id": offer.window.round_id, "product_name": offer.product.name},
    }


class Wishes(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="wishes_list", tags=["usual"], parameters=[HOUSEHOLD], responses=page_of(WishSerializer)
    )
    def get(self, request: Request) -> Response:
        """The household's wishes, newest first; at most fifty at each hub."""
        found = own_wishes(actor(request), household_id(request))
        return Response(page(request, (_json(own) for own in found)))

    @extend_schema(
        operation_id="wish_make",
        tags=["usual"],
        parameters=[HOUSEHOLD],
        request=WishBody,
        responses={201: WishSerializer},
    )
    def post(self, request: Request) -> Response:
        """Wish for something; the same wish again only changes how many."""
        user, wanted = actor(request), sent(request, WishBody)
        made = make_wish(**wanted, household_id=household_id(request), by=user)
        return Response(_json(own_wish(user, made.pk)), status=status.HTTP_201_CREATED)


class OneWish(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="wish_withdraw", tags=["usual"], parameters=[WISH_ID], request=None, responses={204: None}
    )
    def delete(self, request: Request, wish_id: int) -> Response:
        """Take it back."""
        withdraw_wish(wish_id=wish_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class NotThis(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="wish_not_this",
        tags=["usual"],
        parameters=[WISH_ID],
        request=None,
        responses={200: WishSerializer},
    )
    def post(self, request: Request, wish_id: int) -> Response:
        """What was offered is something else: the wish is open again."""
        user = actor(request)
        not_this(wish_id=wish_id, by=user)
        return Response(_json(own_wish(user, wish_id)))
