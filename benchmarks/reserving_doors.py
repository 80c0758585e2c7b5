"""The two API doors whose cost is compared: reserving as it is served, and the leanest that DRF allows.

The leanest one has the same authentication, parser and headers and reads the same body with the same code, then makes
one statement and answers.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import resolve
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.base import MarketView
from marketplace.api.wanted import read_basket

View = Callable[..., HttpResponse]


class Leanest(MarketView):
    def post(self, request: Request, round_id: int) -> Response:
        wanted = read_basket(request.data, currency=lambda: "EUR", with_group=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM marketplace_round WHERE id = %s", [round_id])
            row = cursor.fetchone()
        return Response({"round": row and row[0], "lines": len(wanted.lines)}, status=201)


def reserving(path: str) -> tuple[View, dict[str, Any]]:
    """The view that serves a path of the API, and its arguments. Throttling is off from now on."""
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["reserve"] = None
    found = resolve(path)
    return found.func, found.kwargs


def leanest() -> View:
    view: View = Leanest.as_view()
    return view


def ask(view: View, request: HttpRequest, arguments: dict[str, Any]) -> HttpResponse:
    """From view entry to the rendered answer."""
    response = view(request, **arguments)
    render = getattr(response, "render", None)
    return render() if render else response
