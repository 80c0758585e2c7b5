"""The own household's books at its hubs: balance, what is reserved and not charged, every movement."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import household_of
from marketplace.api.asking import HUB_SLUG, household_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Json, asked
from marketplace.api.fields import CodeField
from marketplace.api.paging import OwnCursor, page, page_of
from marketplace.api.rounds import HubNameSerializer, hub_name_json
from marketplace.api.schema import HOUSEHOLD
from marketplace.api.values import amount_or_none, instant
from marketplace.money_words import movement_words
from marketplace.queries.movements import Movement, Standing, hubs_with_books, movements_of, own_hub, standing_of
from marketplace.rules.ledger.entries import TransactionKind
from marketplace.rules.money import format_minor

# Longer numbers are no id of ours.
_DIGITS = 18


class HoldSerializer(serializers.Serializer[Any]):
    """A reservation that is not charged yet: `amount` at most, exact once `is_counted`."""

    reservation_id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    round_name = serializers.CharField()
    amount = serializers.CharField()
    is_counted = serializers.BooleanField()


class BalanceSerializer(serializers.Serializer[Any]):
    """A household at a hub. A `balance` above zero is money that the hub owes it. `credit_limit` and `available` (what
    it may still reserve) are null where the hub limits no credit."""

    hub = HubNameSerializer()
    household_id = serializers.IntegerField()
    currency = serializers.CharField()
    balance = serializers.CharField()
    reserved = serializers.CharField()
    credit_limit = serializers.CharField(allow_null=True)
    available = serializers.CharField(allow_null=True)
    holds = HoldSerializer(many=True)


class MovementSerializer(serializers.Serializer[Any]):
    """One booking: `amount` below zero was charged. `words` say why in the reader's language; `reservation_id` is null
    where it is about none of the household's own."""

    id = serializers.IntegerField()
    kind = CodeField("MovementKind", TransactionKind)
    at = serializers.DateTimeField()
    booked_at = serializers.DateTimeField()
    currency = serializers.CharField()
    amount = serializers.CharField()
    balance_after = serializers.CharField()
    words = serializers.CharField()
    reservation_id = serializers.IntegerField(allow_null=True)
    round_id = serializers.IntegerField(allow_null=True)


def _balance_json(standing: Standing) -> Json:
    currency = standing.hub.currency
    return {
        "hub": hub_name_json(standing.hub),
        "household_id": standing.household.pk,
        "currency": currency,
        "balance": format_minor(standing.balance_minor, currency),
        "reserved": format_minor(standing.held_minor, currency),
        "credit_limit": amount_or_none(standing.limit_minor, currency),
        "available": amount_or_none(standing.available_minor, currency),
        "holds": [
            {
                "reservation_id": hold.reservation.pk,
                "round_id": hold.reservation.round_id,
                "round_name": hold.reservation.round.name,
                "amount": format_minor(hold.amount_minor, currency),
                "is_counted": hold.is_counted,
            }
            for hold in standing.holds
        ],
    }


def _movement_json(movement: Movement, currency: str) -> Json:
    booking = movement.booking
    return {
        "id": booking.pk,
        "kind": booking.kind,
        "at": instant(booking.at),
        "booked_at": instant(booking.recorded_at),
        "currency": currency,
        "amount": format_minor(movement.amount_minor, currency),
        "balance_after": format_minor(movement.after_minor, currency),
        "words": movement_words(movement),
        "reservation_id": None if movement.is_part else booking.reservation_id,
        "round_id": booking.round_id,
    }


class Balances(MarketView):
    @extend_schema(
        operation_id="balances_list", tags=["money"], parameters=[HOUSEHOLD], responses=page_of(BalanceSerializer)
    )
    def get(self, request: Request) -> Response:
        """The household's balance at every hub where it has books; nothing adds across hubs."""
        household = household_of(actor(request), household_id(request))
        standings = [standing_of(household, hub) for hub in hubs_with_books(household.pk)]
        return Response(page(request, map(_balance_json, standings)))


class Movements(MarketView):
    @extend_schema(
        operation_id="balance_movements_list",
        tags=["money"],
        parameters=[HUB_SLUG, OwnCursor, HOUSEHOLD],
        responses=page_of(MovementSerializer),
    )
    def get(self, request: Request, slug: str) -> Response:
        """What moved the household's balance at a hub, what was booked last first."""
        cursor = asked(request, OwnCursor)["cursor"]
        before = int(cursor) if cursor.isdecimal() and len(cursor) <= _DIGITS else None
        household, hub = own_hub(actor(request), slug, household_id(request))
        found = movements_of(household.pk, hub.pk, before=before)
        return Response(page(request, (_movement_json(row, hub.currency) for row in found.movements), found.before))
