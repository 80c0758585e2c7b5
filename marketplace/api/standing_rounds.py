"""Standing reservations by rounds: what comes next, and what came of them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.asking import household_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Json
from marketplace.api.fields import CodeField
from marketplace.api.paging import NewestFirst, page, page_of
from marketplace.api.schema import HOUSEHOLD
from marketplace.api.values import instant
from marketplace.models import StandingRun
from marketplace.queries.standing import ComingRound, own_runs, standing_page


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


def _coming_json(coming: ComingRound) -> Json:
    parts = {name: getattr(coming, name) for name in ("placed", "skipped", "resting", "not_yet")}
    return {
        "round_id": coming.round.pk,
        "round_name": coming.round.name,
        "opens_at": instant(coming.opens_at),
        **{name: [standing.pk for standing in part] for name, part in parts.items()},
    }


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
