"""What a desk's first page shows: what waits for an answer, and the windows that run."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from marketplace.models import Dispatch, OrderingWindow, PurchaseOrder
from marketplace.queries.standings import offer_terms, standings
from marketplace.rules.states import DispatchState, OrderState, WindowState

_UNANSWERED = [OrderState.ISSUED.value, OrderState.ACKNOWLEDGED.value]
# Twenty-five lines are what one looks through; the list has the others.
MOST = 25


@dataclass(frozen=True, slots=True)
class RunningWindow:
    """An announced window that has not closed, with units over its offers as the pages tell them."""

    window: OrderingWindow
    offers: int
    sure: int
    waiting: int
    reached: int


@dataclass(frozen=True, slots=True)
class Today:
    """A desk's first page."""

    to_answer: list[PurchaseOrder]
    held: list[PurchaseOrder]
    unsent: list[Dispatch]
    running: list[RunningWindow]
    now: datetime


def today(*, orders: QuerySet[PurchaseOrder], windows: QuerySet[OrderingWindow], own_offers: Q, now: datetime) -> Today:
    """The first page over a desk's own orders, windows and offers (`own_offers` as a filter on a window's offers).

    Five queries and three per running window.
    """
    unanswered = orders.filter(state__in=_UNANSWERED).order_by("issued_at", "pk")
    running = (
        windows.filter(state__in=[WindowState.OPEN.value, WindowState.SCHEDULED.value])
        .select_related("round__hub")
        .annotate(own_count=Count("offers", filter=own_offers, distinct=True))
        .order_by("closes_at", "pk")
    )
    stuck = Dispatch.objects.filter(
        revision__order__in=orders.values("pk"),
        state__in=[DispatchState.FAILED.value, DispatchState.EXHAUSTED.value, DispatchState.BOUNCED.value],
    ).select_related("revision__order__merchant")
    return Today(
        to_answer=list(unanswered.filter(held_for="")[:MOST]),
        held=list(unanswered.exclude(held_for="")[:MOST]),
        unsent=list(stuck.order_by("due_at")[:MOST]),
        running=[_running(window, own_offers) for window in running[:MOST]],
        now=now,
    )


def _running(window: OrderingWindow, own_offers: Q) -> RunningWindow:
    own = OrderingWindow.objects.filter(own_offers, pk=window.pk, offers__isnull=False).values_list("offers", flat=True)
    ids = list(own)
    stand = standings(ids, terms=offer_terms(ids)).values()
    return RunningWindow(
        window=window,
        offers=len(ids),
        sure=sum(one.sure for one in stand),
        waiting=sum(one.waiting for one in stand),
        reached=sum(one.reached for one in stand),
    )
