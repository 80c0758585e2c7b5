"""A host asks for the hand-out list by mail once more."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from marketplace import clock
from marketplace.access import Custody, custody_of
from marketplace.errors import ListNotOpen
from marketplace.events import wake
from marketplace.models import HandOutMail, User
from marketplace.queries.hosting import is_over, published_at
from marketplace.rules.roles import Permission

SEND_TASK = "marketplace.send_hand_out_lists"
# Taps within this time ask for one list.
ONE_LIST_WITHIN = timedelta(minutes=2)


@transaction.atomic
def ask_for_list(*, handover_id: int, by: User) -> HandOutMail:
    """The mail that is on its way to the user, made and sent by the worker; one that still waits is not doubled.

    Raises NotFound for a foreign handover, ListNotOpen before publication and when its names are no longer shown.
    """
    custody = custody_of(by, handover_id, Permission.HAND_OUT)
    now = clock.now()
    require_open(custody)
    mails = HandOutMail.objects.filter(handover=custody.handover, user=by)
    waiting = mails.filter(state=HandOutMail.State.WAITING).first()
    recent = mails.filter(number__gt=0, sent_at__gt=now - ONE_LIST_WITHIN).first()
    if found := waiting or recent:
        return found
    number = (mails.aggregate(top=Max("number"))["top"] or 0) + 1
    mail = HandOutMail.objects.create(handover=custody.handover, user=by, number=number, due_at=now)
    wake(SEND_TASK)
    return mail


def require_open(custody: Custody) -> None:
    """Raise ListNotOpen unless the names of the list are shown now."""
    now, published = clock.now(), published_at(custody.handover.round_id)
    if published is None or published > now or is_over(custody, now):
        raise ListNotOpen(over=published is not None)
