"""Pages by key: no offset, no count; a page is asked for by the opaque cursor of the one before."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
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
