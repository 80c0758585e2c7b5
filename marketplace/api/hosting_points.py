"""The points that one hosts, with their usual hours and room."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import hosted_points
from marketplace.actions.hosting.change_point import POINT_HABITS, change_point, point_for_host
from marketplace.api.asking import path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.headers import expected_states, with_state
from marketplace.api.paging import page, page_of
from marketplace.api.schema import IF_MATCH_STATE, STATE_TAG
from marketplace.models import PickupPoint

POINT_ID = path_id("point_id")


class HostedPointSerializer(serializers.Serializer[Any]):
    """Usual hours on the hub's wall, and usual room in reservations, null without a bound."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    hub_name = serializers.CharField()
    address = serializers.CharField()
    instructions = serializers.CharField(allow_blank=True)
    opens_time = serializers.TimeField(allow_null=True)
    closes_time = serializers.TimeField(allow_null=True)
    usual_capacity = serializers.IntegerField(allow_null=True)
    time_zone = serializers.CharField()


class PointBody(Body):
    """What is left out stays as it is; it counts from the next rounds on."""

    instructions = serializers.CharField(max_length=500, allow_blank=True, required=False)
    opens_time = serializers.TimeField(allow_null=True, required=False)
    closes_time = serializers.TimeField(allow_null=True, required=False)
    usual_capacity = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, required=False)


def point_json(point: PickupPoint) -> Json:
    """A point with its hub loaded."""
    same = {name: getattr(point, name) for name in ("id", "name", "address", "instructions", "usual_capacity")}
    return {
        **same,
        "hub_name": point.hub.name,
        "opens_time": point.opens_time and point.opens_time.isoformat(),
        "closes_time": point.closes_time and point.closes_time.isoformat(),
        "time_zone": point.hub.time_zone,
    }


class HostedPoints(MarketView):
    @extend_schema(operation_id="hosting_points", tags=["hosting"], responses=page_of(HostedPointSerializer))
    def get(self, request: Request) -> Response:
        """The points that one hosts or stands in for."""
        points = hosted_points(actor(request)).select_related("hub").order_by("name", "pk")
        return Response(page(request, map(point_json, points)))


class HostedPoint(MarketView):
    @extend_schema(
        operation_id="hosting_point_get",
        tags=["hosting"],
        parameters=[POINT_ID, STATE_TAG],
        responses=HostedPointSerializer,
    )
    def get(self, request: Request, point_id: int) -> Response:
        """One own point."""
        return _told(point_for_host(actor(request), point_id))

    @extend_schema(
        operation_id="hosting_point_change",
        tags=["hosting"],
        parameters=[POINT_ID, IF_MATCH_STATE, STATE_TAG],
        request=PointBody,
        responses=HostedPointSerializer,
    )
    def patch(self, request: Request, point_id: int) -> Response:
        """Usual hours, room and how it is found, from the next rounds on. Needs If-Match, else 428."""
        user, expected = actor(request), expected_states(request)
        held = point_for_host(user, point_id)
        wanted = {name: getattr(held, name) for name in POINT_HABITS} | sent(request, PointBody)
        return _told(change_point(point_id=point_id, expected=expected, by=user, **wanted))


def _told(point: PickupPoint) -> Response:
    return with_state(point_json(point), point, POINT_HABITS)
