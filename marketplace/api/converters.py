"""What parts of addresses look like."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class IdConverter(StringConverter):
    """An id: a number that every database can hold."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:  # type: ignore[override]
        return int(value)


class TokenConverter(StringConverter):
    """The secret of a link, as secrets.token_urlsafe writes it."""

    regex = "[A-Za-z0-9_-]{1,64}"


register_converter(IdConverter, "id")
register_converter(TokenConverter, "token")
