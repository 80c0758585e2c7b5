"""The hub passes a question on to a merchant of the round: it reads what is written from now on."""

from django.db import transaction

from marketplace import clock
from marketplace.errors import NotAllowed, NotFound
from marketplace.models import Thread, User
from marketplace.queries.threads import Seat, merchants_to_pass_to
from marketplace.rules.roles import Permission
from marketplace.rules.threads import Side


@transaction.atomic
def pass_on(*, seat: Seat, merchant_id: int, by: User) -> bool:
    """Whether it was passed on now. What was written to the hub alone stays between the hub and who wrote it.

    Raises NotAllowed for anybody but the hub, NotFound for a merchant that does not supply the round.
    """
    if seat.side is not Side.HUB:
        raise NotAllowed(permission=Permission.ANSWER_HOUSEHOLDS.value)
    if not merchants_to_pass_to(seat.thread).filter(pk=merchant_id).exists():
        raise NotFound(kind="merchant", id=merchant_id)
    free = Thread.objects.filter(pk=seat.thread.pk, merchant__isnull=True)
    return bool(free.update(merchant=merchant_id, merchant_since=clock.now()))
