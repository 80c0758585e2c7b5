"""Who is behind a session: the user with what every page's head shows, in one statement."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from marketplace.models import HubRole, MerchantMember, Notice, User
from marketplace.queries.sign_in import SECOND_STEPS
from marketplace.rules.roles import HUB_DESK_ROLES


class SignInBackend(AuthenticationBackend):
    """Sign-in by e-mail address. A user found by its session has `has_unread`: whether a notice was not read yet, and
    `lacks_second_step`: whether it works at a desk, which takes a second step of signing in that it has not set up.
    """

    def get_user(self, user_id: int) -> User | None:
        unread = Notice.objects.filter(user=OuterRef("pk"), read_at__isnull=True)
        found: QuerySet[Any] = User.objects.annotate(has_unread=Exists(unread))
        if settings.MFA_REQUIRED:
            found = _with_missing_step(found)
        user: User | None = found.filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.lacks_second_step = getattr(user, "step_is_missing", False)
        return user


def _with_missing_step(users: QuerySet[Any]) -> QuerySet[Any]:
    """The same roles that the desks ask it of (admin/sites.py), for every door."""
    of_hub = HubRole.objects.filter(user=OuterRef("pk"), role__in=[role.value for role in HUB_DESK_ROLES])
    of_merchant = MerchantMember.objects.filter(user=OuterRef("pk"))
    steps = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_STEPS)
    works = Q(is_staff=True) | Q(Exists(of_hub)) | Q(Exists(of_merchant))
    missing = ExpressionWrapper(works & ~Q(Exists(steps)), output_field=BooleanField())
    found: QuerySet[Any] = users.annotate(step_is_missing=missing)
    return found
