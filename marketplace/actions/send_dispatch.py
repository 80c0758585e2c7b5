"""Send a purchase order's revision to its merchant.

Called by tasks.dispatch (each scan) and by the coordinator's "send again". Taking, sending and recording are three
steps: a sender that dies leaves `sending_until` behind, after which another takes over and sends the same number,
revision and hash again. Nothing slow happens inside a transaction.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from marketplace import audit, clock
from marketplace.actions.sending.mail import mail_of
from marketplace.events import emit
from marketplace.models import Dispatch
from marketplace.queries.dispatches import due, due_ids
from marketplace.rules.retrying import next_pause
from marketplace.rules.states import DispatchState, OrderState

log = logging.getLogger(__name__)

# Longer than any mail gateway's patience, shorter than a merchant's.
SENDING_LEASE = timedelta(minutes=2)


def send_due_dispatches() -> int:
    """Send everything that is due; how many went out. One that fails never stops the others."""
    return sum(send_dispatch(dispatch_id=pk) for pk in due_ids(clock.now()))


def send_dispatch(*, dispatch_id: int) -> bool:
    """Send one dispatch if it is due and nobody else does; whether it went out."""
    taken = _take(dispatch_id)
    if taken is None:
        return False
    try:
        sent = mail_of(taken).send()
    except Exception as error:  # whatever a gateway raises is one failed attempt, kept with its text
        log.warning("Dispatch %s failed: %s", dispatch_id, error)
        _failed(taken, f"{type(error).__name__}: {error}")
        return False
    if not sent:
        _failed(taken, "The mail back end accepted no recipient.")
        return False
    _sent(taken)
    return True


@transaction.atomic
def _take(dispatch_id: int) -> Dispatch | None:
    now = clock.now()
    before = due(now).filter(pk=dispatch_id).values_list("state", flat=True).first()
    taken = (
        due(now)
        .filter(pk=dispatch_id)
        .exclude(revision__order__state=OrderState.VOIDED.value)
        .update(state=DispatchState.SENDING.value, sending_until=now + SENDING_LEASE, attempts=F("attempts") + 1)
    )
    if not taken:
        return None
    _record(dispatch_id, before or "", DispatchState.SENDING)
    return Dispatch.objects.select_related("revision__order__merchant").get(pk=dispatch_id)


@transaction.atomic
def _sent(dispatch: Dispatch) -> None:
    mine = Q(pk=dispatch.pk, state=DispatchState.SENDING.value, attempts=dispatch.attempts)
    moved = Dispatch.objects.filter(mine).update(
        state=DispatchState.SENT.value, sent_at=clock.now(), sending_until=None, last_error=""
    )
    if moved:
        _record(dispatch.pk, DispatchState.SENDING.value, DispatchState.SENT)


@transaction.atomic
def _failed(dispatch: Dispatch, reason: str) -> None:
    now = clock.now()
    pause = next_pause(dispatch.attempts)
    state = DispatchState.EXHAUSTED if pause is None else DispatchState.FAILED
    mine = Q(pk=dispatch.pk, state=DispatchState.SENDING.value, attempts=dispatch.attempts)
    moved = Dispatch.objects.filter(mine).update(
        state=state.value, due_at=now + (pause or timedelta()), sending_until=None, last_error=reason[:300]
    )
    if moved:
        _record(dispatch.pk, DispatchState.SENDING.value, state, reason)
    if moved and state is DispatchState.EXHAUSTED:
        emit("dispatch.exhausted", dispatch_id=dispatch.pk, order_id=dispatch.revision.order_id)


def _record(dispatch_id: int, before: str, state: DispatchState, reason: str = "") -> None:
    audit.record(
        kind="dispatch",
        object_id=dispatch_id,
        from_state=before,
        to_state=state.value,
        at=clock.now(),
        by=None,
        reason=reason,
    )
