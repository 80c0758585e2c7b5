"""Tokens as knox keeps them: hashed, one per device, expiring."""

import re

from knox.auth import TokenAuthentication as KnoxTokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from marketplace.models import User

_TOKEN = re.compile(rb"[0-9A-Za-z]{1,128}")


class TokenAuthentication(KnoxTokenAuthentication):
    """Refuses what cannot be a token before it is decoded or looked up."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, object]:
        if not _TOKEN.fullmatch(token):
            raise AuthenticationFailed
        found: tuple[User, object] = super().authenticate_credentials(token)  # type: ignore[no-untyped-call]
        return found
