"""A host makes a link that lets somebody without an account hand out on one day."""

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import point_custody
from marketplace.errors import InvalidInput
from marketplace.models import DeputyLink, User
from marketplace.queries.deputies import hash_of, local_day


@transaction.atomic
def make_deputy_link(*, handover_id: int, name: str, by: User) -> tuple[DeputyLink, str]:
    """The link's row and its token, which is told this once: only its hash is kept. Valid on the handover's local day.

    Raises NotFound for a foreign handover, NotAllowed for a group's host, InvalidInput without a name and once the
    day is over.
    """
    handover = point_custody(by, handover_id).handover
    now, (first, last) = clock.now(), local_day(handover)
    if not name.strip():
        raise InvalidInput(problems=[{"place": "name", "problem": _("Say who it is for.")}])
    if now >= last:
        raise InvalidInput(problems=[{"place": "name", "problem": _("This handover's day is over.")}])
    token = secrets.token_urlsafe(24)
    link = DeputyLink.objects.create(
        handover=handover,
        name=name.strip()[:80],
        token_hash=hash_of(token),
        made_by=by,
        made_at=now,
        valid_from=first,
        valid_until=last,
    )
    return link, token
