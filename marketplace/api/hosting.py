"""The host's own handovers: the board, more or less room, another place for the day."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import clock
from marketplace.access import Custody, custody_of, point_custody
from marketplace.actions.hosting.move_back import move_back
from marketplace.actions.hosting.move_handover import move_handover
from marketplace.actions.hosting.set_room import set_room
from marketplace.api.asking import named, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.group_rounds import GatheredTotalsSerializer, totals_json
from marketplace.api.paging import page, page_of
from marketplace.api.rounds import RoomSerializer
from marketplace.api.values import instant, instant_or_none
from marketplace.local_times import on_the_day
from marketplace.models import Handover
from marketplace.queries import hosting as read
from marketplace.queries.groups import totals_of
from marketplace.queries.hand_out import published_at, reservations_in

HANDOVER_ID = path_id("handover_id")


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
    handover, held = custody.handover, reservations_in(custody)
    published, now = published_at(handover.round_id), clock.now()
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
