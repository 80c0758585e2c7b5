"""A window is settled once everybody who got something of it is settled: its last figures are booked with it."""

from collections.abc import Iterable
from itertools import pairwise

from django.db import transaction
from django.db.models import Exists, OuterRef

from marketplace import audit, clock
from marketplace.actions.ledger.book_purchase import book_purchase
from marketplace.actions.ledger.round_weights import round_weights
from marketplace.events import emit
from marketplace.models import OrderingWindow, PurchaseOrder, ReservationLine, User
from marketplace.queries.outcomes import results_of
from marketplace.queries.settlements import standing_settlements
from marketplace.rules.states import OrderState, WindowState

# The way of a window after its close; what nobody reported in between is passed through.
_WAY = (WindowState.CLOSED, WindowState.RECEIVING, WindowState.FULFILLED, WindowState.SETTLED)
# So many unsettled reservations are looked at; with more of them the window is not done anyway.
_FEW = 200


@transaction.atomic
def settle_windows(*, window_ids: Iterable[int], by: User | None) -> list[int]:
    """Which of these windows are settled now that were not before. Joins the caller's transaction."""
    ids = sorted(set(window_ids))
    rows = OrderingWindow.objects.filter(pk__in=ids, state__in=[state.value for state in _WAY[:-1]])
    return [window.pk for window in rows.order_by("pk") if _is_done(window) and _settle(window, by)]


@transaction.atomic
def reopen_settled(*, window_ids: Iterable[int], by: User | None) -> int:
    """How many of these windows go back from settled: a hand-over was taken back, so somebody waits again. What was
    booked with them stays and is put right when they are settled anew. Joins the caller's transaction."""
    now, moved = clock.now(), 0
    rows = OrderingWindow.objects.filter(pk__in=set(window_ids), state=WindowState.SETTLED.value)
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        settled = OrderingWindow.objects.filter(pk=pk, state=WindowState.SETTLED.value)
        if settled.update(state=WindowState.FULFILLED.value):
            before, after = WindowState.SETTLED.value, WindowState.FULFILLED.value
            audit.record(kind="window", object_id=pk, from_state=before, to_state=after, at=now, by=by)
            moved += 1
    return moved


def _is_done(window: OrderingWindow) -> bool:
    """Whether nobody who got something waits for a handover. A few queries, however large the window."""
    stands = standing_settlements().filter(reservation=OuterRef("reservation"))
    waiting = ReservationLine.objects.filter(~Exists(stands), window=window).order_by()
    ids = list(waiting.values_list("reservation_id", flat=True).distinct()[:_FEW])
    if len(ids) == _FEW:
        return False
    return not any(result.units for result in results_of(dict.fromkeys(ids, 0), window_id=window.pk).values())


def _settle(window: OrderingWindow, by: User | None) -> bool:
    """Move it on by compare-and-set, step by step; the window's last figures follow."""
    now = clock.now()
    for before, after in pairwise(_WAY):
        if window.state != before:
            continue
        if not OrderingWindow.objects.filter(pk=window.pk, state=before.value).update(state=after.value):
            return False
        audit.record(kind="window", object_id=window.pk, from_state=before.value, to_state=after.value, at=now, by=by)
        window.state = after.value
    for order in PurchaseOrder.objects.filter(window=window).exclude(state=OrderState.VOIDED.value).order_by("pk"):
        book_purchase(order_id=order.pk, by=by)
    round_weights(window_id=window.pk, by=by)
    emit("window.settled", window_id=window.pk, round_id=window.round_id)
    return True
