"""Being told when a window opens."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.remind.set_reminder import set_reminder
from marketplace.api.base import MarketView, actor
from marketplace.api.limits import WritesPerUser
from marketplace.api.schema import WINDOW_ID


class ReminderSerializer(serializers.Serializer[Any]):
    window_id = serializers.IntegerField()
    reminded = serializers.BooleanField()


class Reminder(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="reminder_set",
        tags=["finding"],
        parameters=[WINDOW_ID],
        request=None,
        responses={200: ReminderSerializer},
    )
    def put(self, request: Request, window_id: int) -> Response:
        """Be told when it opens; only for a window that has not opened yet."""
        return self._set(request, window_id, wanted=True)

    @extend_schema(
        operation_id="reminder_take_back",
        tags=["finding"],
        parameters=[WINDOW_ID],
        request=None,
        responses={200: ReminderSerializer},
    )
    def delete(self, request: Request, window_id: int) -> Response:
        """Be told no longer."""
        return self._set(request, window_id, wanted=False)

    def _set(self, request: Request, window_id: int, *, wanted: bool) -> Response:
        reminded = set_reminder(window_id=window_id, wanted=wanted, by=actor(request))
        return Response({"window_id": window_id, "reminded": reminded})
