"""How often one may try to sign in, on pages and by the API, before one has to wait; how many mails one may cause.

Tries that failed are counted in the shared cache: of an account from one address, of an account from everywhere, of
an address for all accounts. A stranger's guesses so keep the stranger waiting long before they keep the owner out.
Mails that anybody can have sent to anybody (codes, invitations) are counted in the same way.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from marketplace.networks import network_of

# A counter begins with its first try and is forgotten after this time.
COUNTED_SECONDS: Final = 300
TRIES_FROM_ONE_ADDRESS: Final = 10
TRIES_FOR_ONE_ACCOUNT: Final = 50
TRIES_OF_ONE_ADDRESS: Final = 60
# Mails in an hour: to one person from one address, to one person from everywhere, from one address to anybody.
MAIL_SECONDS: Final = 3600
MAILS_FROM_ONE_ADDRESS: Final = 8
MAILS_TO_ONE_PERSON: Final = 24
MAILS_OF_ONE_ADDRESS: Final = 120


def may_try(request: HttpRequest, account: str) -> bool:
    """Count one try before the password is looked at, so that many at once are no way round; False: too many."""
    # In this order: a stranger who has to wait no longer counts against the account.
    return all(_count(key, COUNTED_SECONDS) <= most for key, most in _counters(request, account))


def may_mail(request: HttpRequest, email: str) -> bool:
    """Count one mail that whoever asks has sent to this address; False: too many.

    Somebody who has to wait no longer counts against the person: to keep a person without mails for an hour takes
    several addresses, and leaves the password, passkeys and every session that there is.
    """
    person, address = email.strip().lower(), network_of(request)
    counters = (
        (_key("mail both", person, address), MAILS_FROM_ONE_ADDRESS),
        (_key("mail address", address), MAILS_OF_ONE_ADDRESS),
        (_key("mail person", person), MAILS_TO_ONE_PERSON),
    )
    return all(_count(key, MAIL_SECONDS) <= most for key, most in counters)


def forget(request: HttpRequest, account: str) -> None:
    """It was the right password: the account's counters begin anew. The address only gets this one try back, or an
    account of one's own would be a way to guess at all the others."""
    (here, _), (everywhere, _), (address, _) = _counters(request, account)
    cache.delete_many([here, everywhere])
    with suppress(ValueError):  # forgotten meanwhile
        cache.decr(address)


def _counters(request: HttpRequest, account: str) -> Iterator[tuple[str, int]]:
    address = network_of(request)
    yield _key("both", account, address), TRIES_FROM_ONE_ADDRESS
    yield _key("account", account), TRIES_FOR_ONE_ACCOUNT
    yield _key("address", address), TRIES_OF_ONE_ADDRESS


def _key(*parts: object) -> str:
    # Hashed: what somebody typed is no part of a key.
    return f"sign-in-{hashlib.sha256(repr(parts).encode(errors='replace')).hexdigest()}"


def _count(key: str, seconds: int) -> int:
    if cache.add(key, 1, seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it was forgotten between the two
        cache.set(key, 1, seconds)
        return 1
