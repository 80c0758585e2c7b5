"""Addresses that are to go: they say so in every answer, and in the description, long before.

class OldList(PublicView):
    deprecation = Deprecation(since=date(2027, 1, 10), gone_after=date(2027, 7, 31), successor="/api/v1/new/")
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar, Final

from django.utils.http import http_date
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

LONG_BEFORE: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Deprecated `since` the beginning of a day (UTC), possibly gone from the beginning of `gone_after` on.

    `successor` is the path of what to use instead. Raises ValueError for less than 180 days between the two.
    """

    since: date
    gone_after: date
    successor: str

    def __post_init__(self) -> None:
        if self.gone_after - self.since < LONG_BEFORE:
            raise ValueError(f"{self.gone_after} leaves clients less than {LONG_BEFORE.days} days")

    @property
    def headers(self) -> dict[str, str]:
        """Deprecation (RFC 9745), Sunset (RFC 8594), and where to go on reading (RFC 5829, RFC 9745)."""
        return {
            "Deprecation": f"@{_moment(self.since):.0f}",
            "Sunset": http_date(_moment(self.gone_after)),
            "Link": f'<{self.successor}>; rel="successor-version", </api/docs/>; rel="deprecation"',
        }


def _moment(day: date) -> float:
    return datetime.combine(day, time(), UTC).timestamp()


class Deprecating(APIView):
    """A view that may be on its way out. Refusals carry the headers as well."""

    deprecation: ClassVar[Deprecation | None] = None

    def finalize_response(self, request: Request, response: Any, *args: Any, **named: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **named)
        for name, value in (self.deprecation.headers if self.deprecation else {}).items():
            answer[name] = value
        return answer
