"""What hosts read: their coming handovers, and the hand-out list of one of them with what everybody gets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from marketplace import clock
from marketplace.access import Custody, custody_of
from marketplace.models import (
    Allocation,
    DeputyLink,
    Group,
    HandOutMail,
    HandOutTick,
    Handover,
    OfferOutcome,
    OrderingWindow,
    PickupPointHost,
    Reservation,
    ReservationLine,
    User,
    VolunteerShift,
)
from marketplace.queries.reservations import LineOutcome, _newest_runs, _outcome
from marketplace.queries.shop import CLOSED_STATES
from marketplace.rules.hand_out import NAMES_AFTER, UNDO_WITHIN, Tick, TickKind, outcome_of
from marketplace.rules.states import VersionState, WindowState

# Handovers that a board shows at once.
BOARD_ROWS = 40


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


def published_at(round_id: int) -> datetime | None:
    """When a round's lists were published: its last window's close, once all are closed; None before. One query."""
    windows = OrderingWindow.objects.filter(round_id=round_id).exclude(
        state__in=[WindowState.DRAFT.value, WindowState.CANCELLED.value]
    )
    states = list(windows.values_list("state", "closes_at"))
    if not states or any(state not in CLOSED_STATES for state, _ in states):
        return None
    return max(closes_at for _, closes_at in states)


def is_over(custody: Custody, now: datetime) -> bool:
    """Whether the names of a list are no longer its host's to see; a coordinator's hours do not end."""
    return not custody.at_hub and now > custody.handover.ends_at + NAMES_AFTER


def hand_out_list(user: User, handover_id: int) -> HandOutList:
    """The list of a handover that is the user's to hand out. At most fourteen queries, whatever its length."""
    return list_of(custody_of(user, handover_id))


def list_of(custody: Custody) -> HandOutList:
    """The list as its keeper may see it: names and goods from publication until a day after the end."""
    now, handover = clock.now(), custody.handover
    published, over = published_at(handover.round_id), is_over(custody, now)
    held = reservations_in(custody)
    if published is None or published > now or over:
        return HandOutList(handover, now, published, over, held.count(), None)
    named = held.select_related("household", "group", "pickup_code").order_by("household__name", "pk")
    rows = _rows(list(named), now)
    return HandOutList(handover, now, published, over, len(rows), rows)


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
    outcomes, deposits = _outcomes(lines)
    ticks = ticks_of(reservations)
    return tuple(_row(r, outcomes.get(r.pk, []), deposits.get(r.pk, 0), ticks.get(r.pk, []), now) for r in reservations)


def _outcomes(lines: Sequence[ReservationLine]) -> tuple[dict[int, list[LineOutcome]], dict[int, int]]:
    """What each reservation's lines got, and its deposits in minor units. Three queries."""
    runs = _newest_runs({line.window_id for line in lines})
    by_offer = {o.offer_id: o for o in OfferOutcome.objects.filter(run__in=runs)}
    by_line = {a.line_id: a for a in Allocation.objects.filter(run__in=runs, line__in=lines)}
    got: dict[int, list[LineOutcome]] = {}
    deposits: dict[int, int] = {}
    for line in lines:
        if line.offer_id not in by_offer:
            continue
        outcome = _outcome(line, by_offer[line.offer_id], by_line.get(line.pk))
        got.setdefault(line.reservation_id, []).append(outcome)
        deposit = line.offer.product.deposit_type
        if deposit:
            deposits[line.reservation_id] = (
                deposits.get(line.reservation_id, 0) + outcome.quantity * deposit.amount_minor
            )
    return got, deposits


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


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A coming handover on a host's board. `missing` people are still needed for its shifts."""

    handover: Handover
    reservations: int
    missing: int
    published: bool


@dataclass(frozen=True, slots=True)
class Board:
    now: datetime
    rows: tuple[BoardRow, ...]
    groups: tuple[Group, ...]


def board(user: User) -> Board:
    """The user's handovers that are not over for a day, and the groups that the user hosts. Four queries."""
    now = clock.now()
    placed = Q(reservations__state=VersionState.PLACED.value)
    points = PickupPointHost.objects.filter(user=user).values("pickup_point")
    handovers = list(
        Handover.objects.filter(Q(pickup_point__in=points) | Q(pk__in=_of_groups(user)), ends_at__gt=now - NAMES_AFTER)
        .select_related("round__hub", "pickup_point", "capacity")
        .annotate(held=Count("reservations", filter=placed, distinct=True))
        .order_by("starts_at", "pk")[:BOARD_ROWS]
    )
    missing = shift_gaps([h.pk for h in handovers])
    published = _published_rounds({h.round_id for h in handovers})
    rows = tuple(BoardRow(h, h.held, missing.get(h.pk, 0), h.round_id in published) for h in handovers)
    groups = Group.objects.filter(host=user).select_related("hub", "pickup_point").order_by("name", "pk")
    return Board(now, rows, tuple(groups))


def _of_groups(user: User) -> QuerySet[Reservation, int]:
    mine = Reservation.objects.filter(group__host=user, state=VersionState.PLACED.value)
    return mine.values_list("handover_id", flat=True)


def _published_rounds(round_ids: set[int]) -> set[int]:
    windows = OrderingWindow.objects.filter(round__in=round_ids).exclude(
        state__in=[WindowState.DRAFT.value, WindowState.CANCELLED.value]
    )
    states: dict[int, list[str]] = {}
    for round_id, state in windows.values_list("round_id", "state"):
        states.setdefault(round_id, []).append(state)
    return {pk for pk, found in states.items() if all(state in CLOSED_STATES for state in found)}


def shift_gaps(handover_ids: Sequence[int]) -> Mapping[int, int]:
    """How many people each handover's shifts still need; one that needs nobody is left out. One query."""
    gaps: dict[int, int] = {}
    shifts = VolunteerShift.objects.filter(handover__in=handover_ids).annotate(came=Count("volunteers")).order_by()
    for handover_id, needed, came in shifts.values_list("handover_id", "needed", "came"):
        if needed > came:
            gaps[handover_id] = gaps.get(handover_id, 0) + needed - came
    return gaps


def hosts_of(handover: Handover) -> list[User]:
    """Host and deputies of a handover's point. One query."""
    return list(
        User.objects.filter(hosted_points__pickup_point=handover.pickup_point_id, is_active=True)
        .distinct()
        .order_by("pk")
        if handover.pickup_point_id
        else User.objects.none()
    )


def deputy_links(handover: Handover) -> list[DeputyLink]:
    """A handover's links for deputies, newest last. One query."""
    return list(DeputyLink.objects.filter(handover=handover))


def lists_on_their_way(handover: Handover, user: User) -> HandOutMail | None:
    """The newest mail of a handover's list to a person. One query."""
    return HandOutMail.objects.filter(handover=handover, user=user).order_by("-number").first()


def due_for_mailing(now: datetime, before: timedelta) -> QuerySet[Handover]:
    """Handovers at a point that open within `before` of now and have not ended. One query."""
    return (
        Handover.objects.filter(starts_at__lte=now + before, ends_at__gt=now, pickup_point__isnull=False)
        .select_related("round__hub", "pickup_point")
        .order_by("starts_at", "pk")
    )
