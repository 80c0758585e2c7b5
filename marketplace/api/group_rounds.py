"""A group in a round, and its link as strangers read it."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import group_for
from marketplace.actions.join_group import join_group
from marketplace.api.asking import TOKEN
from marketplace.api.base import MarketView, PublicView, actor
from marketplace.api.groups import GROUP_ID, OwnGroupRowSerializer, group_row_json
from marketplace.api.limits import WritesPerUser
from marketplace.api.membership import hub_name_json
from marketplace.api.offers import StandingSerializer, standing_json
from marketplace.api.rounds import HubNameSerializer
from marketplace.api.schema import ROUND_ID
from marketplace.api.values import instant
from marketplace.queries import groups as read

Json = dict[str, Any]


class GatheredSerializer(serializers.Serializer[Any]):
    """What is reserved of an offer by those who are counted, and how the offer stands for everybody."""

    offer_id = serializers.IntegerField()
    product_name = serializers.CharField()
    units = serializers.IntegerField()
    standing = StandingSerializer()


class GatheredTotalsSerializer(serializers.Serializer[Any]):
    """Totals in units, from three households on; until then `products` is null and `missing` say how many more."""

    households = serializers.IntegerField()
    missing = serializers.IntegerField()
    products = GatheredSerializer(many=True, allow_null=True)


class GroupRoundSerializer(serializers.Serializer[Any]):
    """Who has ordered and who has not is told to the group's host alone, never what."""

    group_id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    members = serializers.IntegerField()
    totals = GatheredTotalsSerializer()
    ordered = serializers.ListField(child=serializers.CharField(), allow_null=True)
    not_ordered = serializers.ListField(child=serializers.CharField(), allow_null=True)


class OpenRoundSerializer(serializers.Serializer[Any]):
    """A round that takes reservations, and its earliest deadline."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    closes_at = serializers.DateTimeField()


class GroupFactsSerializer(serializers.Serializer[Any]):
    """What whoever holds the link may read."""

    name = serializers.CharField()
    host_name = serializers.CharField()
    welcome = serializers.CharField(allow_blank=True)
    hub = HubNameSerializer()
    pickup_point_name = serializers.CharField(allow_null=True)
    households = serializers.IntegerField()
    rounds = OpenRoundSerializer(many=True)


def totals_json(totals: read.Totals, currency: str) -> Json:
    products: Sequence[read.ProductTotal] = totals.products or ()
    rows = [
        {
            "offer_id": found.offer.pk,
            "product_name": found.offer.product.name,
            "units": found.units,
            "standing": standing_json(found.standing, currency),
        }
        for found in products
    ]
    return {
        "households": totals.households,
        "missing": totals.missing,
        "products": rows if totals.products is not None else None,
    }


class GroupInRound(MarketView):
    @extend_schema(
        operation_id="groups_round",
        tags=["groups"],
        parameters=[GROUP_ID, ROUND_ID],
        responses=GroupRoundSerializer,
    )
    def get(self, request: Request, group_id: int, round_id: int) -> Response:
        """What a group gathers in a round of its hub."""
        found = read.group_round(actor(request), group_id, round_id)
        answer = {
            "group_id": group_id,
            "round_id": round_id,
            "members": found.members,
            "totals": totals_json(found.totals, found.group.hub.currency),
            "ordered": found.ordered_names,
            "not_ordered": found.waiting_names,
        }
        return Response(answer)


class GroupFacts(PublicView):
    @extend_schema(
        operation_id="group_invitations_get", tags=["groups"], parameters=[TOKEN], responses=GroupFactsSerializer
    )
    def get(self, request: Request, token: str) -> Response:
        """Who invites to what and until when, for whoever holds the link."""
        group = read.invited_by(token)
        rounds = [
            {"id": round_.pk, "name": round_.name, "closes_at": instant(window.closes_at)}
            for round_, window in read.running_rounds(group.hub_id)
        ]
        facts = {
            "name": group.name,
            "host_name": group.host.name,
            "welcome": group.welcome,
            "hub": hub_name_json(group.hub),
            "pickup_point_name": group.pickup_point.name if group.pickup_point else None,
            "households": read.households_in(group),
            "rounds": rounds,
        }
        return Response(facts)


class GroupJoined(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="group_invitations_join",
        tags=["groups"],
        parameters=[TOKEN],
        request=None,
        responses=OwnGroupRowSerializer,
    )
    def post(self, request: Request, token: str) -> Response:
        """Join the group of the link; twice is once."""
        user = actor(request)
        group = group_for(user, join_group(invitation=token, by=user).pk)
        return Response(group_row_json(read.OwnGroup(group, read.households_in(group), group.host_id == user.pk)))
