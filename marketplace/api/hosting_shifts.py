"""Shifts at handovers: saying "I help" and stepping back, and the host's list of them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import point_custody
from marketplace.actions.shifts.add_shift import add_shift
from marketplace.actions.shifts.copy_shifts import copy_shifts
from marketplace.actions.shifts.remove_shift import remove_shift
from marketplace.actions.shifts.sign_up import sign_up
from marketplace.actions.shifts.step_back import step_back
from marketplace.api.asking import named, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.hosting import HANDOVER_ID
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import page, page_of
from marketplace.api.values import instant
from marketplace.local_times import on_the_day
from marketplace.queries import shifts as read

Json = dict[str, Any]
SHIFT_ID = path_id("shift_id")


class ShiftBody(Body):
    """A task with its hours on the hub's wall, on the handover's day."""

    task = serializers.CharField(max_length=80)
    needed = serializers.IntegerField(min_value=1, max_value=50, default=1)
    starts = serializers.TimeField()
    ends = serializers.TimeField()
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class ShiftSerializer(serializers.Serializer[Any]):
    """`names` are those who come; `mine`: whoever asks is one of them."""

    id = serializers.IntegerField()
    handover_id = serializers.IntegerField()
    round_name = serializers.CharField()
    pickup_point_name = serializers.CharField(allow_null=True)
    moved_to = serializers.CharField(allow_blank=True)
    task = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    needed = serializers.IntegerField()
    missing = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())
    mine = serializers.BooleanField()


class SteppedBackSerializer(serializers.Serializer[Any]):
    """`late`: less than a day before; the hosts were told at once."""

    late = serializers.BooleanField()


class CopiedShiftsSerializer(serializers.Serializer[Any]):
    added = serializers.IntegerField()


def shift_json(found: read.Shift) -> Json:
    shift, handover = found.shift, found.shift.handover
    return {
        "id": shift.pk,
        "handover_id": handover.pk,
        "round_name": handover.round.name,
        "pickup_point_name": handover.pickup_point.name if handover.pickup_point else None,
        "moved_to": handover.moved_to,
        "task": shift.task,
        "note": shift.note,
        "starts_at": instant(shift.starts_at),
        "ends_at": instant(shift.ends_at),
        "time_zone": handover.round.hub.time_zone,
        "needed": shift.needed,
        "missing": found.missing,
        "names": found.names,
        "mine": found.mine,
    }


class Shifts(MarketView):
    @extend_schema(operation_id="shifts_list", tags=["shifts"], responses=page_of(ShiftSerializer))
    def get(self, request: Request) -> Response:
        """Shifts ahead at the hubs where one orders, the next first; at most sixty."""
        return Response(page(request, map(shift_json, read.coming_shifts(actor(request)))))


class SignUp(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="shifts_sign_up", tags=["shifts"], parameters=[SHIFT_ID], request=None, responses=ShiftSerializer
    )
    def post(self, request: Request, shift_id: int) -> Response:
        """Say "I help"; twice is once."""
        user = actor(request)
        sign_up(shift_id=shift_id, by=user)
        return Response(shift_json(read.shift_told(read.shift_for_member(user, shift_id), user)))

    @extend_schema(
        operation_id="shifts_step_back",
        tags=["shifts"],
        parameters=[SHIFT_ID],
        request=None,
        responses={200: SteppedBackSerializer},
    )
    def delete(self, request: Request, shift_id: int) -> Response:
        """Step back while it has not begun."""
        return Response({"late": step_back(shift_id=shift_id, by=actor(request))})


class HostShifts(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="hosting_shifts_list",
        tags=["shifts"],
        parameters=[HANDOVER_ID],
        responses=page_of(ShiftSerializer),
    )
    def get(self, request: Request, handover_id: int) -> Response:
        """The shifts of an own point's handover."""
        user = actor(request)
        found = read.shifts_at(point_custody(user, handover_id).handover, user)
        return Response(page(request, map(shift_json, found)))

    @extend_schema(
        operation_id="hosting_shifts_add",
        tags=["shifts"],
        parameters=[HANDOVER_ID],
        request=ShiftBody,
        responses={201: ShiftSerializer},
    )
    def post(self, request: Request, handover_id: int) -> Response:
        """Say where a hand is needed. The same task at the same time is refused the second time."""
        user = actor(request)
        handover, wanted = point_custody(user, handover_id).handover, sent(request, ShiftBody)
        starts, ends = (on_the_day(handover, wanted.pop(name)) for name in ("starts", "ends"))
        assert starts is not None and ends is not None  # noqa: S101, PT018 - both are needed
        with named(starts_at="starts", ends_at="ends"):
            made = add_shift(handover_id=handover_id, starts_at=starts, ends_at=ends, by=user, **wanted)
        return Response(shift_json(read.shift_told(made, user)), status=status.HTTP_201_CREATED)


class HostShift(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="hosting_shifts_remove",
        tags=["shifts"],
        parameters=[SHIFT_ID],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, shift_id: int) -> Response:
        """Take a shift away; who had signed up is told."""
        remove_shift(shift_id=shift_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CopiedShifts(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="hosting_shifts_copy",
        tags=["shifts"],
        parameters=[HANDOVER_ID],
        request=None,
        responses=CopiedShiftsSerializer,
    )
    def post(self, request: Request, handover_id: int) -> Response:
        """Take over the shifts of the handover before; twice adds nothing."""
        return Response({"added": copy_shifts(handover_id=handover_id, by=actor(request))})
