"""What a household holds in a round: its lines, its basket at today's prices, and after the close what it got."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import BooleanField, Case, F, Value, When

from marketplace import clock
from marketplace.models import Allocation, ClearingRun, OfferOutcome, Reservation, ReservationLine
from marketplace.queries.standings import standings
from marketplace.rules.clearing.reasons import LineReason
from marketplace.rules.clearing.standing import OfferStanding


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A household's line, as a form shows it for changing. `offered_back` of `firm` are offered to others;
    `needs_agreement`: the offer changed, and the line counts once the household agrees."""

    firm: int
    flexible: int
    flexible_for: str
    max_unit_price_minor: int | None
    whole_only: bool
    offered_back: int = 0
    needs_agreement: bool = False
    substitutes: tuple[int, ...] = ()
    collect_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLine:
    """A line at today's prices, in minor units. `locked`: its window takes no changes any more.

    `offered_back` of the firm units are offered to others; they stay the household's until somebody takes them over.
    `needs_agreement`: the offer changed, and the line counts once the household agrees to `offer_version`.

    `price_now_minor` is the price if the window closed now (the first step's until the offer is reached);
    `price_at_most_minor` the most that it can become: the first step's, or the household's limit where that is lower.
    """

    offer_id: int
    window_id: int
    product_name: str
    firm: int
    flexible: int
    flexible_for: str
    max_unit_price_minor: int | None
    whole_only: bool
    locked: bool
    closes_at: datetime
    price_now_minor: int
    price_at_most_minor: int
    standing: OfferStanding
    offered_back: int = 0
    offer_version: int = 1
    needs_agreement: bool = False
    substitutes: tuple[int, ...] = ()
    collect_until: date | None = None

    @property
    def now_minor(self) -> int:
        return self.firm * min(self.price_now_minor, self.price_at_most_minor)

    @property
    def at_most_minor(self) -> int:
        return (self.firm + self.flexible) * self.price_at_most_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """A household's placed lines of one round, in the order of its windows' deadlines and the products' names."""

    reservation_id: int
    version: int
    state: str
    handover_id: int
    currency: str
    lines: tuple[BasketLine, ...]

    @property
    def now_minor(self) -> int:
        return sum(line.now_minor for line in self.lines)

    @property
    def at_most_minor(self) -> int:
        return sum(line.at_most_minor for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOutcome:
    """What a line got at the close: `quantity` of `asked` firm units (more where extra units were used).

    `reason` is the line's (rules/clearing/reasons) or, where the offer was not ordered, the offer's. `offered_back` of
    `asked` were offered to others and nobody took them over: giving them back was refused by the close.
    """

    offer_id: int
    product_name: str
    asked: int
    quantity: int
    extra: int
    unit_price_minor: int | None
    charged_minor: int
    reason: str
    reached: bool
    offered_back: int = 0


def own_lines(household_id: int, round_id: int) -> dict[int, OwnLine]:
    """The household's lines of a round by offer. One query."""
    lines = ReservationLine.objects.filter(reservation__household_id=household_id, reservation__round_id=round_id)
    columns = ("offer_id", "firm", "flexible", "flexible_for", "max_unit_price_minor", "whole_only", "offered_back")
    rows = lines.annotate(waits=_waits_for_agreement()).values_list(*columns, "waits", "substitutes", "collect_until")
    found = {}
    for offer_id, *line, waits, instead, until in rows:
        held = OwnLine(*line)
        found[offer_id] = replace(held, needs_agreement=waits, substitutes=tuple(instead), collect_until=until)
    return found


def _waits_for_agreement() -> Case:
    """Whether a line agreed to less than its offer asks for."""
    waits = When(agreed_version__lt=F("offer__agreement_version"), then=Value(True))
    return Case(waits, default=Value(False), output_field=BooleanField())


def basket(household_id: int, round_id: int) -> Basket | None:
    """The household's lines of a round with their offers' standing; None while it holds nothing. Four queries."""
    lines = list(
        ReservationLine.objects.filter(reservation__household_id=household_id, reservation__round_id=round_id)
        .annotate(now=clock.expression())
        .select_related("reservation__round__hub", "offer__product", "window")
        .order_by("window__closes_at", "window_id", "offer__product__name", "pk")
    )
    if not lines:
        return None
    reservation = lines[0].reservation
    stand = standings([line.offer_id for line in lines])
    return Basket(
        reservation_id=reservation.pk,
        version=reservation.version,
        state=reservation.state,
        handover_id=reservation.handover_id,
        currency=reservation.round.hub.currency,
        lines=tuple(_basket_line(line, stand[line.offer_id], line.now) for line in lines),
    )


def _basket_line(line: ReservationLine, stands: OfferStanding, now: datetime) -> BasketLine:
    limit = line.max_unit_price_minor
    return BasketLine(
        offer_id=line.offer_id,
        window_id=line.window_id,
        product_name=line.offer.product.name,
        firm=line.firm,
        flexible=line.flexible,
        flexible_for=line.flexible_for,
        max_unit_price_minor=limit,
        whole_only=line.whole_only,
        locked=not line.window.takes_reservations(now),
        closes_at=line.window.closes_at,
        price_now_minor=stands.price_at_most if stands.price_now is None else stands.price_now,
        price_at_most_minor=stands.price_at_most if limit is None else min(limit, stands.price_at_most),
        standing=stands,
        offered_back=line.offered_back,
        offer_version=line.offer.version,
        needs_agreement=line.agreed_version < line.offer.agreement_version,
        substitutes=tuple(line.substitutes),
        collect_until=line.collect_until,
    )


def outcome_lines(reservation: Reservation) -> list[LineOutcome]:
    """What each line of the closed windows got, by each window's newest run that was not voided. Four queries.

    A line without an allocation got exactly its firm quantity of a reached offer, or nothing because the offer was
    not reached or the price stayed above its limit: the outcome says which.
    """
    lines = list(
        ReservationLine.objects.filter(reservation=reservation)
        .select_related("offer__product")
        .order_by("offer__product__name", "pk")
    )
    return [outcome for outcome in line_outcomes(lines) if outcome is not None]


def line_outcomes(lines: Sequence[ReservationLine]) -> list[LineOutcome | None]:
    """What each line (with its offer and product at hand) got, by the newest run of its window that was not voided;
    None where that is still open. Three queries."""
    run_ids = _newest_runs({line.window_id for line in lines})
    outcomes = {
        outcome.offer_id: outcome
        for outcome in OfferOutcome.objects.filter(run__in=run_ids, offer__in=[line.offer_id for line in lines])
    }
    allocations = {
        allocation.line_id: allocation for allocation in Allocation.objects.filter(run__in=run_ids, line__in=lines)
    }
    return [
        _outcome(line, outcomes[line.offer_id], allocations.get(line.pk)) if line.offer_id in outcomes else None
        for line in lines
    ]


def _newest_runs(window_ids: Iterable[int]) -> list[int]:
    runs = ClearingRun.objects.filter(window__in=window_ids, voided_at__isnull=True).order_by("number")
    return list(dict(runs.values_list("window_id", "pk")).values())


def _outcome(line: ReservationLine, outcome: OfferOutcome, allocation: Allocation | None) -> LineOutcome:
    price, limit = outcome.unit_price_minor, line.max_unit_price_minor
    if allocation is not None:
        quantity, charged, reason = allocation.quantity, allocation.charged_minor, allocation.reason
    elif line.agreed_version < line.offer.agreement_version:
        quantity, charged, reason = 0, 0, LineReason.NOT_AGREED.value
    elif price is None:
        quantity, charged, reason = 0, 0, outcome.reason
    elif limit is not None and limit < price:
        quantity, charged, reason = 0, 0, LineReason.LIMIT_BELOW_PRICE.value
    else:
        quantity, charged, reason = line.firm, line.firm * price, LineReason.IN_FULL.value
    return LineOutcome(
        offer_id=line.offer_id,
        product_name=line.offer.product.name,
        asked=line.firm,
        quantity=quantity,
        extra=allocation.extra if allocation else 0,
        unit_price_minor=price,
        charged_minor=charged,
        reason=reason,
        reached=outcome.reached,
        offered_back=line.offered_back,
    )
