"""What became of reservations: line by line, set by set, so that one page, a list and a thousand notices cost the same.

The newest run of a window that was not voided counts. Money in minor units; deposits and fees stand apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from marketplace import clock
from marketplace.models import ReservationLine
from marketplace.queries.ladders import first_price
from marketplace.queries.orders.substituted import Substituted, substituted_by_line
from marketplace.queries.results import Got, got_by_line
from marketplace.rules.states import CLOSED_STATES, WindowState


class LineStatus(StrEnum):
    """How far a line's window has come."""

    OPEN = "open"  # takes changes
    COUNTING = "counting"  # past its deadline, not counted yet
    FINAL = "final"
    CANCELLED = "cancelled"  # the hub cancelled the window: nobody is bound


@dataclass(frozen=True, slots=True, kw_only=True)
class LineResult:
    """A line with what it got. `asked` firm units, `flexible` more allowed; `got` units of which `extra` were those.

    `at_most_minor` is the most that a unit could have cost: the first step, or the household's own limit below it.
    `reason` is a code of rules/clearing/reasons.py; `unit_price_minor` is None where the offer was not ordered.
    """

    line_id: int
    reservation_id: int
    window_id: int
    offer_id: int
    product_id: int
    product_name: str
    merchant_id: int
    merchant_name: str
    from_stock: bool
    status: LineStatus
    asked: int
    flexible: int
    at_most_minor: int
    deposit_each_minor: int
    offered_back: int
    collect_until: date | None
    got: int = 0
    extra: int = 0
    unit_price_minor: int | None = None
    charged_minor: int = 0
    reason: str = ""
    # What came instead of missing units, with prices of its own.
    instead: tuple[Substituted, ...] = ()

    @property
    def instead_minor(self) -> int:
        return sum(one.charged_minor for one in self.instead)

    @property
    def is_final(self) -> bool:
        return self.status in (LineStatus.FINAL, LineStatus.CANCELLED)

    @property
    def saved_minor(self) -> int:
        """What the units that were got cost less than they could have cost at most."""
        return self.got * self.at_most_minor - self.charged_minor

    @property
    def deposit_minor(self) -> int:
        own = self.deposit_each_minor * (self.got if self.is_final else self.asked + self.flexible)
        return own + sum(one.deposit_minor for one in self.instead)

    @property
    def may_cost_minor(self) -> int:
        """What the line costs, or while it is not counted, at most may cost."""
        if self.is_final:
            return self.charged_minor + self.instead_minor
        return (self.asked + self.flexible) * self.at_most_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A reservation's lines with its sums. `fee_minor` is the handover's, due when something is handed over."""

    reservation_id: int
    lines: tuple[LineResult, ...]
    handover_fee_minor: int = 0

    @property
    def is_final(self) -> bool:
        return all(line.is_final for line in self.lines)

    @property
    def units(self) -> int:
        return sum(line.got + sum(one.units for one in line.instead) for line in self.lines)

    @property
    def charged_minor(self) -> int:
        """The goods that are sure."""
        return sum(line.charged_minor + line.instead_minor for line in self.lines)

    @property
    def may_cost_minor(self) -> int:
        return sum(line.may_cost_minor for line in self.lines)

    @property
    def saved_minor(self) -> int:
        return sum(line.saved_minor for line in self.lines if line.is_final)

    @property
    def deposit_minor(self) -> int:
        return sum(line.deposit_minor for line in self.lines)

    @property
    def fee_minor(self) -> int:
        return self.handover_fee_minor if self.units or not self.is_final else 0

    @property
    def total_minor(self) -> int:
        """All that is paid, at most while something is not counted: goods, deposits, fee."""
        return self.may_cost_minor + self.deposit_minor + self.fee_minor


def results_of(fees: Mapping[int, int], *, window_id: int | None = None) -> dict[int, Result]:
    """The results of reservations, given as {reservation id: its handover's fee}. Four queries for any number, five
    where substitutes are named.

    With `window_id` only the lines of that window are looked at. Lines in the order of merchants and products.
    """
    lines = _lines(fees, window_id)
    got, instead = got_by_line(lines), substituted_by_line(lines)
    by_reservation: dict[int, list[LineResult]] = {pk: [] for pk in fees}
    for line in lines:
        by_reservation[line.reservation_id].append(_result(line, got.get(line.pk), instead.get(line.pk, ())))
    return {
        pk: Result(reservation_id=pk, lines=tuple(of), handover_fee_minor=fees[pk]) for pk, of in by_reservation.items()
    }


def _lines(reservation_ids: Iterable[int], window_id: int | None) -> Sequence[ReservationLine]:
    lines = ReservationLine.objects.filter(reservation__in=list(reservation_ids))
    if window_id is not None:
        lines = lines.filter(window=window_id)
    return list(
        lines.annotate(clock=clock.expression(), first_price=first_price("offer"))
        .select_related("window", "offer__product__merchant", "offer__product__deposit_type")
        .order_by("offer__product__merchant__name", "offer__product__merchant_id", "offer__product__name", "pk")
    )


def _status(line: ReservationLine, counted: bool) -> LineStatus:
    now: datetime = line.clock  # type: ignore[attr-defined]
    if line.window.state == WindowState.CANCELLED:
        return LineStatus.CANCELLED
    if line.window.state in CLOSED_STATES and counted:
        return LineStatus.FINAL
    return LineStatus.OPEN if line.window.takes_reservations(now) else LineStatus.COUNTING


def _result(line: ReservationLine, got: Got | None, instead: tuple[Substituted, ...]) -> LineResult:
    first: int = line.first_price or 0  # type: ignore[attr-defined]
    limit, product = line.max_unit_price_minor, line.offer.product
    result = LineResult(
        line_id=line.pk,
        reservation_id=line.reservation_id,
        window_id=line.window_id,
        offer_id=line.offer_id,
        product_id=product.pk,
        product_name=product.name,
        merchant_id=product.merchant_id,
        merchant_name=product.merchant.name,
        from_stock=line.offer.from_stock,
        status=_status(line, got is not None),
        asked=line.firm,
        flexible=line.flexible,
        at_most_minor=first if limit is None else min(limit, first),
        deposit_each_minor=product.deposit_type.amount_minor if product.deposit_type else 0,
        offered_back=line.offered_back,
        collect_until=line.collect_until,
    )
    if got is None or result.status is not LineStatus.FINAL:
        return result
    return replace(
        result,
        got=got.quantity,
        extra=got.extra,
        unit_price_minor=got.unit_price_minor,
        charged_minor=got.charged_minor,
        reason=got.reason,
        instead=instead,
    )
