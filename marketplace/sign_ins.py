"""How often one may try to sign in on the page before one has to wait. The API counts by itself (api/throttles.py).

Tries that failed are counted in the shared cache: of an account from one address, of an account from everywhere, of
an address for all accounts. A stranger's guesses so keep the stranger waiting long before they keep the owner out.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

# A counter begins with its first try and is forgotten after this time.
COUNTED_SECONDS: Final = 300
TRIES_FROM_ONE_ADDRESS: Final = 10
TRIES_FOR_ONE_ACCOUNT: Final = 50
TRIES_OF_ONE_ADDRESS: Final = 60


def may_try(request: HttpRequest, account: str) -> bool:
    """Count one try before the password is looked at, so that many at once are no way round; False: too many."""
    # In this order: a stranger who has to wait no longer counts against the account.
    return all(_count(key) <= most for key, most in _counters(request, account))


def forget(request: HttpRequest, account: str) -> None:
    """It was the right password: the account's counters begin anew. The address only gets this one try back, or an
    account of one's own would be a way to guess at all the others."""
    (here, _), (everywhere, _), (address, _) = _counters(request, account)
    cache.delete_many([here, everywhere])
    with suppress(ValueError):  # forgotten meanwhile
        cache.decr(address)


def _counters(request: HttpRequest, account: str) -> Iterator[tuple[str, int]]:
    # Whose address counts behind a proxy is said once, by REST_FRAMEWORK's NUM_PROXIES.
    address: Any = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # reads META only
    yield _key("both", account, address), TRIES_FROM_ONE_ADDRESS
    yield _key("account", account), TRIES_FOR_ONE_ACCOUNT
    yield _key("address", address), TRIES_OF_ONE_ADDRESS


def _key(*parts: object) -> str:
    # Hashed: what somebody typed is no part of a key.
    return f"sign-in-{hashlib.sha256(repr(parts).encode(errors='replace')).hexdigest()}"


def _count(key: str) -> int:
    if cache.add(key, 1, COUNTED_SECONDS):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it was forgotten between the two
        cache.set(key, 1, COUNTED_SECONDS)
        return 1
