"""Secrets of invitations: shown once as a link, kept as a hash."""

import base64
import secrets
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from marketplace.errors import InvitationSpent
from marketplace.models import HouseholdInvitation, HubInvitation, User
from marketplace.rules.tokens import token_hash


def new_token() -> tuple[str, str]:
    """A token of 192 bits and its hash."""
    token = secrets.token_urlsafe(24)
    return token, token_hash(token)


def token_for(request_key: str, *, kind: str, by: User) -> tuple[str, str]:
    """The token that this request of the person makes, and its hash; a new one for a request without a key.

    The same request makes the same one again, so that a repeat finds what the first one made and nothing secret is
    kept for it. Nobody else can make it: it takes the installation's own secret.
    """
    if not request_key:
        return new_token()
    made = salted_hmac(f"invitation:{kind}", f"{by.pk}:{request_key}", algorithm="sha256").digest()
    token = base64.urlsafe_b64encode(made[:24]).decode()
    return token, token_hash(token)


def use_up(invitation: HouseholdInvitation | HubInvitation, *, used_by: Any, now: datetime) -> None:
    """Use an invitation, by compare-and-set: of two that hold the same link one gets in.

    Raises InvitationSpent for the other, and where it was used or withdrawn before, or is too old.
    """
    rows: QuerySet[Any] = type(invitation)._default_manager.all()
    open_now = rows.filter(pk=invitation.pk, used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)
    if not open_now.update(used_at=now, used_by=used_by):
        raise InvitationSpent
