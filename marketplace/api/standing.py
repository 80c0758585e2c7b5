"""Standing reservations: wanted in every round of a hub until stopped; pauses, rounds left out, absences."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import hub_known_to, standing_for
from marketplace.actions.standing.keep_standing import keep_standing
from marketplace.actions.standing.rest_standing import (
    keep_round,
    pause_standing,
    resume_standing,
    skip_round,
    stop_standing,
)
from marketplace.api.asking import IdField, household_id, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.fields import CodeField
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import NewestFirst, page, page_of
from marketplace.api.schema import HOUSEHOLD, ROUND_ID
from marketplace.api.values import amount_or_none, instant
from marketplace.models import Hub, StandingReservation, StandingRun
from marketplace.queries.standing import ComingRound, own_runs, own_standing, standing_page
from marketplace.rules.money import MoneyError, parse_minor
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


class PauseBody(Body):
    """`until`: the last day of handovers that it rests for; left out or null: until it is resumed."""

    until = serializers.DateField(required=False, allow_null=True, default=None)


class StandingReservationSerializer(serializers.Serializer[Any]):
    """`paused`: it rests, up to `paused_until` where that is said."""

    id = serializers.IntegerField()
    hub_id = serializers.IntegerField()
    hub_name = serializers.CharField()
    product_id = serializers.IntegerField()
    product_name = serializers.CharField()
    firm = serializers.IntegerField()
    flexible = serializers.IntegerField()
    flexible_for = CodeField("FlexibleFor", USES)
    max_unit_price = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    whole_only = serializers.BooleanField()
    since = serializers.DateTimeField()
    paused = serializers.BooleanField()
    paused_until = serializers.DateField(allow_null=True)


class ComingRoundSerializer(serializers.Serializer[Any]):
    """Ids of standing reservations by what is to become of them when the round opens."""

    round_id = serializers.IntegerField()
    round_name = serializers.CharField()
    opens_at = serializers.DateTimeField()
    placed = serializers.ListField(child=serializers.IntegerField())
    skipped = serializers.ListField(child=serializers.IntegerField())
    resting = serializers.ListField(child=serializers.IntegerField())
    not_yet = serializers.ListField(child=serializers.IntegerField(), help_text="Not among the offers so far.")


class StandingRunSerializer(serializers.Serializer[Any]):
    """What came of one standing reservation in one round; `reason` is the code of a refusal."""

    id = serializers.IntegerField()
    standing_id = serializers.IntegerField()
    product_name = serializers.CharField()
    round_id = serializers.IntegerField()
    round_name = serializers.CharField()
    state = CodeField("StandingRunState", StandingRun.State.values)
    reason = serializers.CharField(allow_blank=True)
    units = serializers.IntegerField()
    at = serializers.DateTimeField()


def standing_json(standing: StandingReservation) -> Json:
    currency = standing.hub.currency
    return {
        "id": standing.pk,
        "hub_id": standing.hub_id,
        "hub_name": standing.hub.name,
        "product_id": standing.product_id,
        "product_name": standing.product.name,
        "firm": standing.firm,
        "flexible": standing.flexible,
        "flexible_for": standing.flexible_for,
        "max_unit_price": amount_or_none(standing.max_unit_price_minor, currency),
        "currency": currency,
        "whole_only": standing.whole_only,
        "since": instant(standing.since),
        "paused": standing.paused_at is not None,
        "paused_until": standing.paused_until and standing.paused_until.isoformat(),
    }


def _wanted(terms: Json, hub: Hub) -> WantedLine:
    limit = terms["max_unit_price"]
    try:
        minor = None if limit is None else parse_minor(limit, hub.currency)
    except MoneyError:
        sentence = _("Write the amount in %(currency)s as a text.") % {"currency": hub.currency}
        raise ValidationError({"max_unit_price": [sentence]}) from None
    return WantedLine(
        offer_id=0,
        firm=terms["firm"],
        flexible=terms["flexible"],
        flexible_for=terms["flexible_for"],
        max_unit_price_minor=minor,
        whole_only=terms["whole_only"],
    )


class StandingList(MarketView, GenericAPIView[StandingReservation]):
    queryset = StandingReservation.objects.none()
    serializer_class = StandingReservationSerializer
    pagination_class = NewestFirst
    throttle_classes = [WritesPerUser]

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
        parameters=[HOUSEHOLD],
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
        return Response(standing_json(standing_for(user, kept.pk)))


class OneStanding(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="standing_get", tags=["usual"], parameters=[STANDING_ID], responses=StandingReservationSerializer
    )
    def get(self, request: Request, standing_id: int) -> Response:
        """One of the household's standing reservations."""
        return Response(standing_json(standing_for(actor(request), standing_id)))

    @extend_schema(
        operation_id="standing_change",
        tags=["usual"],
        parameters=[STANDING_ID],
        request=StandingTermsBody,
        responses={200: StandingReservationSerializer},
    )
    def put(self, request: Request, standing_id: int) -> Response:
        """Change quantities, limit and the use of the extra."""
        user, terms = actor(request), sent(request, StandingTermsBody)
        standing = standing_for(user, standing_id)
        keep_standing(
            hub_id=standing.hub_id,
            product_id=standing.product_id,
            wanted=_wanted(terms, standing.hub),
            household_id=standing.household_id,
            by=user,
        )
        return Response(standing_json(standing_for(user, standing_id)))

    @extend_schema(
        operation_id="standing_stop", tags=["usual"], parameters=[STANDING_ID], request=None, responses={204: None}
    )
    def delete(self, request: Request, standing_id: int) -> Response:
        """Stop it; its history stays."""
        stop_standing(standing_id=standing_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PauseStanding(MarketView):
    throttle_classes = [WritesPerUser]

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
    throttle_classes = [WritesPerUser]

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


class ComingRounds(MarketView):
    @extend_schema(
        operation_id="standing_coming_list",
        tags=["usual"],
        parameters=[HOUSEHOLD],
        responses=page_of(ComingRoundSerializer),
    )
    def get(self, request: Request) -> Response:
        """Announced rounds that have not opened, with what of the standing reservations will be placed in each."""
        found = standing_page(actor(request), household_id(request))
        return Response(page(request, (_coming_json(one) for one in found.coming)))


def _coming_json(coming: ComingRound) -> Json:
    parts = {name: getattr(coming, name) for name in ("placed", "skipped", "resting", "not_yet")}
    return {
        "round_id": coming.round.pk,
        "round_name": coming.round.name,
        "opens_at": instant(coming.opens_at),
        **{name: [standing.pk for standing in part] for name, part in parts.items()},
    }


class StandingRuns(MarketView, GenericAPIView[StandingRun]):
    queryset = StandingRun.objects.none()
    serializer_class = StandingRunSerializer
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="standing_runs_list",
        tags=["usual"],
        parameters=[HOUSEHOLD],
        responses=StandingRunSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """What came of standing reservations, newest first."""
        mine = self.paginate_queryset(own_runs(actor(request), household_id(request))) or []
        return self.get_paginated_response([_run_json(run) for run in mine])


def _run_json(run: StandingRun) -> Json:
    return {
        "id": run.pk,
        "standing_id": run.standing_id,
        "product_name": run.standing.product.name,
        "round_id": run.round_id,
        "round_name": run.round.name,
        "state": run.state,
        "reason": run.reason,
        "units": run.units,
        "at": instant(run.at),
    }
