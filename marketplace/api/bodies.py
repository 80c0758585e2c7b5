"""What requests send, read by declared fields: every mistake with its place, and nothing that is not known."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

Json = dict[str, Any]


class Body(serializers.Serializer[Any]):
    """A body or a query of declared members; one that is not known is a mistake rather than left out in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [name for name in data if str(name) not in self.fields]
            if unknown:
                raise serializers.ValidationError({_shown(name): [_("There is no such field.")] for name in unknown})
        return super().to_internal_value(data)


def sent(request: Request, form: type[serializers.Serializer[Any]]) -> Json:
    """The body of a request, read. Raises ValidationError with every mistake."""
    reading = form(data=request.data)
    reading.is_valid(raise_exception=True)
    found: Json = reading.validated_data
    return found


def asked(request: Request, form: type[serializers.Serializer[Any]]) -> Json:
    """The query of a request, read. Raises ValidationError with every mistake."""
    reading = form(data=request.query_params)
    reading.is_valid(raise_exception=True)
    found: Json = reading.validated_data
    return found


def _shown(name: object) -> str:
    """A field's name as it may be repeated: short, and writable whatever it was."""
    return str(name)[:40].encode("ascii", "backslashreplace").decode()
