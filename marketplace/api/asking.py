"""What views read from the parts of a request that are not its body."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from marketplace.api.filters import MOST_ID
from marketplace.api.refusals import MatchMissing, MatchUnreadable
from marketplace.errors import InvalidInput

_TAG = re.compile(r'(?:W/)?"([^"]*)"')  # a proxy that compresses marks the ETag as weak

TOKEN = OpenApiParameter("token", OpenApiTypes.STR, OpenApiParameter.PATH, description="The secret of the link.")
HUB_SLUG = OpenApiParameter("slug", OpenApiTypes.STR, OpenApiParameter.PATH, description="The hub's short name.")


class IdField(serializers.IntegerField):
    """An id in a body."""

    def __init__(self, **named: object) -> None:
        super().__init__(min_value=1, max_value=MOST_ID, **named)  # type: ignore[arg-type]


def path_id(name: str) -> OpenApiParameter:
    """The description of an id in an address."""
    return OpenApiParameter(name, OpenApiTypes.INT64, OpenApiParameter.PATH)


def household_id(request: Request) -> int | None:
    """The household that ?household= names, if any. Raises ValidationError."""
    named = request.query_params.get("household")
    if named is None:
        return None
    if not (named.isascii() and named.isdigit() and len(named) < 20 and 1 <= int(named) <= MOST_ID):
        raise ValidationError({"household": _("Give the id of the household.")})
    return int(named)


def matched(request: Request) -> tuple[str, ...]:
    """The ETags of If-Match; empty for *, which is any. Raises MatchMissing without, MatchUnreadable."""
    condition = request.headers.get("If-Match", "").strip()
    if not condition:
        raise MatchMissing
    tags = tuple(_TAG.findall(condition))
    if condition != "*" and not tags:
        raise MatchUnreadable
    return tags


@contextmanager
def named(**places: str) -> Iterator[None]:
    """Mistakes that an action finds, at their places in the body where the body calls them otherwise."""
    try:
        yield
    except InvalidInput as error:
        found = [{**one, "place": places.get(one["place"], one["place"])} for one in error.facts["problems"]]
        raise InvalidInput(problems=found) from error
