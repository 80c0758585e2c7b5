"""Lines that are shared with another household: offering parts, answering, and one's own part after the close."""

from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import clock
from marketplace.access import household_of, households_of
from marketplace.actions.sharing.answer_share import answer_share
from marketplace.actions.sharing.offer_share import offer_share
from marketplace.actions.sharing.withdraw_share import withdraw_share
from marketplace.api.accounts import HouseholdSerializer
from marketplace.api.asking import TOKEN, IdField, household_id, named, path_id
from marketplace.api.base import MarketView, PublicView, actor
from marketplace.api.bodies import Body, asked, sent
from marketplace.api.fields import CodeField
from marketplace.api.headers import request_key
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import NewestFirst, page, page_of
from marketplace.api.schema import HOUSEHOLD, REQUEST_KEY
from marketplace.api.throttles import InvitationsPerUser
from marketplace.api.values import instant, instant_or_none
from marketplace.errors import NotFound
from marketplace.models import LineShare, User
from marketplace.queries.invitations import share_invitation
from marketplace.queries.shares import SharedLine, neighbours, shares_seen_by, waiting_for, with_parts
from marketplace.rules.money import format_minor
from marketplace.rules.states import ShareState

Json = dict[str, Any]
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


class OwnPartSerializer(serializers.Serializer[Any]):
    """What the own household pays of the line: `parts` of the whole, its goods and its deposit."""

    parts = serializers.IntegerField()
    goods = serializers.CharField()
    deposit = serializers.CharField()


class ShareSerializer(serializers.Serializer[Any]):
    """`ours`: the line is reserved by an own household, else parts of it are offered to one. `reserved`: whether the
    line still is; `own_part` comes with the close, for an accepted share; `quantity` is the whole line's."""

    id = serializers.IntegerField()
    ours = serializers.BooleanField()
    round_id = serializers.IntegerField()
    offer_id = serializers.IntegerField()
    product_name = serializers.CharField()
    offered_by = serializers.CharField()
    offered_to = serializers.CharField(allow_null=True)
    parts = serializers.IntegerField()
    total_parts = serializers.IntegerField()
    state = CodeField("ShareState", ShareState)
    reserved = serializers.BooleanField()
    takes_answers = serializers.BooleanField()
    closes_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    offered_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    currency = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    own_part = OwnPartSerializer(allow_null=True)


class NewShareSerializer(ShareSerializer):
    """`token` and `link` are told here and never again; null where a household was named."""

    token = serializers.CharField(allow_null=True)
    link = serializers.CharField(allow_null=True)


class ShareFactsSerializer(serializers.Serializer[Any]):
    """What whoever holds the link may read."""

    offered_by = serializers.CharField()
    product_name = serializers.CharField()
    round_name = serializers.CharField()
    parts = serializers.IntegerField()
    total_parts = serializers.IntegerField()
    takes_answers = serializers.BooleanField()
    closes_at = serializers.DateTimeField()
    time_zone = serializers.CharField()


def share_json(shared: SharedLine, mine: set[int]) -> Json:
    share = shared.share
    window, round_ = share.offer.window, share.reservation.round
    ours = share.reservation.household_id in mine
    return {
        "id": share.pk,
        "ours": ours,
        "round_id": share.reservation.round_id,
        "offer_id": share.offer_id,
        "product_name": share.offer.product.name,
        "offered_by": share.reservation.household.name,
        "offered_to": share.household.name if share.household else None,
        "parts": share.parts,
        "total_parts": share.total_parts,
        "state": share.state,
        "reserved": shared.line is not None,
        "takes_answers": window.takes_reservations(clock.now()),
        "closes_at": instant(window.closes_at),
        "time_zone": round_.hub.time_zone,
        "offered_at": instant(share.offered_at),
        "answered_at": instant_or_none(share.answered_at),
        "currency": round_.hub.currency,
        "quantity": shared.bill.quantity if shared.bill else None,
        "own_part": _own_part(shared, ours, round_.hub.currency),
    }


def _own_part(shared: SharedLine, ours: bool, currency: str) -> Json | None:
    amounts = shared.ours if ours else shared.theirs
    if amounts is None:
        return None
    goods, deposit = amounts
    return {
        "parts": shared.own_parts if ours else shared.share.parts,
        "goods": format_minor(goods, currency),
        "deposit": format_minor(deposit, currency),
    }


def _households(user: User) -> set[int]:
    return {household.pk for household in households_of(user)}


def _told(user: User, share_id: int) -> Json:
    """One share of the user's households. Raises NotFound."""
    mine = _households(user)
    found = with_parts(shares_seen_by(sorted(mine)).filter(pk=share_id))
    if not found:
        raise NotFound(kind="line_share", id=share_id)
    return share_json(found[0], mine)


class Shares(MarketView, GenericAPIView[LineShare]):
    """What the own households offered or were offered, the newest first."""

    queryset = LineShare.objects.none()
    serializer_class = ShareSerializer
    pagination_class = NewestFirst
    throttle_classes = [WritesPerUser, InvitationsPerUser]

    @extend_schema(
        operation_id="shares_list", tags=["shared lines"], parameters=[WAITING], responses=ShareSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Shared lines, answered ones too."""
        mine = _households(actor(request))
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
        return Response({**_told(user, share.pk), "token": token or None, "link": link}, status.HTTP_201_CREATED)


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
        return Response(_told(actor(request), share_id))


class _Answer(MarketView):
    throttle_classes = [WritesPerUser]


class ShareAccepted(_Answer):
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
        return Response(_told(actor(request), share_id))


class ShareDeclined(_Answer):
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
        return Response(_told(actor(request), share_id))


class ShareWithdrawn(_Answer):
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
        return Response(_told(actor(request), share_id))


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
            "takes_answers": window.takes_reservations(clock.now()),
            "closes_at": instant(window.closes_at),
            "time_zone": round_.hub.time_zone,
        }
        return Response(facts)


class ShareTaken(_Answer):
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
        return Response(_told(user, share.pk))
