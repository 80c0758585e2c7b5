"""The rounds that suit a place: open, coming, and one's own."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.base import PublicView
from marketplace.api.bodies import Json, asked
from marketplace.api.places import PlaceQuery, PlaceSerializer, place_json, place_named, whole_metres
from marketplace.api.rounds import HandoverSerializer, RoundSerializer, handover_json, round_json
from marketplace.models import User
from marketplace.queries.announced import AnnouncedRound, with_merchants
from marketplace.queries.round_lists import Home, RoundSummary, home


class HomeRoundSerializer(RoundSerializer):
    """A round with the handover that suits the place best. `metres` as the crow flies, null where one place is not
    known; `at_own_point`: it is handed over at the chosen pickup point; `reserved_lines` of the own household."""

    handover = HandoverSerializer(allow_null=True)
    metres = serializers.IntegerField(allow_null=True)
    at_own_point = serializers.BooleanField()
    reserved_lines = serializers.IntegerField()


class HomeSerializer(serializers.Serializer[Any]):
    """`soon` closes within three hours, first ones first; `open` nearest first; `coming` is announced; `mine` has
    closed with reservations of the own household. `reminded_windows`: of whose opening one asked to be told."""

    place = PlaceSerializer()
    soon = HomeRoundSerializer(many=True)
    open = HomeRoundSerializer(many=True)
    coming = HomeRoundSerializer(many=True)
    mine = HomeRoundSerializer(many=True)
    reminded_windows = serializers.ListField(child=serializers.IntegerField())


def _summary_json(summary: RoundSummary, found: Home, *, told: bool) -> Json:
    return {
        **round_json(AnnouncedRound(summary.round, summary.windows, found.now)),
        "handover": summary.handover and handover_json(summary.handover, told=told),
        "metres": whole_metres(summary.metres),
        "at_own_point": summary.preferred,
        "reserved_lines": summary.lines,
    }


class HomeRounds(PublicView):
    @extend_schema(operation_id="home", tags=["finding"], parameters=[PlaceQuery], responses=HomeSerializer)
    def get(self, request: Request) -> Response:
        """Rounds near a place: open, coming, and one's own."""
        found = home(request.user, place_named(request, asked(request, PlaceQuery)))
        with_merchants(
            w for part in (found.soon, found.open, found.coming, found.mine) for s in part for w in s.windows
        )
        told = isinstance(request.user, User)
        lists = {"soon": found.soon, "open": found.open, "coming": found.coming, "mine": found.mine}
        return Response(
            {
                "place": place_json(found.place),
                **{name: [_summary_json(s, found, told=told) for s in part] for name, part in lists.items()},
                "reminded_windows": sorted(found.reminded),
            }
        )
