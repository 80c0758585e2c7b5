"""How often one may ask through the API, and the headers that say where one stands (RateLimit, RateLimit-Policy)."""

from collections.abc import Sequence
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from marketplace.limits import Limit, take


class LimitPerUser(BaseThrottle):
    """One of the named limits, counted per person."""

    name: str
    reads_are_free = True
    limit: Limit | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        if self.reads_are_free and request.method in ("GET", "HEAD", "OPTIONS"):
            return True
        self.limit = take(self.name, str(request.user.pk))
        return self.limit is None or self.limit.allowed

    def wait(self) -> float | None:
        return self.limit.resets_in if self.limit else None


class ChangesPerUser(LimitPerUser):
    """Reads are free; each change of a reservation counts, from pages and API together."""

    name = "reserve"


class InvitationsPerUser(LimitPerUser):
    """Invitations send mail to whoever is named."""

    name = "invite"


class TicketsPerUser(LimitPerUser):
    name = "ticket"


class LimitHeaders(APIView):
    """Tells on every counted answer how many more are allowed and until when (draft-ietf-httpapi-ratelimit-headers)."""

    _asked: Sequence[BaseThrottle] | None = None

    def get_throttles(self) -> list[BaseThrottle]:
        # Kept: the framework makes new ones each time, and their counts are told at the end.
        self._asked = super().get_throttles()
        return list(self._asked)

    def finalize_response(self, request: Request, response: Any, *args: Any, **named: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **named)
        limits = [asked.limit for asked in self._asked or () if isinstance(asked, LimitPerUser) and asked.limit]
        if limits:
            answer["RateLimit-Policy"] = ", ".join(f'"{one.name}";q={one.most};w={one.seconds}' for one in limits)
            answer["RateLimit"] = ", ".join(f'"{one.name}";r={one.left};t={one.resets_in}' for one in limits)
        return answer
