"""How often one may ask through the API, and the headers that say where one stands (RateLimit, RateLimit-Policy).

The names are those of REST_FRAMEWORK's DEFAULT_THROTTLE_RATES, which pages and API count together.
"""

from typing import Any, ClassVar

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from marketplace.limits import Limit, take
from marketplace.models import User


class Counted(BaseThrottle):
    """One request more of a named limit: of the person's, or of a visitor's address."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.limit: Limit | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        who = str(request.user.pk) if isinstance(request.user, User) else f"at-{self.get_ident(request)}"
        self.limit = take(self.name, who)
        return self.limit is None or self.limit.allowed

    def wait(self) -> float | None:
        return self.limit.resets_in if self.limit else None


class Limited(APIView):
    """Each request counts; each counted answer says how many more are allowed and until when, as
    draft-ietf-httpapi-ratelimit-headers writes it."""

    # What a write counts as. A read of somebody who is signed in is a `read`, a visitor's is a `visit`.
    counts_as: ClassVar[tuple[str, ...]] = ("write",)
    _counted: tuple[Counted, ...] = ()

    def get_throttles(self) -> list[BaseThrottle]:
        names = self.counts_as
        if self.request.method in SAFE_METHODS:
            names = ("read",) if isinstance(self.request.user, User) else ("visit",)
        self._counted = tuple(Counted(name) for name in names)
        return list(self._counted)

    def finalize_response(self, request: Request, response: Any, *args: Any, **named: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **named)
        limits = [counted.limit for counted in self._counted if counted.limit]
        if limits:
            answer["RateLimit-Policy"] = ", ".join(f'"{one.name}";q={one.most};w={one.seconds}' for one in limits)
            answer["RateLimit"] = ", ".join(f'"{one.name}";r={one.left};t={one.resets_in}' for one in limits)
        return answer
