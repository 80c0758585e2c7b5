"""Headers of requests that several views read: the key that makes a change safe to repeat, and conditions."""

import re
from hashlib import sha256
from typing import Any, Final

from django.utils.http import parse_etags
from rest_framework import status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.base import MarketView
from marketplace.api.refusals import MatchMissing, MatchUnreadable, RequestKeyMissing, RequestKeyUnreadable

LONGEST_KEY: Final = 80
# A proxy that compresses marks the ETag as weak; the version is the same. Behind the dash: what was told with it.
_ETAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,9})(?:-[0-9a-f]{16})?"')


def request_key(request: Request) -> str:
    """The client's key of a change. Raises RequestKeyMissing, RequestKeyUnreadable."""
    key = request.headers.get("Idempotency-Key", "")
    if not key.strip():
        raise RequestKeyMissing
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise RequestKeyUnreadable
    return key


def expected_version(request: Request, *, needed: bool = False) -> int | None:
    """The version that If-Match names; None without the header, or with * (any).

    Raises MatchUnreadable, and MatchMissing where the header is needed.
    """
    condition = request.headers.get("If-Match", "").strip()
    if not condition and needed:
        raise MatchMissing
    if condition in ("", "*"):
        return None
    match = _ETAG.fullmatch(condition)
    if match is None:
        raise MatchUnreadable
    return int(match[1])


class ConditionalView(MarketView):
    """A view whose answers may be kept by the one who asked, and asked for again with If-None-Match."""

    def conditional(self, request: Request, told: Any, *, version: int | None = None) -> Response:
        """The answer with its strong ETag, or 304 where it is known. A version in front serves If-Match as well."""
        digest = sha256(JSONRenderer().render(told)).hexdigest()[:16]
        etag = f'"{digest}"' if version is None else f'"{version}-{digest}"'
        self.headers["Cache-Control"] = "private, no-cache"
        known = [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]
        if etag in known or "*" in known:
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": etag})
        return Response(told, headers={"ETag": etag})
