"""One-use tickets of sockets, kept hashed in the shared cache for a minute."""

import hashlib
import secrets
from typing import Final

from django.core.cache import cache

from marketplace.models import User

TICKET_SECONDS: Final = 60


def make_ticket(user: User) -> str:
    """A ticket that opens one socket as this user."""
    ticket = secrets.token_urlsafe(24)
    cache.set(_key(ticket), user.pk, TICKET_SECONDS)
    return ticket


def take_ticket(ticket: str) -> int | None:
    """The id of its user, once; None for a ticket that is unknown, used or too old."""
    key = _key(ticket)
    user_id: int | None = cache.get(key)
    # Only one of two that come at once deletes it.
    return user_id if user_id is not None and cache.delete(key) else None


def _key(ticket: str) -> str:
    return f"socket-ticket-{hashlib.sha256(ticket.encode()).hexdigest()}"
