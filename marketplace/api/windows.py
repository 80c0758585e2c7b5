"""Ordering windows: when one can reserve, and whose goods."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import PUBLIC_STATES
from marketplace.api.base import PublicView
from marketplace.api.fields import CodeField
from marketplace.api.filters import WindowFilter
from marketplace.api.paging import KeyPages
from marketplace.api.schema import WINDOW_ID
from marketplace.api.values import instant
from marketplace.errors import NotFound
from marketplace.models import Merchant, OrderingWindow
from marketplace.queries.announced import announced_windows, clock_of

Json = dict[str, Any]


class MerchantNameSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    place = serializers.CharField(allow_blank=True)


class WindowSerializer(serializers.Serializer[Any]):
    """A cut-off inside a round. `as_of` is the server's clock, the one that decides; `filling`: the last stretch, in
    which quantities may only rise by what a case or a step misses. Instants are UTC; `time_zone` is the hub's.
    `calendar` is the path of a file (.ics) with its opening, closing and handover."""

    id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    name = serializers.CharField()
    state = CodeField("WindowState", PUBLIC_STATES)
    takes_reservations = serializers.BooleanField()
    filling = serializers.BooleanField()
    opens_at = serializers.DateTimeField()
    fills_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    as_of = serializers.DateTimeField()
    time_zone = serializers.CharField()
    calendar = serializers.CharField()
    merchants = MerchantNameSerializer(many=True)


def merchant_json(merchant: Merchant) -> Json:
    return {"id": merchant.pk, "name": merchant.name, "place": merchant.place}


def window_json(window: OrderingWindow, now: datetime) -> Json:
    """A window with its hub and its merchants loaded."""
    return {
        "id": window.pk,
        "round_id": window.round_id,
        "name": window.name,
        "state": window.state,
        "takes_reservations": window.takes_reservations(now),
        "filling": window.is_filling(now),
        "opens_at": instant(window.opens_at),
        "fills_at": instant(window.fills_at),
        "closes_at": instant(window.closes_at),
        "as_of": instant(now),
        "time_zone": window.round.hub.time_zone,
        "calendar": reverse("calendar", args=[window.pk]),
        "merchants": [merchant_json(found.supply.merchant) for found in window.window_supplies.all()],
    }


class Windows(PublicView, GenericAPIView[OrderingWindow]):
    """Announced windows, in the order of their ids."""

    queryset = OrderingWindow.objects.none()
    serializer_class = WindowSerializer
    pagination_class = KeyPages
    filterset_class = WindowFilter

    @extend_schema(operation_id="windows_list", tags=["rounds"], responses=WindowSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Announced ordering windows."""
        page = self.paginate_queryset(self.filter_queryset(announced_windows())) or []
        return self.get_paginated_response([window_json(window, clock_of(window)) for window in page])


class OneWindow(PublicView):
    @extend_schema(operation_id="windows_get", tags=["rounds"], parameters=[WINDOW_ID], responses=WindowSerializer)
    def get(self, request: Request, window_id: int) -> Response:
        """One announced window."""
        window = announced_windows().filter(pk=window_id).first()
        if window is None:
            raise NotFound(kind="window", id=window_id)
        return Response(window_json(window, clock_of(window)))
