"""Pages by key: no offset, no count; a page is asked for by the opaque cursor of the one before."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView


class KeyPages(CursorPagination):
    """50 rows a page, at most 100 by `limit`."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 100
    ordering = "id"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As OpenAPI 3.1 says it: the inherited one describes the missing page in the words of 3.0."""
        address = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": address, "previous": address, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}

    def paginate_queryset(
        self, queryset: QuerySet[Any, Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValueError):  # the latter: a cursor whose key is no number
            raise ValidationError({"cursor": _("This cursor leads nowhere; begin with the first page.")}) from None


class NewestFirst(KeyPages):
    ordering = "-id"


class OwnCursor(serializers.Serializer[Any]):
    """The query of lists that are paged by a cursor of their own."""

    cursor = serializers.CharField(required=False, default="", allow_blank=True, max_length=600)


@cache  # one form under one name
def page_of(row: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The form of a page of these rows; of a list that is bounded by its nature it is the only page."""
    name = row.__name__.removesuffix("Serializer")
    fields: dict[str, serializers.Field[Any, Any, Any, Any]] = {
        "next": serializers.URLField(allow_null=True, help_text="Null on the last page."),
        "previous": serializers.URLField(allow_null=True, help_text="Null: these pages lead forwards."),
        "results": row(many=True),
    }
    return inline_serializer(f"Paginated{name}List", fields)


def page(request: Request, rows: Iterable[Any], following: object = "") -> dict[str, Any]:
    """A page with the address of the next one; such pages lead forwards only."""
    following = "" if following is None else str(following)
    here = request.build_absolute_uri()
    return {
        "next": replace_query_param(here, "cursor", following) if following else None,
        "previous": None,
        "results": list(rows),
    }
