"""A handover's hand-out list: who collects what, from publication until a day after the end, and what was ticked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from marketplace import clock
from marketplace.access import Custody, custody_of
from marketplace.models import HandOutTick, Handover, OrderingWindow, Reservation, ReservationLine, User
from marketplace.queries.orders.substituted import Substituted, substituted_by_line
from marketplace.queries.reservations import LineOutcome, line_outcomes
from marketplace.rules.hand_out import NAMES_AFTER, UNDO_WITHIN, Tick, TickKind, outcome_of
from marketplace.rules.states import CLOSED_STATES, VersionState, WindowState


@dataclass(frozen=True, slots=True)
class HandOutRow:
    """One household's part of a list. `state` is "", "handed_over" or "no_show"; `until` is how long it can be undone.

    Amounts in minor units; `code` is empty where the reservation has none yet.
    """

    reservation_id: int
    household: str
    group: str
    code: str
    lines: tuple[LineOutcome, ...]
    goods_minor: int
    deposit_minor: int
    state: str = ""
    at: datetime | None = None
    ticked_by: str = ""
    until: datetime | None = None

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.deposit_minor


@dataclass(frozen=True, slots=True)
class HandOutList:
    """A handover's list. `rows` is None where no names are shown: not published yet, or `over`."""

    handover: Handover
    now: datetime
    published_at: datetime | None
    over: bool
    reservations: int
    rows: tuple[HandOutRow, ...] | None

    @property
    def handed_over(self) -> int:
        return sum(row.state == TickKind.HANDED_OVER for row in self.rows or ())

    @property
    def no_shows(self) -> int:
        return sum(row.state == TickKind.NO_SHOW for row in self.rows or ())


def published(round_ids: Collection[int]) -> dict[int, datetime]:
    """When each round's lists were published: its last window's close, once all are closed; left out before. One
    query."""
    windows = OrderingWindow.objects.filter(round__in=round_ids).exclude(
        state__in=[WindowState.DRAFT.value, WindowState.CANCELLED.value]
    )
    found: dict[int, datetime] = {}
    still_open = set()
    for round_id, state, closes_at in windows.values_list("round_id", "state", "closes_at"):
        found[round_id] = max(closes_at, found.get(round_id, closes_at))
        if state not in CLOSED_STATES:
            still_open.add(round_id)
    return {round_id: at for round_id, at in found.items() if round_id not in still_open}


def published_at(round_id: int) -> datetime | None:
    """The same of one round; None before. One query."""
    return published([round_id]).get(round_id)


def is_over(custody: Custody, now: datetime) -> bool:
    """Whether the names of a list are no longer its host's to see; a coordinator's hours do not end."""
    return not custody.at_hub and now > custody.handover.ends_at + NAMES_AFTER


def hand_out_list(user: User, handover_id: int) -> HandOutList:
    """The list of a handover that is the user's to hand out. At most fourteen queries, whatever its length."""
    return list_of(custody_of(user, handover_id))


def list_of(custody: Custody) -> HandOutList:
    """The list as its keeper may see it: names and goods from publication until a day after the end."""
    now, handover = clock.now(), custody.handover
    since, over = published_at(handover.round_id), is_over(custody, now)
    held = reservations_in(custody)
    if since is None or since > now or over:
        return HandOutList(handover, now, since, over, held.count(), None)
    named = held.select_related("household", "group", "pickup_code").order_by("household__name", "pk")
    rows = _rows(list(named), now)
    return HandOutList(handover, now, since, over, len(rows), rows)


def reservations_in(custody: Custody) -> QuerySet[Reservation]:
    """The placed reservations that are handed out there, of the keeper's own groups alone where it keeps no more."""
    held = Reservation.objects.filter(
        Exists(ReservationLine.objects.filter(reservation=OuterRef("pk"))),
        handover=custody.handover,
        state=VersionState.PLACED.value,
    )
    return held if custody.group_ids is None else held.filter(group__in=custody.group_ids)


def _rows(reservations: Sequence[Reservation], now: datetime) -> tuple[HandOutRow, ...]:
    lines = list(
        ReservationLine.objects.filter(reservation__in=reservations)
        .select_related("offer__product__deposit_type")
        .order_by("offer__product__name", "pk")
    )
    got: dict[int, list[LineOutcome]] = {}
    deposits: dict[int, int] = {}
    instead = substituted_by_line(lines)
    for line, outcome in zip(lines, line_outcomes(lines), strict=True):
        if outcome is not None:
            each, pk = line.offer.product.deposit_type, line.reservation_id
            came = instead.get(line.pk, ())
            got.setdefault(pk, []).extend((outcome, *(_came_instead(outcome, one) for one in came)))
            own = outcome.quantity * each.amount_minor if each else 0
            deposits[pk] = deposits.get(pk, 0) + own + sum(one.deposit_minor for one in came)
    ticks = ticks_of(reservations)
    return tuple(_row(r, got.get(r.pk, []), deposits.get(r.pk, 0), ticks.get(r.pk, []), now) for r in reservations)


def _came_instead(outcome: LineOutcome, one: Substituted) -> LineOutcome:
    """What came instead of missing units, as a row of its own."""
    return replace(
        outcome,
        product_name=one.name,
        asked=one.units,
        quantity=one.units,
        extra=0,
        unit_price_minor=one.unit_price_minor,
        charged_minor=one.charged_minor,
        offered_back=0,
    )


def ticks_of(reservations: Iterable[Reservation | int]) -> dict[int, list[HandOutTick]]:
    """Every tick about these reservations. One query."""
    found: dict[int, list[HandOutTick]] = {}
    for tick in HandOutTick.objects.filter(reservation__in=reservations).select_related("by", "deputy"):
        found.setdefault(tick.reservation_id, []).append(tick)
    return found


def counting_tick(ticks: Iterable[HandOutTick]) -> HandOutTick | None:
    """The stored tick that counts for a reservation (rules/hand_out.outcome_of)."""
    every = list(ticks)
    found = outcome_of(Tick(tick.key, TickKind(tick.kind), tick.at) for tick in every)
    return next((tick for tick in every if found is not None and tick.key == found.key), None)


def _row(
    reservation: Reservation, lines: list[LineOutcome], deposit: int, ticks: list[HandOutTick], now: datetime
) -> HandOutRow:
    counting = counting_tick(ticks)
    until = counting.at + UNDO_WITHIN if counting else None
    return HandOutRow(
        reservation_id=reservation.pk,
        household=reservation.household.name,
        group=reservation.group.name if reservation.group else "",
        code=reservation.pickup_code.code if hasattr(reservation, "pickup_code") else "",
        lines=tuple(lines),
        goods_minor=sum(line.charged_minor for line in lines),
        deposit_minor=deposit,
        state=counting.kind if counting else "",
        at=counting.at if counting else None,
        ticked_by=_who(counting) if counting else "",
        until=until if until and until >= now else None,
    )


def _who(tick: HandOutTick) -> str:
    if tick.deputy is not None:
        return tick.deputy.name
    return tick.by.name if tick.by is not None else ""
