"""Offers as households see them: prices, packs, how they stand. Costs are the hub's and the merchant's affair."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from marketplace.access import PUBLIC_STATES
from marketplace.api.bodies import Json
from marketplace.api.fields import CodeField
from marketplace.api.product_json import ProductSerializer, product_json
from marketplace.api.rounds import RoomSerializer
from marketplace.api.values import amount_or_none, instant, instant_or_none, rounded
from marketplace.api.windows import MerchantNameSerializer
from marketplace.queries.offer_list import (
    ListedOffer,
)
from marketplace.rules.clearing.reasons import OfferReason
from marketplace.rules.clearing.standing import OfferStanding
from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.goods import (
    UnitCode,
    comparison_price,
    comparison_unit,
)
from marketplace.rules.money import format_minor


class LadderStepSerializer(serializers.Serializer[Any]):
    """From this many units of the whole window on, everybody pays this."""

    from_quantity = serializers.IntegerField()
    unit_price = serializers.CharField()


class ComparisonPriceSerializer(serializers.Serializer[Any]):
    """Price per kilogram, litre or piece, rounded half up; to compare, never charged."""

    amount = serializers.CharField()
    unit = CodeField("UnitCode", UnitCode)


class DepositSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    amount = serializers.CharField()


class NextStepSerializer(serializers.Serializer[Any]):
    """`missing` more units bring this price for everybody."""

    unit_price = serializers.CharField()
    missing = serializers.IntegerField()


class StandingSerializer(serializers.Serializer[Any]):
    """How it would clear if the window closed now: reserved = sure + waiting + held_by_limit. `waits_for` more units
    make all sure (null: no number does). `target` is reserved plus what the next case or step misses."""

    reached = serializers.BooleanField()
    reason = CodeField("OfferReason", OfferReason)
    reserved = serializers.IntegerField()
    sure = serializers.IntegerField()
    waiting = serializers.IntegerField()
    held_by_limit = serializers.IntegerField()
    waits_for = serializers.IntegerField(allow_null=True)
    next_step = NextStepSerializer(allow_null=True)
    target = serializers.IntegerField()


class OutlookSerializer(serializers.Serializer[Any]):
    """The expected final where somebody forecasts it: with 80 % between `units_low` and `units_high` reserved."""

    units_low = serializers.IntegerField()
    units_expected = serializers.IntegerField()
    units_high = serializers.IntegerField()
    unit_price = serializers.CharField(allow_null=True)
    as_of = serializers.DateTimeField()


class OfferSerializer(serializers.Serializer[Any]):
    """A product in one window. `price_now` is the price if it closed now (null until it is reached), `price_at_most`
    the most it can become; amounts are decimal texts in `currency`. `demand_version` rises with the window's demand,
    `version` with each change of the offer's terms: it is what a line's `seen_version` names."""

    id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    window_id = serializers.IntegerField()
    window_state = CodeField("WindowState", PUBLIC_STATES)
    takes_reservations = serializers.BooleanField()
    closes_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    product = ProductSerializer()
    merchant = MerchantNameSerializer()
    from_stock = serializers.BooleanField()
    currency = serializers.CharField()
    price_now = serializers.CharField(allow_null=True)
    price_at_most = serializers.CharField()
    comparison_price = ComparisonPriceSerializer()
    ladder = LadderStepSerializer(many=True)
    case = serializers.IntegerField()
    splittable = serializers.BooleanField()
    multiple = serializers.IntegerField()
    room = RoomSerializer(allow_null=True)
    weight_margin_percent = serializers.IntegerField(allow_null=True)
    ready_at = serializers.DateTimeField(allow_null=True)
    best_before = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()
    outlook = OutlookSerializer(allow_null=True)
    deposit = DepositSerializer(allow_null=True)
    standing = StandingSerializer()
    demand_version = serializers.IntegerField()


class MerchantRatingSerializer(serializers.Serializer[Any]):
    """The average of all ratings, to a tenth of a star; told from five ratings on."""

    stars = serializers.CharField()
    count = serializers.IntegerField()


class OfferDetailSerializer(OfferSerializer):
    """`offered_back`: units that others offer to whoever takes them over, in the last stretch."""

    offered_back = serializers.IntegerField()
    merchant_rating = MerchantRatingSerializer(allow_null=True)


def offer_json(offer: ListedOffer) -> Json:
    row, stands = offer.row, offer.standing
    currency = row["currency"]
    return {
        "id": row["id"],
        "round_id": row["round_id"],
        "window_id": row["window_id"],
        "window_state": row["state"],
        "takes_reservations": offer.takes_reservations,
        "closes_at": instant(row["closes_at"]),
        "time_zone": row["time_zone"],
        "product": product_json(row),
        "merchant": {
            "id": row["product_merchant_id"],
            "name": row["merchant_name"],
            "place": row["merchant_place"],
        },
        "from_stock": row["from_stock"],
        "currency": currency,
        "price_now": amount_or_none(stands.price_now, currency),
        "price_at_most": format_minor(stands.price_at_most, currency),
        "comparison_price": _comparison_json(row, stands),
        "ladder": ladder_json(offer.ladder, currency),
        "case": row["case"],
        "splittable": row["splittable"],
        "multiple": row["multiple"],
        "room": None if row["cap"] is None else {"limit": row["cap"], "left": row["cap"] - row["taken"]},
        "weight_margin_percent": row["weight_margin_percent"] if row["product_catch_weight"] else None,
        "ready_at": instant_or_none(row["ready_at"]),
        "best_before": row["best_before"] and row["best_before"].isoformat(),
        "version": row["version"],
        "outlook": _outlook_json(row),
        "deposit": row["deposit_name"]
        and {"name": row["deposit_name"], "amount": format_minor(row["deposit_minor"], currency)},
        "standing": standing_json(stands, currency),
        "demand_version": row["demand_version"] or 0,
    }


def ladder_json(ladder: Iterable[PriceStep], currency: str) -> list[Json]:
    return [
        {"from_quantity": step.from_quantity, "unit_price": format_minor(step.unit_price, currency)} for step in ladder
    ]


def standing_json(stands: OfferStanding, currency: str) -> Json:
    following = stands.next_step
    return {
        "reached": stands.reached,
        "reason": stands.reason.value,
        "reserved": stands.reserved,
        "sure": stands.sure,
        "waiting": stands.waiting,
        "held_by_limit": stands.held_by_limit,
        "waits_for": stands.waits_for,
        "next_step": following
        and {"unit_price": format_minor(following.unit_price, currency), "missing": following.missing},
        "target": stands.target,
    }


def _outlook_json(row: Any) -> Json | None:
    if row["outlook_as_of"] is None:
        return None
    return {
        "units_low": row["outlook_units_p10"],
        "units_expected": row["outlook_units_p50"],
        "units_high": row["outlook_units_p90"],
        "unit_price": amount_or_none(row["outlook_expected_unit_price_minor"], row["currency"]),
        "as_of": instant(row["outlook_as_of"]),
    }


def _comparison_json(row: Any, stands: OfferStanding) -> Json:
    unit = UnitCode(row["product_content_unit"])
    price = stands.price_at_most if stands.price_now is None else stands.price_now
    compared = comparison_price(price, row["product_content_amount"], unit)
    return {"amount": format_minor(rounded(compared), row["currency"]), "unit": comparison_unit(unit).value}
