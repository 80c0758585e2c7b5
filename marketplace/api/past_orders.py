"""The reservations of the own households over time, with what each came to."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.asking import household_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Json, asked
from marketplace.api.outcome_json import SumsSerializer, sums_json
from marketplace.api.paging import OwnCursor, page, page_of
from marketplace.api.schema import ONE_HOUSEHOLD
from marketplace.queries.past import PastOrder, past_orders


class PastOrderSerializer(serializers.Serializer[Any]):
    """A reservation with what it came to; no lines where everything was given back."""

    reservation_id = serializers.IntegerField()
    household_id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    round_name = serializers.CharField()
    hub_name = serializers.CharField()
    handover_on = serializers.DateField()
    currency = serializers.CharField()
    lines = serializers.IntegerField()
    lines_missed = serializers.IntegerField()
    sums = SumsSerializer()


def _past_json(order: PastOrder) -> Json:
    kept, result = order.reservation, order.result
    hub = kept.round.hub
    return {
        "reservation_id": kept.pk,
        "household_id": kept.household_id,
        "round_id": kept.round_id,
        "round_name": kept.round.name,
        "hub_name": hub.name,
        "handover_on": kept.round.handover_on.isoformat(),
        "currency": hub.currency,
        "lines": len(result.lines),
        "lines_missed": sum(line.is_final and not line.got for line in result.lines),
        "sums": sums_json(result, hub.currency),
    }


class PastOrders(MarketView):
    @extend_schema(
        operation_id="reservations_list",
        tags=["after"],
        parameters=[OwnCursor, ONE_HOUSEHOLD],
        responses=page_of(PastOrderSerializer),
    )
    def get(self, request: Request) -> Response:
        """The reservations of the own households, the newest handover first, with what each came to."""
        after = asked(request, OwnCursor)["cursor"]
        found = past_orders(actor(request), household_id=household_id(request), after=after)
        return Response(page(request, (_past_json(order) for order in found.orders), found.after))
