"""Days on which a household is away: its standing reservations rest."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.standing.absences import add_absence, remove_absence
from marketplace.api.asking import household_id, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import NewestFirst
from marketplace.api.schema import HOUSEHOLD
from marketplace.models import Absence
from marketplace.queries.standing import own_absences


class AbsenceBody(Body):
    """The first and the last day, both counted."""

    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class AbsenceSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


def _json(absence: Absence) -> Json:
    return {
        "id": absence.pk,
        "starts_on": absence.starts_on.isoformat(),
        "ends_on": absence.ends_on.isoformat(),
    }


class Absences(MarketView, GenericAPIView[Absence]):
    queryset = Absence.objects.none()
    serializer_class = AbsenceSerializer
    pagination_class = NewestFirst
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="absences_list", tags=["usual"], parameters=[HOUSEHOLD], responses=AbsenceSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """Absences that are not over."""
        mine = self.paginate_queryset(own_absences(actor(request), household_id(request))) or []
        return self.get_paginated_response([_json(one) for one in mine])

    @extend_schema(
        operation_id="absence_add",
        tags=["usual"],
        parameters=[HOUSEHOLD],
        request=AbsenceBody,
        responses={201: AbsenceSerializer},
    )
    def post(self, request: Request) -> Response:
        """Say when the household is away; the same days twice are one absence."""
        user, wanted = actor(request), sent(request, AbsenceBody)
        absence = add_absence(**wanted, household_id=household_id(request), by=user)
        return Response(_json(absence), status=status.HTTP_201_CREATED)


class OneAbsence(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="absence_remove",
        tags=["usual"],
        parameters=[path_id("absence_id")],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, absence_id: int) -> Response:
        """The household is there after all."""
        remove_absence(absence_id=absence_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
