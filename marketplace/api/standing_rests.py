"""When a standing reservation rests: for a while, or in one coming round."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import standing_for
from marketplace.actions.standing.rest_standing import (
    keep_round,
    pause_standing,
    resume_standing,
    skip_round,
)
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.schema import ROUND_ID
from marketplace.api.standing import STANDING_ID, StandingReservationSerializer, standing_json


class PauseBody(Body):
    """`until`: the last day of handovers that it rests for; left out or null: until it is resumed."""

    until = serializers.DateField(required=False, allow_null=True, default=None)


class PauseStanding(MarketView):
    @extend_schema(
        operation_id="standing_pause",
        tags=["usual"],
        parameters=[STANDING_ID],
        request=PauseBody,
        responses={200: StandingReservationSerializer},
    )
    def put(self, request: Request, standing_id: int) -> Response:
        """Let it rest; what is in a basket already stays there."""
        user = actor(request)
        pause_standing(standing_id=standing_id, until=sent(request, PauseBody)["until"], by=user)
        return Response(standing_json(standing_for(user, standing_id)))

    @extend_schema(
        operation_id="standing_resume",
        tags=["usual"],
        parameters=[STANDING_ID],
        request=None,
        responses={200: StandingReservationSerializer},
    )
    def delete(self, request: Request, standing_id: int) -> Response:
        """Take it up again from the next window that opens."""
        user = actor(request)
        resume_standing(standing_id=standing_id, by=user)
        return Response(standing_json(standing_for(user, standing_id)))


class SkipRound(MarketView):
    @extend_schema(
        operation_id="standing_skip",
        tags=["usual"],
        parameters=[STANDING_ID, ROUND_ID],
        request=None,
        responses={204: None},
    )
    def put(self, request: Request, standing_id: int, round_id: int) -> Response:
        """Leave it out of one coming round."""
        skip_round(standing_id=standing_id, round_id=round_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="standing_keep_round",
        tags=["usual"],
        parameters=[STANDING_ID, ROUND_ID],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, standing_id: int, round_id: int) -> Response:
        """Have it placed in that round after all."""
        keep_round(standing_id=standing_id, round_id=round_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
