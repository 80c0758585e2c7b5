"""Nobody signs in to this account again: what erasing a person does to the ways in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from marketplace.models import User


@transaction.atomic
def forget_sign_in(*, user: User) -> None:
    """End every session of browsers and apps, and remove password, addresses, passkeys, app and recovery codes.

    The caller closes the account itself (`is_active`, name and address of the row).
    """
    for session in UserSession.objects.filter(user=user):
        SessionStore(session.session_key).delete()
        session.delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
