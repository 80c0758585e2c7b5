"""What the API of signing in tells of a user."""

from typing import Any

from allauth.headless.adapter import DefaultHeadlessAdapter

from marketplace.models import User


class HeadlessAdapter(DefaultHeadlessAdapter):
    """Id, name, e-mail address and whether a password is set: without asking for anything further."""

    def serialize_user(self, user: User) -> dict[str, Any]:  # type: ignore[override]
        return {
            "id": user.pk,
            "display": user.name,
            "email": user.email,
            "has_usable_password": user.has_usable_password(),
        }
