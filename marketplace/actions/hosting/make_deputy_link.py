"""A host makes a link that lets somebody without an account hand out on one day."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import point_custody
from marketplace.actions.households.tokens import token_for
from marketplace.errors import InvalidInput, RequestKeyReused
from marketplace.models import DeputyLink, Handover, User
from marketplace.queries.deputies import local_day


@transaction.atomic
def make_deputy_link(*, handover_id: int, name: str, request_key: str = "", by: User) -> tuple[DeputyLink, str]:
    """The link's row and its token, which is told this once: only its hash is kept. Valid on the handover's local day.
    The same request key finds the same link again.

    Raises NotFound for a foreign handover, NotAllowed for a group's host, InvalidInput without a name and once the
    day is over, RequestKeyReused.
    """
    handover = point_custody(by, handover_id).handover
    now, (first, last) = clock.now(), local_day(handover)
    if not name.strip():
        raise InvalidInput(problems=[{"place": "name", "problem": _("Say who it is for.")}])
    if now >= last:
        raise InvalidInput(problems=[{"place": "name", "problem": _("This handover's day is over.")}])
    token, hashed = token_for(request_key, kind="deputy", by=by)
    Handover.objects.select_for_update().get(pk=handover.pk)  # the same request twice at once makes one link
    made = DeputyLink.objects.filter(token_hash=hashed).first()
    if made is not None:
        if (made.handover_id, made.name) != (handover.pk, name.strip()[:80]):
            raise RequestKeyReused(request_key=request_key)
        return made, token
    link = DeputyLink.objects.create(
        handover=handover,
        name=name.strip()[:80],
        token_hash=hashed,
        made_by=by,
        made_at=now,
        valid_from=first,
        valid_until=last,
    )
    return link, token
