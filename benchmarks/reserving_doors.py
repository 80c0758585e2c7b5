"""The two API doors whose cost is compared: reserving, and the leanest that DRF allows.

Reserving is the project's own address where it is served; else a view that only parses, calls the action and answers.
The leanest one has the same authentication and reads the same body with the same serializer, then makes one
statement and answers.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from knox.auth import TokenAuthentication
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.actions.reserve import reserve
from marketplace.rules.wanted import WantedLine

View = Callable[..., HttpResponse]


class LineSerializer(serializers.Serializer[Any]):
    offer_id = serializers.IntegerField(min_value=1)
    firm = serializers.IntegerField(min_value=0)
    flexible = serializers.IntegerField(min_value=0, default=0)
    flexible_for = serializers.ChoiceField(choices=["case", "price", "order"], default="case")
    max_unit_price_minor = serializers.IntegerField(min_value=1, allow_null=True, default=None)
    whole_only = serializers.BooleanField(default=False)


class ReservationSerializer(serializers.Serializer[Any]):
    request_key = serializers.CharField(max_length=80)
    handover_id = serializers.IntegerField(allow_null=True, default=None)
    lines = LineSerializer(many=True)


class Door(APIView):
    authentication_classes = [TokenAuthentication]

    def body(self, request: Request) -> dict[str, Any]:
        serializer = ReservationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        read: dict[str, Any] = serializer.validated_data
        return read


class Reserving(Door):
    def post(self, request: Request, round_id: int) -> Response:
        body = self.body(request)
        answer = reserve(
            round_id=round_id,
            lines=[WantedLine(**line) for line in body["lines"]],
            request_key=body["request_key"],
            handover_id=body["handover_id"],
            by=request.user,  # type: ignore[arg-type]
        )
        return Response(answer.as_json(), status=201)


class Leanest(Door):
    def post(self, request: Request, round_id: int) -> Response:
        self.body(request)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, hub_id FROM marketplace_round WHERE id = %s", [round_id])
            row = cursor.fetchone()
        return Response({"round": row and row[0]}, status=201)


def reserving(path: str) -> tuple[View, dict[str, Any], str]:
    """(view, its arguments, "api" or "action only") for a path of the API."""
    try:
        found = resolve(path)
    except Resolver404:
        return Reserving.as_view(), {"round_id": int(path.split("/")[-3])}, "action only"
    return found.func, found.kwargs, "api"


def leanest() -> View:
    view: View = Leanest.as_view()
    return view


def ask(view: View, request: HttpRequest, arguments: dict[str, Any]) -> HttpResponse:
    """From view entry to the rendered answer."""
    response = view(request, **arguments)
    render = getattr(response, "render", None)
    return render() if render else response
