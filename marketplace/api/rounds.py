"""Rounds: one handover occasion of a hub, with its windows and where its goods are handed over."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import round_for
from marketplace.api.base import PublicView
from marketplace.api.filters import RoundFilter
from marketplace.api.paging import NewestFirst
from marketplace.api.schema import ROUND_ID
from marketplace.api.values import instant
from marketplace.api.windows import WindowSerializer, window_json
from marketplace.models import Handover, Round, User
from marketplace.queries.announced import AnnouncedRound, announced_rounds, with_windows
from marketplace.queries.shop import handovers_of

Json = dict[str, Any]


class HubNameSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField()
    currency = serializers.CharField()
    time_zone = serializers.CharField()


class RoomSerializer(serializers.Serializer[Any]):
    """A bound and what is left of it."""

    limit = serializers.IntegerField()
    left = serializers.IntegerField()


class PickupPointSerializer(serializers.Serializer[Any]):
    """Address and directions are told to those who are signed in."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    address = serializers.CharField(allow_null=True)
    instructions = serializers.CharField(allow_null=True, allow_blank=True)


class HandoverSerializer(serializers.Serializer[Any]):
    """Where and when goods are handed over; no pickup point means delivery. `room`: reservations, null without a
    bound."""

    id = serializers.IntegerField()
    pickup_point = PickupPointSerializer(allow_null=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    room = RoomSerializer(allow_null=True)


class RoundSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    hub = HubNameSerializer()
    handover_on = serializers.DateField()
    takes_reservations = serializers.BooleanField()
    as_of = serializers.DateTimeField()
    windows = WindowSerializer(many=True)


class RoundDetailSerializer(RoundSerializer):
    handovers = HandoverSerializer(many=True)


def round_json(announced: AnnouncedRound) -> Json:
    found, now = announced.round, announced.now
    hub = found.hub
    return {
        "id": found.pk,
        "name": found.name,
        "hub": {
            "id": hub.pk,
            "slug": hub.slug,
            "name": hub.name,
            "currency": hub.currency,
            "time_zone": hub.time_zone,
        },
        "handover_on": found.handover_on.isoformat(),
        "takes_reservations": any(window.takes_reservations(now) for window in announced.windows),
        "as_of": instant(now),
        "windows": [window_json(window, now) for window in announced.windows],
    }


def handover_json(handover: Handover, *, told: bool) -> Json:
    """A handover with its point and room loaded; `told`: whether the address is told."""
    point, room = handover.pickup_point, handover.capacity
    return {
        "id": handover.pk,
        "pickup_point": point
        and {
            "id": point.pk,
            "name": point.name,
            "address": point.address if told else None,
            "instructions": point.instructions if told else None,
        },
        "starts_at": instant(handover.starts_at),
        "ends_at": instant(handover.ends_at),
        "room": room and {"limit": room.limit, "left": room.limit - room.taken},
    }


class Rounds(PublicView, GenericAPIView[Round]):
    """Announced rounds, the newest first."""

    queryset = Round.objects.none()
    serializer_class = RoundSerializer
    pagination_class = NewestFirst
    filterset_class = RoundFilter

    @extend_schema(operation_id="rounds_list", tags=["rounds"], responses=RoundSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Announced rounds with their windows."""
        page = self.paginate_queryset(self.filter_queryset(announced_rounds())) or []
        return self.get_paginated_response([round_json(found) for found in with_windows(page)])


class OneRound(PublicView):
    @extend_schema(operation_id="rounds_get", tags=["rounds"], parameters=[ROUND_ID], responses=RoundDetailSerializer)
    def get(self, request: Request, round_id: int) -> Response:
        """One round with its windows and handovers."""
        [found] = with_windows([round_for(request.user, round_id)])
        told = isinstance(request.user, User)
        handovers = [handover_json(handover, told=told) for handover in handovers_of(round_id)]
        return Response({**round_json(found), "handovers": handovers})
