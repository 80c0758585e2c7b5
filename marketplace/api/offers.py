"""Offers as households see them: prices, packs, how they stand. Costs are the hub's and the merchant's affair."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import PUBLIC_STATES
from marketplace.api.base import PublicView
from marketplace.api.fields import CodeField
from marketplace.api.filters import OfferFilter
from marketplace.api.paging import KeyPages, page, page_of
from marketplace.api.rounds import RoomSerializer
from marketplace.api.schema import OFFER_ID
from marketplace.api.values import amount_or_none, instant, instant_or_none, rounded
from marketplace.api.windows import MerchantNameSerializer
from marketplace.errors import NotFound
from marketplace.models import Offer
from marketplace.queries.offer_list import (
    ListedOffer,
    announced_offers,
    listed_offers,
    offered_back,
    with_standings,
)
from marketplace.queries.ratings import merchant_ratings
from marketplace.queries.substitutes import substitutes_for
from marketplace.rules.clearing.reasons import OfferReason
from marketplace.rules.clearing.standing import OfferStanding
from marketplace.rules.goods import (
    ALLERGENS,
    DIETS,
    FRESH_DAYS,
    AllergenState,
    DietState,
    StorageClass,
    UnitCode,
    comparison_price,
    comparison_unit,
)
from marketplace.rules.money import format_minor
from marketplace.rules.pictures import FORMATS, SIZES

Json = dict[str, Any]
_UNKNOWN = dict.fromkeys(ALLERGENS, AllergenState.UNKNOWN.value)
_UNKNOWN_DIETS = dict.fromkeys(DIETS, DietState.UNKNOWN.value)


class CategorySerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class ContentSerializer(serializers.Serializer[Any]):
    """What one unit holds; units are UN/ECE Recommendation 20 codes."""

    amount = serializers.IntegerField()
    unit = CodeField("UnitCode", UnitCode)


@extend_schema_field(
    {
        "type": "object",
        "properties": {code: {"type": "string", "enum": [s.value for s in AllergenState]} for code in ALLERGENS},
        "required": list(ALLERGENS),
    }
)
class AllergensField(serializers.DictField):
    """The fourteen of Regulation (EU) 1169/2011; unknown is not none."""


@extend_schema_field(
    {
        "type": "object",
        "properties": {code: {"type": "string", "enum": [s.value for s in DietState]} for code in DIETS},
        "required": list(DIETS),
    }
)
class DietsField(serializers.DictField):
    """Unknown is not suitable."""


class RenditionSerializer(serializers.Serializer[Any]):
    """A square of `size` pixels; its path never shows another picture."""

    size = serializers.IntegerField()
    media_type = serializers.CharField()
    path = serializers.CharField()


class PictureSerializer(serializers.Serializer[Any]):
    """The best format first."""

    renditions = RenditionSerializer(many=True)


class ProductSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    gtin = serializers.CharField(allow_blank=True)
    category = CategorySerializer()
    pack = serializers.CharField(allow_blank=True)
    content = ContentSerializer()
    catch_weight = serializers.BooleanField()
    storage_class = CodeField("StorageClass", StorageClass)
    shelf_life_days = serializers.IntegerField()
    fresh = serializers.BooleanField()
    allergens = AllergensField()
    diets = DietsField()
    picture = PictureSerializer(allow_null=True)


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


class SubstituteSerializer(serializers.Serializer[Any]):
    """A product that may come instead, and the most that a unit of it can cost in this round."""

    product_id = serializers.IntegerField()
    name = serializers.CharField()
    merchant = serializers.CharField()
    unit_price_at_most = serializers.CharField()


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
        "product": _product_json(row),
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
        "ladder": [
            {"from_quantity": step.from_quantity, "unit_price": format_minor(step.unit_price, currency)}
            for step in offer.ladder
        ],
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


def _product_json(row: Any) -> Json:
    return {
        "id": row["product_id"],
        "name": row["product_name"],
        "description": row["product_description"],
        "gtin": row["product_gtin"],
        "category": {"slug": row["category_slug"], "name": row["category_name"]},
        "pack": row["product_pack"],
        "content": {"amount": row["product_content_amount"], "unit": row["product_content_unit"]},
        "catch_weight": row["product_catch_weight"],
        "storage_class": row["product_storage_class"],
        "shelf_life_days": row["product_shelf_life_days"],
        "fresh": row["product_shelf_life_days"] <= FRESH_DAYS,
        "allergens": {**_UNKNOWN, **row["product_allergens"]},
        "diets": {**_UNKNOWN_DIETS, **row["product_diets"]},
        "picture": _picture_json(row["picture_digest"]),
    }


def _picture_json(digest: str | None) -> Json | None:
    if digest is None:
        return None
    return {
        "renditions": [
            {"size": size, "media_type": media_type, "path": reverse("picture", args=[digest, size, extension])}
            for extension, media_type in FORMATS.items()
            for size in SIZES
        ]
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


class Offers(PublicView, GenericAPIView[Offer]):
    """Announced offers, in the order of their ids."""

    queryset = Offer.objects.none()
    serializer_class = OfferSerializer
    pagination_class = KeyPages
    filterset_class = OfferFilter

    @extend_schema(operation_id="offers_list", tags=["offers"], responses=OfferSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Announced offers with their prices and how they stand."""
        page = self.paginate_queryset(self.filter_queryset(announced_offers())) or []
        return self.get_paginated_response([offer_json(offer) for offer in with_standings(page)])


class OneOffer(PublicView):
    @extend_schema(operation_id="offers_get", tags=["offers"], parameters=[OFFER_ID], responses=OfferDetailSerializer)
    def get(self, request: Request, offer_id: int) -> Response:
        """One announced offer with all that is known of it."""
        offer = _one(offer_id)
        rating = merchant_ratings([offer.row["product_merchant_id"]]).get(offer.row["product_merchant_id"])
        stars = rating and {"stars": f"{rating.tenths // 10}.{rating.tenths % 10}", "count": rating.count}
        return Response({**offer_json(offer), "offered_back": offered_back(offer_id), "merchant_rating": stars})


class Substitutes(PublicView):
    @extend_schema(
        operation_id="substitutes_list",
        tags=["offers"],
        parameters=[OFFER_ID],
        responses=page_of(SubstituteSerializer),
    )
    def get(self, request: Request, offer_id: int) -> Response:
        """What a line may name as `substitutes`: the round's other products of the same kind, at most twelve."""
        currency = _one(offer_id).row["currency"]
        found = substitutes_for(Offer.objects.select_related("window", "product").get(pk=offer_id))
        rows = (
            {
                "product_id": one.product_id,
                "name": one.name,
                "merchant": one.merchant,
                "unit_price_at_most": format_minor(one.at_most_minor, currency),
            }
            for one in found
        )
        return Response(page(request, rows))


def _one(offer_id: int) -> ListedOffer:
    found = listed_offers([offer_id])
    if not found:
        raise NotFound(kind="offer", id=offer_id)
    return found[0]
