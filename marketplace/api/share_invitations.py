"""Parts of a line that are offered by a link."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import clock
from marketplace.actions.sharing.answer_share import answer_share
from marketplace.api.asking import TOKEN, household_id
from marketplace.api.base import MarketView, PublicView, actor
from marketplace.api.schema import HOUSEHOLD
from marketplace.api.share_json import ShareSerializer, share_told
from marketplace.api.values import instant
from marketplace.queries.invitations import share_invitation
from marketplace.queries.shares import units_of


class ShareFactsSerializer(serializers.Serializer[Any]):
    """What whoever holds the link may read."""

    offered_by = serializers.CharField()
    product_name = serializers.CharField()
    round_name = serializers.CharField()
    parts = serializers.IntegerField()
    total_parts = serializers.IntegerField()
    units = serializers.IntegerField(help_text="What the whole line may come to; taking a part agrees to no more.")
    takes_answers = serializers.BooleanField()
    closes_at = serializers.DateTimeField()
    time_zone = serializers.CharField()


class ShareFacts(PublicView):
    @extend_schema(
        operation_id="share_invitations_get",
        tags=["shared lines"],
        parameters=[TOKEN],
        responses=ShareFactsSerializer,
    )
    def get(self, request: Request, token: str) -> Response:
        """Who offers which part of what, for whoever holds the link."""
        share = share_invitation(token)
        window, round_ = share.offer.window, share.reservation.round
        facts = {
            "offered_by": share.reservation.household.name,
            "product_name": share.offer.product.name,
            "round_name": round_.name,
            "parts": share.parts,
            "total_parts": share.total_parts,
            "units": units_of(share),
            "takes_answers": window.takes_reservations(clock.now()),
            "closes_at": instant(window.closes_at),
            "time_zone": round_.hub.time_zone,
        }
        return Response(facts)


class ShareTaken(MarketView):
    @extend_schema(
        operation_id="share_invitations_accept",
        tags=["shared lines"],
        parameters=[TOKEN, HOUSEHOLD],
        request=None,
        responses=ShareSerializer,
    )
    def post(self, request: Request, token: str) -> Response:
        """Take the parts that the link offers; the first who does has them."""
        user = actor(request)
        share = answer_share(token=token, accept=True, household_id=household_id(request), by=user)
        return Response(share_told(user, share.pk))
