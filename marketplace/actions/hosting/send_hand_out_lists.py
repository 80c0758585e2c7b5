"""Mail the hand-out lists before their handovers open, and those that were asked for.

The rows decide, not the messages: each list to each person is one row, made once, taken by one sender at a time (its
`due_at` moves past the sender's patience), tried again with growing pauses, then given up. Nothing slow happens inside
a transaction.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from marketplace import clock
from marketplace.access import custody_of
from marketplace.actions.hosting.list_mail import mail_of
from marketplace.errors import MarketError
from marketplace.models import Group, HandOutMail, Handover
from marketplace.queries.hosting import due_for_mailing, hosts_of, list_of, published_at
from marketplace.rules.hand_out import MAILED_BEFORE
from marketplace.rules.retrying import next_pause
from marketplace.rules.states import VersionState

log = logging.getLogger(__name__)

# Longer than a list takes to draw and a gateway to answer.
SENDING_LEASE = timedelta(minutes=3)


def send_hand_out_lists() -> int:
    """Send every list that is due; how many went out."""
    for handover in due_for_mailing(clock.now(), MAILED_BEFORE):
        _prepare(handover)
    due = HandOutMail.objects.filter(state=HandOutMail.State.WAITING, due_at__lte=clock.now())
    return sum(_send(pk) for pk in due.order_by("due_at", "pk").values_list("pk", flat=True)[:100])


@transaction.atomic
def _prepare(handover: Handover) -> None:
    """One row for each host, deputy and host of a group there; rows that exist stay as they are."""
    if published_at(handover.round_id) is None:
        return
    people = {user.pk for user in hosts_of(handover)} | set(_group_hosts(handover))
    HandOutMail.objects.bulk_create(
        [HandOutMail(handover=handover, user_id=pk, due_at=clock.now()) for pk in sorted(people)],
        ignore_conflicts=True,
    )


def _group_hosts(handover: Handover) -> list[int]:
    groups = Group.objects.filter(
        reservations__handover=handover, reservations__state=VersionState.PLACED.value, host__is_active=True
    )
    return list(groups.values_list("host_id", flat=True).distinct())


def _send(mail_id: int) -> bool:
    """Send one list if nobody else does; whether it went out."""
    now = clock.now()
    mine = HandOutMail.objects.filter(pk=mail_id, state=HandOutMail.State.WAITING, due_at__lte=now)
    if not mine.update(due_at=now + SENDING_LEASE, attempts=F("attempts") + 1):
        return False
    mail = HandOutMail.objects.select_related("user").get(pk=mail_id)
    try:
        custody = custody_of(mail.user, mail.handover_id)
        sent = mail_of(list_of(custody), mail.user).send()
    except MarketError as refused:  # no host any more, or the list is no longer to be seen
        return _give_up(mail, str(refused))
    except Exception as error:  # whatever drawing or a gateway raises is one failed attempt, kept with its text
        log.warning("Hand-out list %s failed: %s", mail_id, error)
        return _failed(mail, f"{type(error).__name__}: {error}")
    if not sent:
        return _failed(mail, "The mail back end accepted no recipient.")
    _still(mail).update(state=HandOutMail.State.SENT, sent_at=clock.now(), problem="")
    return True


def _failed(mail: HandOutMail, problem: str) -> bool:
    pause = next_pause(mail.attempts)
    if pause is None:
        return _give_up(mail, problem)
    _still(mail).update(due_at=clock.now() + pause, problem=problem[:300])
    return False


def _give_up(mail: HandOutMail, problem: str) -> bool:
    _still(mail).update(state=HandOutMail.State.GIVEN_UP, problem=problem[:300])
    return False


def _still(mail: HandOutMail) -> QuerySet[HandOutMail]:
    """The row, if no other sender took over meanwhile."""
    return HandOutMail.objects.filter(pk=mail.pk, state=HandOutMail.State.WAITING, attempts=mail.attempts)
