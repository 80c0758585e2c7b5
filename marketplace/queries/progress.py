"""How a household's goods come along: windows, orders, steps of the handover, and the code to collect them with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from marketplace import clock
from marketplace.access import custody_of, reservation_for
from marketplace.errors import NotFound
from marketplace.models import (
    ClearingRun,
    HandoverProgress,
    OrderingWindow,
    PickupCode,
    PurchaseOrder,
    Reservation,
    ReservationVersion,
    StateChange,
    User,
)
from marketplace.queries.outcomes import LineStatus, Result, results_of
from marketplace.rules.hand_out import NAMES_AFTER
from marketplace.rules.pickup_codes import typed_code
from marketplace.rules.progress import StepFact, WayFacts, WayStep, way_of
from marketplace.rules.states import DispatchState, OrderState, ProgressStep, VersionState, WindowState


@dataclass(frozen=True, slots=True)
class WindowFact:
    """A window in which the household has lines. `reopened`: it had closed, and its first result counts no longer.

    `reason` is what the coordinator said when it was cancelled or opened again.
    """

    id: int
    name: str
    state: str
    closes_at: datetime
    reopened: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OrderFact:
    """The order to one merchant of one window that counts: held for the coordinator, or sent when."""

    held: bool
    sent_at: datetime | None
    declined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOrder:
    """All that a household sees of one reservation, from the first version to the handover. `orders` by window and
    merchant. `code` is empty until something is ordered."""

    reservation: Reservation
    now: datetime
    result: Result
    windows: tuple[WindowFact, ...]
    orders: Mapping[tuple[int, int], OrderFact]
    steps: Mapping[ProgressStep, StepFact]
    way: tuple[WayStep, ...]
    code: str

    @property
    def handed_over(self) -> bool:
        return ProgressStep.HANDED_OVER in self.steps

    @property
    def open_until(self) -> datetime | None:
        """The next deadline among the windows that still take changes."""
        is_open = {line.window_id for line in self.result.lines if line.status is LineStatus.OPEN}
        return min((w.closes_at for w in self.windows if w.id in is_open), default=None)


def own_order(user: User, round_id: int) -> OwnOrder:
    """The order of the user's household in a round. Twelve queries at most, however many lines.

    Raises NotFound where the household never reserved in it.
    """
    return order_of(reservation_for(user, round_id))


def order_of(reservation: Reservation) -> OwnOrder:
    """The same for a reservation at hand (with handover). Ten queries at most."""
    result = results_of({reservation.pk: reservation.handover.fee_minor})[reservation.pk]
    windows = _windows({line.window_id for line in result.lines})
    orders = _orders({(line.window_id, line.merchant_id) for line in result.lines})
    steps = steps_of(reservation.pk)
    now = clock.now()
    return OwnOrder(
        reservation=reservation,
        now=now,
        result=result,
        windows=windows,
        orders=orders,
        steps=steps,
        way=_way(reservation, result, windows, orders, steps),
        code=PickupCode.objects.filter(reservation=reservation).values_list("code", flat=True).first() or "",
    )


def steps_of(reservation_id: int) -> dict[ProgressStep, StepFact]:
    """The steps that a reservation reached. One query."""
    rows = HandoverProgress.objects.filter(reservation=reservation_id).values_list("step", "at", "expected_at", "note")
    return {ProgressStep(step): StepFact(at, expected_at, note) for step, at, expected_at, note in rows}


def _windows(window_ids: Iterable[int]) -> tuple[WindowFact, ...]:
    windows = OrderingWindow.objects.filter(pk__in=list(window_ids))
    voided = ClearingRun.objects.filter(window__in=windows, voided_at__isnull=False)
    reopened = set(voided.values_list("window_id", flat=True))
    odd = [w.pk for w in windows if w.state == WindowState.CANCELLED or w.pk in reopened]
    said: dict[int, str] = {}
    if odd:
        moves = StateChange.objects.filter(kind="window", object_id__in=odd).exclude(reason="").order_by("pk")
        said = dict(moves.values_list("object_id", "reason"))
    return tuple(
        WindowFact(w.pk, w.name, w.state, w.closes_at, w.pk in reopened, said.get(w.pk, ""))
        for w in sorted(windows, key=lambda w: (w.closes_at, w.pk))
    )


def _orders(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], OrderFact]:
    wanted = Q(pk__in=[])
    for window_id, merchant_id in pairs:
        wanted |= Q(window=window_id, merchant=merchant_id)
    sent = Q(revisions__dispatches__state__in=[DispatchState.SENT.value, DispatchState.DELIVERED.value])
    orders = PurchaseOrder.objects.filter(wanted).exclude(state=OrderState.VOIDED.value)
    rows = orders.annotate(first_sent=Min("revisions__dispatches__sent_at", filter=sent)).values_list(
        "window_id", "merchant_id", "held_for", "first_sent", "state"
    )
    return {
        (window_id, merchant_id): OrderFact(bool(held_for), sent_at, state == OrderState.DECLINED)
        for window_id, merchant_id, held_for, sent_at, state in rows
    }


def _way(
    reservation: Reservation,
    result: Result,
    windows: tuple[WindowFact, ...],
    orders: Mapping[tuple[int, int], OrderFact],
    steps: Mapping[ProgressStep, StepFact],
) -> tuple[WayStep, ...]:
    placed = ReservationVersion.objects.filter(reservation=reservation.pk, state=VersionState.PLACED.value)
    reserved_at = placed.aggregate(first=Min("placed_at"))["first"] or reservation.created_at
    closed = [w.closes_at for w in windows if w.state != WindowState.CANCELLED]
    sent = [order.sent_at for order in orders.values() if order.sent_at]
    ordered_at = max([*sent, *closed], default=None) if result.is_final else None
    handover = reservation.handover
    return way_of(
        WayFacts(
            reserved_at=reserved_at,
            ordered_at=ordered_at,
            closes_at=max(closed, default=None),
            nothing=result.is_final and not result.units,
            delivered=handover.pickup_point_id is None,
            starts_at=handover.starts_at,
            ends_at=handover.ends_at,
            steps=steps,
        )
    )


def codes_of(reservation_ids: Iterable[int]) -> dict[int, str]:
    """The codes of reservations that have one, for a hand-out list. One query."""
    return dict(PickupCode.objects.filter(reservation__in=list(reservation_ids)).values_list("reservation_id", "code"))


def reservation_by_code(host_user: User, code: str) -> Reservation:
    """The reservation whose code was scanned or typed, with household and handover, where it is the host's to hand
    out. Up to five queries.

    Raises NotFound for a code of another handover, and once the names of the handover can no longer be seen.
    """
    found = (
        Reservation.objects.select_related("household", "group", "round__hub", "handover__pickup_point")
        .filter(pickup_code__code=typed_code(code) or None, state=VersionState.PLACED.value)
        .first()
    )
    if found is None:
        raise NotFound(kind="pickup_code", id=code)
    custody = custody_of(host_user, found.handover_id)
    theirs = custody.group_ids is None or found.group_id in custody.group_ids
    if not theirs or not (custody.at_hub or clock.now() <= found.handover.ends_at + NAMES_AFTER):
        raise NotFound(kind="pickup_code", id=code)
    return found


def members_by_round(reservation_ids: Iterable[int]) -> dict[int, list[int]]:
    """The users whose households made these reservations, by round. One query."""
    rows = Reservation.objects.filter(pk__in=list(reservation_ids), household__members__is_active=True)
    by_round: dict[int, list[int]] = {}
    for round_id, user_id in rows.values_list("round_id", "household__members").order_by("round_id").distinct():
        by_round.setdefault(round_id, []).append(user_id)
    return by_round
