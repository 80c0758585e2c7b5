"""What follows when somebody sets up a second step of signing in for the first time."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from marketplace.actions.accounts.end_session import end_other_sessions
from marketplace.models import User
from marketplace.queries.sign_in import SECOND_STEPS


@receiver(authenticator_added)
def end_sessions_without_it(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """Whoever signed in elsewhere did so without the second step, perhaps with a stolen code: those sessions end, on
    pages and in apps. Later steps end nothing."""
    steps = Authenticator.objects.filter(user=user, type__in=SECOND_STEPS)
    if authenticator.type in SECOND_STEPS and steps.count() == 1:
        end_other_sessions(session_key=request.session.session_key or "", by=user)
