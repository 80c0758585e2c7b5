"""Fields that several nouns share."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class CodeField(serializers.ChoiceField):
    """A stable code; the description lists each kind of code once, under its name."""

    def __init__(self, kind: str, codes: Iterable[str], **named: Any) -> None:
        self.kind = kind
        self.codes = [str(code) for code in codes]
        super().__init__(choices=self.codes, **named)


class CodeFieldDescription(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = CodeField

    def get_name(self) -> str:
        return str(self.target.kind)

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        return {"type": "string", "enum": self.target.codes}
