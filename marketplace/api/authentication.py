"""Who asks: the token of an app's own session. Browsers come with their cookie and a CSRF token instead."""

import re
from typing import Any, Final

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

HEADER: Final = "X-Session-Token"
_TOKEN = re.compile(r"[0-9a-z]{8,64}")


class SessionTokenAuthentication(XSessionTokenAuthentication):
    """Refuses what cannot be a token before it is looked up, and says so of one that has ended."""

    def authenticate(self, request: Request) -> Any:  # type: ignore[override]
        if HEADER not in request.headers:
            return None
        token = self.get_session_token(request) or ""
        found = super().authenticate(request) if _TOKEN.fullmatch(token) else None
        if found is None:
            raise AuthenticationFailed(_("This token is unknown or has ended."))
        return found

    def authenticate_header(self, request: Request) -> str:
        return HEADER
