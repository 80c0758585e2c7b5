"""The host's own points and handovers: the board, moving a point for its day, its room and usual hours, deputies."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import clock
from marketplace.access import Custody, custody_of, hosted_points, point_custody
from marketplace.actions.hosting.change_point import change_point, point_for_host
from marketplace.actions.hosting.make_deputy_link import make_deputy_link
from marketplace.actions.hosting.move_back import move_back
from marketplace.actions.hosting.move_handover import move_handover
from marketplace.actions.hosting.revoke_deputy_link import revoke_deputy_link
from marketplace.actions.hosting.set_room import set_room
from marketplace.api.asking import named, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.group_rounds import GatheredTotalsSerializer, totals_json
from marketplace.api.headers import request_key
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import page, page_of
from marketplace.api.rounds import RoomSerializer
from marketplace.api.schema import REQUEST_KEY
from marketplace.api.values import instant, instant_or_none
from marketplace.local_times import on_the_day
from marketplace.models import DeputyLink, Handover, PickupPoint
from marketplace.queries import hosting as read
from marketplace.queries.groups import totals_of

Json = dict[str, Any]
HANDOVER_ID, POINT_ID, LINK_ID = path_id("handover_id"), path_id("point_id"), path_id("link_id")


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


class HostedHandoverSerializer(serializers.Serializer[Any]):
    """A handover that is one's own to hand out. `moved_to` is empty unless it is moved for its day; `published`: its
    list of names is there."""

    id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    round_name = serializers.CharField()
    pickup_point_id = serializers.IntegerField(allow_null=True)
    pickup_point_name = serializers.CharField(allow_null=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    moved_to = serializers.CharField(allow_blank=True)
    moved_reason = serializers.CharField(allow_blank=True)
    reservations = serializers.IntegerField()
    room = RoomSerializer(allow_null=True)
    helpers_missing = serializers.IntegerField()
    published = serializers.BooleanField()


class HandoverBoardSerializer(HostedHandoverSerializer):
    """`whole_point`: whether all who collect there are one's own, or the own groups alone. Totals are in units, from
    three households on."""

    whole_point = serializers.BooleanField()
    published_at = serializers.DateTimeField(allow_null=True)
    totals = GatheredTotalsSerializer()


class MoveBody(Body):
    """Another place for the handover's one day; times on the hub's wall, only where they move too."""

    moved_to = serializers.CharField(max_length=300)
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    starts = serializers.TimeField(allow_null=True, default=None)
    ends = serializers.TimeField(allow_null=True, default=None)


class RoomBody(Body):
    reservations = serializers.IntegerField(min_value=1, max_value=10_000)


class DeputyBody(Body):
    name = serializers.CharField(max_length=80)


class DeputyLinkSerializer(serializers.Serializer[Any]):
    """A link that opens the list without an account on the handover's day. `works`: it does, or will."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    works = serializers.BooleanField()


class NewDeputyLinkSerializer(DeputyLinkSerializer):
    """`token` and `link` are told here and never again."""

    token = serializers.CharField()
    link = serializers.CharField()


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


def handover_facts(handover: Handover, *, reservations: int, missing: int, published: bool) -> Json:
    """A handover with round, hub, point and room loaded."""
    point, room = handover.pickup_point, handover.capacity
    return {
        "id": handover.pk,
        "round_id": handover.round_id,
        "round_name": handover.round.name,
        "pickup_point_id": handover.pickup_point_id,
        "pickup_point_name": point.name if point else None,
        "starts_at": instant(handover.starts_at),
        "ends_at": instant(handover.ends_at),
        "time_zone": handover.round.hub.time_zone,
        "moved_to": handover.moved_to,
        "moved_reason": handover.moved_reason,
        "reservations": reservations,
        "room": room and {"limit": room.limit, "left": room.limit - room.taken},
        "helpers_missing": missing,
        "published": published,
    }


def _row_json(row: read.BoardRow) -> Json:
    return handover_facts(row.handover, reservations=row.reservations, missing=row.missing, published=row.published)


def _board(custody: Custody) -> Json:
    """Eight queries at most after the custody's own."""
    handover, held = custody.handover, read.reservations_in(custody)
    published, now = read.published_at(handover.round_id), clock.now()
    missing = read.shift_gaps([handover.pk]).get(handover.pk, 0)
    there = published is not None and published <= now
    return {
        **handover_facts(handover, reservations=held.count(), missing=missing, published=there),
        "whole_point": custody.group_ids is None,
        "published_at": instant_or_none(published),
        "totals": totals_json(totals_of(held), handover.round.hub.currency),
    }


def _board_of(request: Request, handover_id: int) -> Response:
    return Response(_board(custody_of(actor(request), handover_id)))


def deputy_json(link: DeputyLink) -> Json:
    return {
        "id": link.pk,
        "name": link.name,
        "valid_from": instant(link.valid_from),
        "valid_until": instant(link.valid_until),
        "revoked_at": instant_or_none(link.revoked_at),
        "works": link.revoked_at is None and clock.now() < link.valid_until,
    }


class HostedPoints(MarketView):
    @extend_schema(operation_id="hosting_points", tags=["hosting"], responses=page_of(HostedPointSerializer))
    def get(self, request: Request) -> Response:
        """The points that one hosts or stands in for."""
        points = hosted_points(actor(request)).select_related("hub").order_by("name", "pk")
        return Response(page(request, map(point_json, points)))


class HostedPoint(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="hosting_point_get", tags=["hosting"], parameters=[POINT_ID], responses=HostedPointSerializer
    )
    def get(self, request: Request, point_id: int) -> Response:
        """One own point."""
        return Response(point_json(point_for_host(actor(request), point_id)))

    @extend_schema(
        operation_id="hosting_point_change",
        tags=["hosting"],
        parameters=[POINT_ID],
        request=PointBody,
        responses=HostedPointSerializer,
    )
    def patch(self, request: Request, point_id: int) -> Response:
        """Usual hours, room and how it is found, from the next rounds on."""
        user = actor(request)
        held = point_for_host(user, point_id)
        names = ("instructions", "opens_time", "closes_time", "usual_capacity")
        wanted = {name: getattr(held, name) for name in names} | sent(request, PointBody)
        return Response(point_json(change_point(point_id=point_id, by=user, **wanted)))


class HostedHandovers(MarketView):
    @extend_schema(operation_id="hosting_handovers", tags=["hosting"], responses=page_of(HostedHandoverSerializer))
    def get(self, request: Request) -> Response:
        """Own handovers that are not over for a day, the next first; at most forty."""
        return Response(page(request, map(_row_json, read.board(actor(request)).rows)))


class HostedHandover(MarketView):
    @extend_schema(
        operation_id="hosting_handover_get",
        tags=["hosting"],
        parameters=[HANDOVER_ID],
        responses=HandoverBoardSerializer,
    )
    def get(self, request: Request, handover_id: int) -> Response:
        """The live board of one own handover: orders, totals, steps near."""
        return _board_of(request, handover_id)


class HandoverRoom(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="hosting_handover_room",
        tags=["hosting"],
        parameters=[HANDOVER_ID],
        request=RoomBody,
        responses=HandoverBoardSerializer,
    )
    def put(self, request: Request, handover_id: int) -> Response:
        """More or less room, in reservations; never less than there are."""
        with named(room="reservations"):
            set_room(handover_id=handover_id, by=actor(request), **sent(request, RoomBody))
        return _board_of(request, handover_id)


class HandoverMoved(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="hosting_handover_move",
        tags=["hosting"],
        parameters=[HANDOVER_ID],
        request=MoveBody,
        responses=HandoverBoardSerializer,
    )
    def post(self, request: Request, handover_id: int) -> Response:
        """Another place for this one day; everybody who collects there is told."""
        wanted, user = sent(request, MoveBody), actor(request)
        handover = point_custody(user, handover_id).handover
        starts, ends = (on_the_day(handover, wanted.pop(name)) for name in ("starts", "ends"))
        with named(starts_at="starts", ends_at="ends"):
            move_handover(handover_id=handover_id, starts_at=starts, ends_at=ends, by=user, **wanted)
        return _board_of(request, handover_id)

    @extend_schema(
        operation_id="hosting_handover_move_back",
        tags=["hosting"],
        parameters=[HANDOVER_ID],
        request=None,
        responses={200: HandoverBoardSerializer},
    )
    def delete(self, request: Request, handover_id: int) -> Response:
        """Where it always is again; everybody is told."""
        move_back(handover_id=handover_id, by=actor(request))
        return _board_of(request, handover_id)


class Deputies(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="hosting_deputies_list",
        tags=["hosting"],
        parameters=[HANDOVER_ID],
        responses=page_of(DeputyLinkSerializer),
    )
    def get(self, request: Request, handover_id: int) -> Response:
        """Links for deputies of one handover, those taken back too."""
        handover = point_custody(actor(request), handover_id).handover
        return Response(page(request, map(deputy_json, read.deputy_links(handover))))

    @extend_schema(
        operation_id="hosting_deputies_make",
        tags=["hosting"],
        parameters=[HANDOVER_ID, REQUEST_KEY],
        request=DeputyBody,
        responses={201: NewDeputyLinkSerializer},
    )
    def post(self, request: Request, handover_id: int) -> Response:
        """A link for somebody without an account. The same key again gives the same link."""
        key, name = request_key(request), sent(request, DeputyBody)["name"]
        made, token = make_deputy_link(handover_id=handover_id, name=name, request_key=key, by=actor(request))
        link = request.build_absolute_uri(reverse("deputy", args=[token]))
        return Response({**deputy_json(made), "token": token, "link": link}, status=status.HTTP_201_CREATED)


class Deputy(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="hosting_deputies_revoke",
        tags=["hosting"],
        parameters=[HANDOVER_ID, LINK_ID],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, handover_id: int, link_id: int) -> Response:
        """Take a link back; what was ticked by it stays."""
        revoke_deputy_link(handover_id=handover_id, link_id=link_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
