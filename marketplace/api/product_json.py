"""Products in the API's words."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.api.bodies import Json
from marketplace.api.fields import CodeField
from marketplace.rules.goods import (
    ALLERGENS,
    DIETS,
    FRESH_DAYS,
    AllergenState,
    DietState,
    StorageClass,
    UnitCode,
)
from marketplace.rules.pictures import FORMATS, SIZES

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


def product_json(row: Any) -> Json:
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
