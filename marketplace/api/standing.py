"""Standing reservations: wanted in every round of a hub until stopped."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import hub_known_to, standing_for
from marketplace.actions.standing.keep_standing import keep_standing
from marketplace.actions.standing.rest_standing import (
    stop_standing,
)
from marketplace.api.asking import IdField, household_id, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, amount_sent, sent
from marketplace.api.fields import CodeField, WantedTermsSerializer, terms_json
from marketplace.api.headers import expected_states, with_state
from marketplace.api.paging import NewestFirst
from marketplace.api.schema import HOUSEHOLD, IF_MATCH_STATE, STATE_TAG
from marketplace.api.values import instant
from marketplace.models import Hub, StandingReservation
from marketplace.queries.standing import STANDING_TERMS, own_standing
from marketplace.rules.wanted import MOST_FLEXIBLE, MOST_UNITS, USES, WantedLine

STANDING_ID = path_id("standing_id")


class StandingTermsBody(Body):
    """At least `firm`, up to `firm + flexible`; `max_unit_price` is a decimal text in the hub's currency."""

    firm = serializers.IntegerField(min_value=1, max_value=MOST_UNITS)
    flexible = serializers.IntegerField(min_value=0, max_value=MOST_FLEXIBLE, required=False, default=0)
    flexible_for = CodeField("FlexibleFor", USES, required=False, default="case")
    max_unit_price = serializers.CharField(max_length=20, required=False, allow_null=True, default=None)
    whole_only = serializers.BooleanField(required=False, default=False)


class StandingBody(StandingTermsBody):
    hub_id = IdField()
    product_id = IdField()


class StandingReservationSerializer(WantedTermsSerializer):
    """`paused`: it rests, up to `paused_until` where that is said."""

    id = serializers.IntegerField()
    hub_id = serializers.IntegerField()
    hub_name = serializers.CharField()
    product_id = serializers.IntegerField()
    product_name = serializers.CharField()
    currency = serializers.CharField()
    since = serializers.DateTimeField()
    paused = serializers.BooleanField()
    paused_until = serializers.DateField(allow_null=True)


def standing_json(standing: StandingReservation) -> Json:
    currency = standing.hub.currency
    return {
        "id": standing.pk,
        "hub_id": standing.hub_id,
        "hub_name": standing.hub.name,
        "product_id": standing.product_id,
        "product_name": standing.product.name,
        **terms_json(standing, currency),
        "currency": currency,
        "since": instant(standing.since),
        "paused": standing.paused_at is not None,
        "paused_until": standing.paused_until and standing.paused_until.isoformat(),
    }


def _wanted(terms: Json, hub: Hub) -> WantedLine:
    limit = terms["max_unit_price"]
    minor = None if limit is None else amount_sent("max_unit_price", limit, hub.currency)
    return WantedLine(
        offer_id=0,
        firm=terms["firm"],
        flexible=terms["flexible"],
        flexible_for=terms["flexible_for"],
        max_unit_price_minor=minor,
        whole_only=terms["whole_only"],
    )


def _told(standing: StandingReservation) -> Response:
    return with_state(standing_json(standing), standing, STANDING_TERMS)


class StandingList(MarketView, GenericAPIView[StandingReservation]):
    queryset = StandingReservation.objects.none()
    serializer_class = StandingReservationSerializer
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="standing_list",
        tags=["usual"],
        parameters=[HOUSEHOLD],
        responses=StandingReservationSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The household's standing reservations, newest first."""
        mine = self.paginate_queryset(own_standing(actor(request), household_id(request))) or []
        return self.get_paginated_response([standing_json(one) for one in mine])

    @extend_schema(
        operation_id="standing_keep",
        tags=["usual"],
        parameters=[HOUSEHOLD, STATE_TAG],
        request=StandingBody,
        responses={200: StandingReservationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Want a product in every round of a hub; the same product again changes what there is."""
        user, wanted = actor(request), sent(request, StandingBody)
        hub = hub_known_to(wanted["hub_id"])
        kept = keep_standing(
            hub_id=hub.pk,
            product_id=wanted["product_id"],
            wanted=_wanted(wanted, hub),
            household_id=household_id(request),
            by=user,
        )
        return _told(standing_for(user, kept.pk))


class OneStanding(MarketView):
    @extend_schema(
        operation_id="standing_get",
        tags=["usual"],
        parameters=[STANDING_ID, STATE_TAG],
        responses=StandingReservationSerializer,
    )
    def get(self, request: Request, standing_id: int) -> Response:
        """One of the household's standing reservations; its terms' state is the ETag."""
        return _told(standing_for(actor(request), standing_id))

    @extend_schema(
        operation_id="standing_change",
        tags=["usual"],
        parameters=[STANDING_ID, IF_MATCH_STATE, STATE_TAG],
        request=StandingTermsBody,
        responses={200: StandingReservationSerializer},
    )
    def put(self, request: Request, standing_id: int) -> Response:
        """Change quantities, limit and the use of the extra. Needs If-Match, else 428."""
        user, expected, terms = actor(request), expected_states(request), sent(request, StandingTermsBody)
        standing = standing_for(user, standing_id)
        keep_standing(
            hub_id=standing.hub_id,
            product_id=standing.product_id,
            wanted=_wanted(terms, standing.hub),
            expected=expected,
            household_id=standing.household_id,
            by=user,
        )
        return _told(standing_for(user, standing_id))

    @extend_schema(
        operation_id="standing_stop", tags=["usual"], parameters=[STANDING_ID], request=None, responses={204: None}
    )
    def delete(self, request: Request, standing_id: int) -> Response:
        """Stop it; its history stays."""
        stop_standing(standing_id=standing_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
