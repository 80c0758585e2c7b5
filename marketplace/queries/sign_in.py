"""How a person can sign in: what the page about it shows, and whether a second step is set up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from marketplace.models import User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Passkey:
    id: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Device:
    """One browser or app that is signed in. `agent` is what it said of itself, at most 200 characters."""

    id: int
    agent: str
    address: str
    since: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class SignIn:
    """`recovery_codes` is how many are left; None when there are none because there is no second step."""

    email: str
    has_password: bool
    passkeys: Sequence[Passkey]
    has_app: bool
    recovery_codes: int | None
    devices: Sequence[Device]

    @property
    def has_second_step(self) -> bool:
        return self.has_app or bool(self.passkeys)


def has_second_step(user: User) -> bool:
    """Whether signing in asks for a passkey or an app's code. One query."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exists()


def sign_in_of(user: User, session_key: str | None) -> SignIn:
    """Everything by which the user signs in. Two queries, and three for each session; ended ones are removed."""
    passkeys, has_app, left = [], False, None
    for found in Authenticator.objects.filter(user=user).order_by("created_at", "pk"):
        if found.type == Authenticator.Type.WEBAUTHN:
            passkeys.append(Passkey(found.pk, str(found.wrap().name), found.created_at, found.last_used_at))
        elif found.type == Authenticator.Type.TOTP:
            has_app = True
        else:
            left = len(found.wrap().get_unused_codes())
    devices = [
        Device(one.pk, one.user_agent[:200], str(one.ip), one.created_at, one.session_key == session_key)
        for one in UserSession.objects.purge_and_list(user)
    ]
    devices.sort(key=lambda device: (not device.is_this, -device.since.timestamp()))
    return SignIn(user.email, user.has_usable_password(), passkeys, has_app, left, devices)
