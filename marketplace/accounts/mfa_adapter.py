"""Passkeys and authenticator apps: how they name us, and how our QR code is drawn."""

import io
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.models import User

SITE_NAME = "Windrow"


def _box() -> MultiFernet:
    """Closed with the newest secret key, opened with any that still counts."""
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(f"second-step:{key}".encode()).digest())) for key in keys])


class MFAAdapter(DefaultMFAAdapter):
    """The secrets of apps and recovery codes are encrypted: a copy of the database alone opens no account."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That is not the code. Wait for the next one and try again."),
        "unverified_email": _("Confirm your e-mail address first; then a second step can be set up."),
    }

    def _get_site_name(self) -> str:
        return SITE_NAME

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        drawn = io.BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", scale=5, border=3, dark="#000", light="#fff", xmldecl=False)
        return drawn.getvalue().decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # type: ignore[override]  # noqa: A002
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:  # type: ignore[override]
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.name}
