"""How often one address may open links that do not exist before it has to wait: tokens are not for guessing."""

from hashlib import sha256
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

from marketplace.errors import TooManyTries

COUNTED_SECONDS: Final = 300
MISSES_OF_ONE_ADDRESS: Final = 20


def require_some_left(request: HttpRequest) -> None:
    """Raise TooManyTries for an address that missed too often, whether or not it now has a link that exists."""
    if cache.get(_key(request), 0) >= MISSES_OF_ONE_ADDRESS:
        raise TooManyTries(minutes=COUNTED_SECONDS // 60)


def count(request: HttpRequest) -> None:
    """Count one miss."""
    key = _key(request)
    if not cache.add(key, 1, COUNTED_SECONDS):
        try:
            cache.incr(key)
        except ValueError:  # it was forgotten between the two
            cache.set(key, 1, COUNTED_SECONDS)


def _key(request: HttpRequest) -> str:
    # Whose address counts behind a proxy is said once, by REST_FRAMEWORK's NUM_PROXIES.
    address: Any = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # reads META only
    return f"link-tries-{sha256(str(address).encode(errors='replace')).hexdigest()}"
