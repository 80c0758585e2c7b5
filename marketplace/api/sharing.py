"""Lines that are shared with another household: offering parts, answering, taking back."""

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import household_of
from marketplace.actions.sharing.answer_share import answer_share
from marketplace.actions.sharing.offer_share import offer_share
from marketplace.actions.sharing.withdraw_share import withdraw_share
from marketplace.api.accounts import HouseholdSerializer
from marketplace.api.asking import IdField, household_id, named, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, asked, sent
from marketplace.api.headers import request_key
from marketplace.api.paging import NewestFirst, page, page_of
from marketplace.api.schema import HOUSEHOLD, REQUEST_KEY
from marketplace.api.share_json import NewShareSerializer, ShareSerializer, household_ids, share_json, share_told
from marketplace.models import LineShare
from marketplace.queries.shares import neighbours, shares_seen_by, waiting_for, with_parts

SHARE_ID = path_id("share_id")
WAITING = OpenApiParameter("waiting", OpenApiTypes.BOOL, description="Only those that wait for an own answer.")


class WaitingQuery(serializers.Serializer[Any]):
    waiting = serializers.BooleanField(default=False)


class ShareBody(Body):
    """`parts` of `total_parts` of a reserved line. Without `to_household_id` the share is offered by a link."""

    round_id = IdField()
    offer_id = IdField()
    parts = serializers.IntegerField(min_value=1, max_value=99)
    total_parts = serializers.IntegerField(min_value=2, max_value=100)
    to_household_id = IdField(allow_null=True, default=None)


class Shares(MarketView, GenericAPIView[LineShare]):
    """What the own households offered or were offered, the newest first."""

    queryset = LineShare.objects.none()
    serializer_class = ShareSerializer
    pagination_class = NewestFirst
    counts_as = ("write", "invite")

    @extend_schema(
        operation_id="shares_list", tags=["shared lines"], parameters=[WAITING], responses=ShareSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Shared lines, answered ones too."""
        mine = household_ids(actor(request))
        rows = shares_seen_by(sorted(mine))
        if asked(request, WaitingQuery)["waiting"]:
            rows = rows.filter(waiting_for(sorted(mine)))
        found = with_parts(self.paginate_queryset(rows) or [])
        return self.get_paginated_response([share_json(shared, mine) for shared in found])

    @extend_schema(
        operation_id="shares_offer",
        tags=["shared lines"],
        parameters=[REQUEST_KEY, HOUSEHOLD],
        request=ShareBody,
        responses={201: NewShareSerializer},
    )
    def post(self, request: Request) -> Response:
        """Offer parts of an own line to a household of one's groups, or by a link."""
        user, key = actor(request), request_key(request)
        wanted = sent(request, ShareBody)
        with named(to="to_household_id"):
            share, token = offer_share(**wanted, household_id=household_id(request), request_key=key, by=user)
        link = request.build_absolute_uri(reverse("share_link", args=[token])) if token else None
        return Response({**share_told(user, share.pk), "token": token or None, "link": link}, status.HTTP_201_CREATED)


class Neighbours(MarketView):
    @extend_schema(
        operation_id="shares_neighbours",
        tags=["shared lines"],
        parameters=[HOUSEHOLD],
        responses=page_of(HouseholdSerializer),
    )
    def get(self, request: Request) -> Response:
        """The households of one's groups, which can be named; others are reached by a link."""
        known = neighbours(household_of(actor(request), household_id(request)).pk)
        return Response(page(request, known.values("id", "name")))


class OneShare(MarketView):
    @extend_schema(operation_id="shares_get", tags=["shared lines"], parameters=[SHARE_ID], responses=ShareSerializer)
    def get(self, request: Request, share_id: int) -> Response:
        """One shared line."""
        return Response(share_told(actor(request), share_id))


class ShareAccepted(MarketView):
    @extend_schema(
        operation_id="shares_accept",
        tags=["shared lines"],
        parameters=[SHARE_ID],
        request=None,
        responses=ShareSerializer,
    )
    def post(self, request: Request, share_id: int) -> Response:
        """Take the offered parts."""
        answer_share(share_id=share_id, accept=True, by=actor(request))
        return Response(share_told(actor(request), share_id))


class ShareDeclined(MarketView):
    @extend_schema(
        operation_id="shares_decline",
        tags=["shared lines"],
        parameters=[SHARE_ID],
        request=None,
        responses=ShareSerializer,
    )
    def post(self, request: Request, share_id: int) -> Response:
        """Leave the offered parts to their household."""
        answer_share(share_id=share_id, accept=False, by=actor(request))
        return Response(share_told(actor(request), share_id))


class ShareWithdrawn(MarketView):
    @extend_schema(
        operation_id="shares_withdraw",
        tags=["shared lines"],
        parameters=[SHARE_ID],
        request=None,
        responses=ShareSerializer,
    )
    def post(self, request: Request, share_id: int) -> Response:
        """Take an own offer back while its window is open; who had it is told."""
        withdraw_share(share_id=share_id, by=actor(request))
        return Response(share_told(actor(request), share_id))
