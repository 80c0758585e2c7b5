"""Sign a browser or an app out from elsewhere."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from marketplace.errors import NotFound
from marketplace.models import User


@transaction.atomic
def end_session(*, session_id: int, by: User) -> None:
    """End one of the user's own sessions. Raises NotFound for another person's, or one that ended meanwhile."""
    session = UserSession.objects.filter(pk=session_id, user=by).first()
    if session is None:
        raise NotFound(kind="session", id=session_id)
    session.end()


@transaction.atomic
def end_other_sessions(*, session_key: str, by: User) -> int:
    """End all of the user's sessions but the one with this key; how many that were."""
    others = list(UserSession.objects.filter(user=by).exclude(session_key=session_key))
    for session in others:
        session.end()
    return len(others)
