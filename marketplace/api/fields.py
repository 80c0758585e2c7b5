"""Fields that several nouns share."""

from collections.abc import Iterable
from typing import Any, Protocol

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from marketplace.api.values import amount_or_none
from marketplace.rules.wanted import USES


class CodeField(serializers.ChoiceField):
    """A stable code; the description lists each kind of code once, under its name."""

    def __init__(self, kind: str, codes: Iterable[str], **named: Any) -> None:
        self.kind = kind
        self.codes = [str(code) for code in codes]
        super().__init__(choices=self.codes, **named)


class WantedTermsSerializer(serializers.Serializer[Any]):
    """What a household wants of a product: at least `firm`, up to `firm + flexible`."""

    firm = serializers.IntegerField()
    flexible = serializers.IntegerField()
    flexible_for = CodeField("FlexibleFor", USES)
    max_unit_price = serializers.CharField(allow_null=True)
    whole_only = serializers.BooleanField()


class WantedTerms(Protocol):
    """Whatever holds them: a line, a standing reservation, what was taken the last time."""

    @property
    def firm(self) -> int: ...
    @property
    def flexible(self) -> int: ...
    @property
    def flexible_for(self) -> str: ...
    @property
    def max_unit_price_minor(self) -> int | None: ...
    @property
    def whole_only(self) -> bool: ...


def terms_json(wanted: WantedTerms, currency: str) -> dict[str, Any]:
    return {
        "firm": wanted.firm,
        "flexible": wanted.flexible,
        "flexible_for": wanted.flexible_for,
        "max_unit_price": amount_or_none(wanted.max_unit_price_minor, currency),
        "whole_only": wanted.whole_only,
    }


class CodeFieldDescription(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = CodeField

    def get_name(self) -> str:
        return str(self.target.kind)

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return {"type": "string", "enum": self.target.codes}
