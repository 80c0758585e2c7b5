"""What the books hear of: ends of handovers, members, deliveries. Each handler looks at what is true now."""

from typing import Any

from marketplace.actions.ledger.book_purchase import book_purchase
from marketplace.actions.ledger.follow_handover import follow_handover
from marketplace.actions.ledger.keep_holds import keep_holds
from marketplace.actions.ledger.settle_order import settle_order
from marketplace.events import on
from marketplace.models import Hub, ReservationLine
from marketplace.rules.states import ProgressStep

_ENDS = (ProgressStep.HANDED_OVER.value, ProgressStep.NO_SHOW.value)


@on("reservation.progressed", name="settle")
def settle_what_was_handed_over(*, reservation_ids: list[int], step: str, **_: Any) -> None:
    """Charge what was handed over, or was not collected."""
    if step in _ENDS:
        follow_handover(reservation_ids=reservation_ids)


@on("reservation.step_taken_back", name="settle")
def settle_what_was_taken_back(*, reservation_ids: list[int], **_: Any) -> None:
    follow_handover(reservation_ids=reservation_ids)


@on("window.closed", name="keep_holds")
@on("window.reopened", name="keep_holds")
@on("window.cancelled", name="keep_holds")
@on("shortage.recorded", name="keep_holds")
def hold_what_it_costs_now(*, window_id: int, **_: Any) -> None:
    """Reservations hold no more of their household's credit than they can cost."""
    if Hub.objects.filter(rounds__windows=window_id, limits_credit=True).exists():
        lines = ReservationLine.objects.filter(window=window_id).order_by()
        keep_holds(reservation_ids=lines.values_list("reservation_id", flat=True).distinct())


@on("reservation.settled", name="keep_holds")
def hold_nothing_once_settled(*, reservation_id: int, **_: Any) -> None:
    keep_holds(reservation_ids=[reservation_id])


@on("purchase_order.received", name="book_purchase")
def book_what_came(*, order_id: int, **_: Any) -> None:
    book_purchase(order_id=order_id, by=None)


@on("purchase_order.revised", name="settle")
@on("purchase_order.voided", name="settle")
def settle_what_changed(*, order_id: int, **_: Any) -> None:
    """Only what was booked before: until then nothing is owed for it."""
    settle_order(order_id=order_id, by=None)
