"""Which dispatches have to go out now."""

from datetime import datetime

from django.db.models import Q, QuerySet

from marketplace.models import Dispatch
from marketplace.rules.states import DispatchState

# What a machine sends by itself; phone and paper are told by people.
SENT_BY_MACHINE = (Dispatch.Channel.EMAIL.value,)


def due(now: datetime) -> QuerySet[Dispatch]:
    """Waiting or failed ones whose time has come, and ones whose sender died. No look-back limit."""
    ready = Q(state__in=[DispatchState.WAITING.value, DispatchState.FAILED.value], due_at__lte=now)
    abandoned = Q(state=DispatchState.SENDING.value, sending_until__lt=now)
    return Dispatch.objects.filter(ready | abandoned, channel__in=SENT_BY_MACHINE)


def due_ids(now: datetime, limit: int = 500) -> list[int]:
    """Their ids, the longest due first. One query."""
    return list(due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:limit])
