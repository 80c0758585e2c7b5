"""The hand-out list of an own handover, and its ticks: one tap, or what a phone gathered while it was offline."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.hosting.ask_for_list import ask_for_list
from marketplace.actions.hosting.tick import KEY_LENGTH, MOST_TICKS, NewTick, tick
from marketplace.api.asking import IdField
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.fields import CodeField
from marketplace.api.hosting import HANDOVER_ID
from marketplace.api.limits import WritesPerUser
from marketplace.api.values import instant, instant_or_none
from marketplace.errors import ListNotOpen
from marketplace.queries.hosting import HandOutList, HandOutRow, hand_out_list
from marketplace.queries.reservations import LineOutcome
from marketplace.rules.hand_out import TickKind
from marketplace.rules.money import format_minor

Json = dict[str, Any]
_STATES = ("", TickKind.HANDED_OVER, TickKind.NO_SHOW)


class HandOutLineSerializer(serializers.Serializer[Any]):
    """`quantity` of `asked` firm units came; more where extra units were used."""

    offer_id = serializers.IntegerField()
    product_name = serializers.CharField()
    asked = serializers.IntegerField()
    quantity = serializers.IntegerField()


class HandOutRowSerializer(serializers.Serializer[Any]):
    """One household's part. `state` is empty until it is ticked; `undo_until` is how long the tick can be undone."""

    reservation_id = serializers.IntegerField()
    household = serializers.CharField()
    group = serializers.CharField(allow_blank=True)
    code = serializers.CharField(allow_blank=True)
    lines = HandOutLineSerializer(many=True)
    goods = serializers.CharField()
    deposit = serializers.CharField()
    total = serializers.CharField()
    state = CodeField("HandOutState", _STATES)
    at = serializers.DateTimeField(allow_null=True)
    ticked_by = serializers.CharField(allow_blank=True)
    undo_until = serializers.DateTimeField(allow_null=True)


class HandOutListSerializer(serializers.Serializer[Any]):
    handover_id = serializers.IntegerField()
    as_of = serializers.DateTimeField()
    published_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    currency = serializers.CharField()
    no_show_rule = serializers.CharField()
    handed_over = serializers.IntegerField()
    no_shows = serializers.IntegerField()
    rows = HandOutRowSerializer(many=True)


class TickBody(Body):
    """One tap. `key` is the device's own for it, so that sending it twice is harmless; `at` is when it was tapped by
    the device's clock, now if it is left out."""

    reservation_id = IdField()
    kind = CodeField("TickKind", TickKind)
    key = serializers.CharField(max_length=KEY_LENGTH)
    at = serializers.DateTimeField(allow_null=True, default=None)


class TicksBody(Body):
    ticks = serializers.ListField(child=TickBody(), min_length=1, max_length=MOST_TICKS)


class TicksAnswerSerializer(serializers.Serializer[Any]):
    """How many of the ticks were new, and the list after them."""

    recorded = serializers.IntegerField()
    list = HandOutListSerializer()


def list_json(found: HandOutList) -> Json:
    """Raises ListNotOpen outside its hours: before publication, and a day after the handover's end."""
    if found.rows is None or found.published_at is None:
        raise ListNotOpen(over=found.over)
    hub = found.handover.round.hub
    return {
        "handover_id": found.handover.pk,
        "as_of": instant(found.now),
        "published_at": instant(found.published_at),
        "time_zone": hub.time_zone,
        "currency": hub.currency,
        "no_show_rule": hub.no_show_rule,
        "handed_over": found.handed_over,
        "no_shows": found.no_shows,
        "rows": [_row_json(row, hub.currency) for row in found.rows],
    }


def _row_json(row: HandOutRow, currency: str) -> Json:
    return {
        "reservation_id": row.reservation_id,
        "household": row.household,
        "group": row.group,
        "code": row.code,
        "lines": [_line_json(line) for line in row.lines],
        "goods": format_minor(row.goods_minor, currency),
        "deposit": format_minor(row.deposit_minor, currency),
        "total": format_minor(row.total_minor, currency),
        "state": row.state,
        "at": instant_or_none(row.at),
        "ticked_by": row.ticked_by,
        "undo_until": instant_or_none(row.until),
    }


def _line_json(line: LineOutcome) -> Json:
    names = ("offer_id", "product_name", "asked", "quantity")
    return {name: getattr(line, name) for name in names}


class HandOut(MarketView):
    @extend_schema(
        operation_id="hosting_list", tags=["hosting"], parameters=[HANDOVER_ID], responses=HandOutListSerializer
    )
    def get(self, request: Request, handover_id: int) -> Response:
        """Who collects what: names from publication until a day after the end, else `list-not-open`."""
        return Response(list_json(hand_out_list(actor(request), handover_id)))


class Ticks(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="hosting_tick",
        tags=["hosting"],
        parameters=[HANDOVER_ID],
        request=TicksBody,
        responses=TicksAnswerSerializer,
    )
    def post(self, request: Request, handover_id: int) -> Response:
        """Tick off, note a no-show, or undo within half an hour. Safe to send twice and in any order."""
        ticks = [
            NewTick(one["reservation_id"], TickKind(one["kind"]), one["key"], one["at"])
            for one in sent(request, TicksBody)["ticks"]
        ]
        user = actor(request)
        recorded = tick(handover_id=handover_id, ticks=ticks, by=user)
        return Response({"recorded": recorded, "list": list_json(hand_out_list(user, handover_id))})


class ListByMail(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="hosting_list_mail",
        tags=["hosting"],
        parameters=[HANDOVER_ID],
        request=None,
        responses={202: None},
    )
    def post(self, request: Request, handover_id: int) -> Response:
        """The list as a PDF to one's own address, drawn and mailed by the worker; taps within two minutes are one."""
        ask_for_list(handover_id=handover_id, by=actor(request))
        return Response(status=status.HTTP_202_ACCEPTED)
