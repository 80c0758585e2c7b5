"""Reading bodies: JSON, no more of it than a basket can need, and forms with one picture."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

from marketplace.actions.claims.pictures import MOST_BYTES
from marketplace.api.refusals import BodyTooLarge

# A picture and the form around it.
_MOST_FORM = MOST_BYTES + 65_536


class BoundedJSONParser(JSONParser):
    """JSON of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes; too deep nesting is a mistake, not a fault."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        meta = (parser_context or {})["request"].META
        if int(meta.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise BodyTooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError from None


class BoundedMultiPartParser(MultiPartParser):
    """A form with one picture."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        meta = (parser_context or {})["request"].META
        if int(meta.get("CONTENT_LENGTH") or 0) > _MOST_FORM:
            raise BodyTooLarge
        return super().parse(stream, media_type, parser_context)
