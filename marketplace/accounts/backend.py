"""Who is behind a session: the user with what every page's head shows, in one statement."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from marketplace.models import Notice, User


class SignInBackend(AuthenticationBackend):
    """Sign-in by e-mail address. A user found by its session has `has_unread`: whether a notice was not read yet."""

    def get_user(self, user_id: int) -> User | None:
        unread = Notice.objects.filter(user=OuterRef("pk"), read_at__isnull=True)
        user: User | None = User.objects.annotate(has_unread=Exists(unread)).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
