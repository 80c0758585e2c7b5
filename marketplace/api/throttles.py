"""How often one may ask: sign-ins per address and per account, reservation changes per user."""

import hashlib

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class _Throttle(SimpleRateThrottle):
    def get_rate(self) -> str | None:
        # Read when asked: rates may be set to None for a benchmark.
        rate: str | None = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"].get(self.scope)
        return rate


class SignInsPerAddress(_Throttle):
    scope = "login"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle-login-address-{self.get_ident(request)}"


class SignInsPerAccount(_Throttle):
    """Guessing one account's password from many addresses is slowed down too."""

    scope = "login"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        body = request.data
        email = str(body.get("email", "")).strip().lower() if isinstance(body, dict) else ""
        # Hashed: what somebody typed is no part of a key.
        return f"throttle-login-account-{hashlib.sha256(email.encode(errors='replace')).hexdigest()}" if email else None


class ChangesPerUser(_Throttle):
    """Reads are free; each change of a reservation counts."""

    scope = "reserve"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        return f"throttle-reserve-{request.user.pk}"
