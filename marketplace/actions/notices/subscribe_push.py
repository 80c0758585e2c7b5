"""A browser may be told by push, or no longer."""

from base64 import urlsafe_b64decode

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.notices.push_address import check_shape
from marketplace.actions.notices.push_errors import BadEndpoint
from marketplace.errors import InvalidInput
from marketplace.models import PushSubscription, User

# Browsers of one person; the oldest make room.
MOST = 12
KEY_BYTES, AUTH_BYTES = 65, 16


@transaction.atomic
def subscribe_push(*, endpoint: str, p256dh: str, auth: str, device: str = "", by: User) -> PushSubscription:
    """Keep a browser's subscription; the same one again changes nothing but its keys and whose it is.

    A browser that somebody else was signed in with is theirs no longer. Raises InvalidInput for an address that is no
    push service's, or keys that are none.
    """
    try:
        check_shape(endpoint)
    except BadEndpoint as bad:
        raise InvalidInput(
            problems=[{"place": "endpoint", "problem": _("This is not the address of a push service.")}]
        ) from bad
    if _length(p256dh) != KEY_BYTES or _length(auth) != AUTH_BYTES:
        raise InvalidInput(problems=[{"place": "keys", "problem": _("These are not the keys of a browser.")}])
    kept, _new = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={"user": by, "p256dh": p256dh, "auth": auth, "device": device[:120], "created_at": clock.now()},
    )
    old = PushSubscription.objects.filter(user=by).order_by("-created_at", "-pk").values_list("pk", flat=True)[MOST:]
    PushSubscription.objects.filter(pk__in=list(old)).delete()
    return kept


def unsubscribe_push(*, endpoint: str, by: User) -> bool:
    """Forget one of one's own browsers; whether it was known."""
    return bool(PushSubscription.objects.filter(user=by, endpoint=endpoint).delete()[0])


def _length(text: str) -> int:
    """How many bytes a base64url text stands for; 0 where it is none."""
    try:
        return len(urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)))
    except ValueError:
        return 0
