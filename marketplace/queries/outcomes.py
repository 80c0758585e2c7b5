"""What became of reservations: line by line, set by set, so that one page, a list and a thousand notices cost the same.

The newest run of a window that was not voided counts. Money in minor units; deposits and fees stand apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import OuterRef, Subquery

from marketplace import clock
from marketplace.models import Allocation, ClearingRun, OfferOutcome, PriceStep, ReservationLine
from marketplace.queries.shop import CLOSED_STATES
from marketplace.rules.clearing.reasons import LineReason
from marketplace.rules.states import WindowState


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

    @property
    def is_final(self) -> bool:
        return self.status in (LineStatus.FINAL, LineStatus.CANCELLED)

    @property
    def saved_minor(self) -> int:
        """What the units that were got cost less than they could have cost at most."""
        return self.got * self.at_most_minor - self.charged_minor

    @property
    def deposit_minor(self) -> int:
        return self.deposit_each_minor * (self.got if self.is_final else self.asked + self.flexible)

    @property
    def may_cost_minor(self) -> int:
        """What the line costs, or while it is not counted, at most may cost."""
        return self.charged_minor if self.is_final else (self.asked + self.flexible) * self.at_most_minor


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
        return sum(line.got for line in self.lines)

    @property
    def charged_minor(self) -> int:
        """The goods that are sure."""
        return sum(line.charged_minor for line in self.lines)

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
    """The results of reservations, given as {reservation id: its handover's fee}. Four queries for any number.

    With `window_id` only the lines of that window are looked at. Lines in the order of merchants and products.
    """
    lines = _lines(fees, window_id)
    run_ids = _newest_runs({line.window_id for line in lines})
    offer_ids = {line.offer_id for line in lines}
    outcomes = {o.offer_id: o for o in OfferOutcome.objects.filter(run__in=run_ids, offer__in=offer_ids)}
    got = {
        a.line_id: a
        for a in Allocation.objects.filter(run__in=run_ids, line__reservation__in=list(fees)).order_by("run_id")
    }
    by_reservation: dict[int, list[LineResult]] = {pk: [] for pk in fees}
    for line in lines:
        by_reservation[line.reservation_id].append(_result(line, outcomes.get(line.offer_id), got.get(line.pk)))
    return {
        pk: Result(reservation_id=pk, lines=tuple(of), handover_fee_minor=fees[pk]) for pk, of in by_reservation.items()
    }


def _lines(reservation_ids: Iterable[int], window_id: int | None) -> Sequence[ReservationLine]:
    first_step = PriceStep.objects.filter(offer=OuterRef("offer")).order_by("from_quantity")
    lines = ReservationLine.objects.filter(reservation__in=list(reservation_ids))
    if window_id is not None:
        lines = lines.filter(window=window_id)
    return list(
        lines.annotate(clock=clock.expression(), first_price=Subquery(first_step.values("unit_price_minor")[:1]))
        .select_related("window", "offer__product__merchant", "offer__product__deposit_type")
        .order_by("offer__product__merchant__name", "offer__product__merchant_id", "offer__product__name", "pk")
    )


def _newest_runs(window_ids: Iterable[int]) -> list[int]:
    runs = ClearingRun.objects.filter(window__in=window_ids, voided_at__isnull=True).order_by("number")
    return list(dict(runs.values_list("window_id", "pk")).values())


def _status(line: ReservationLine, outcome: OfferOutcome | None) -> LineStatus:
    now: datetime = line.clock  # type: ignore[attr-defined]
    if line.window.state == WindowState.CANCELLED:
        return LineStatus.CANCELLED
    if line.window.state in CLOSED_STATES and outcome is not None:
        return LineStatus.FINAL
    return LineStatus.OPEN if line.window.takes_reservations(now) else LineStatus.COUNTING


def _result(line: ReservationLine, outcome: OfferOutcome | None, got: Allocation | None) -> LineResult:
    first: int = line.first_price or 0  # type: ignore[attr-defined]
    limit, product = line.max_unit_price_minor, line.offer.product
    status = _status(line, outcome)
    quantity, charged, reason = _got(line, outcome, got) if outcome and status is LineStatus.FINAL else (0, 0, "")
    return LineResult(
        line_id=line.pk,
        reservation_id=line.reservation_id,
        window_id=line.window_id,
        offer_id=line.offer_id,
        product_id=product.pk,
        product_name=product.name,
        merchant_id=product.merchant_id,
        merchant_name=product.merchant.name,
        from_stock=line.offer.from_stock,
        status=status,
        asked=line.firm,
        flexible=line.flexible,
        at_most_minor=first if limit is None else min(limit, first),
        deposit_each_minor=product.deposit_type.amount_minor if product.deposit_type else 0,
        offered_back=line.offered_back,
        collect_until=line.collect_until,
        got=quantity,
        extra=got.extra if got and quantity else 0,
        unit_price_minor=outcome.unit_price_minor if outcome and status is LineStatus.FINAL else None,
        charged_minor=charged,
        reason=reason,
    )


def _got(line: ReservationLine, outcome: OfferOutcome, got: Allocation | None) -> tuple[int, int, str]:
    """Units, charge and reason. A line without an allocation got its firm quantity, or nothing as the outcome says."""
    price, limit = outcome.unit_price_minor, line.max_unit_price_minor
    if got is not None:
        return got.quantity, got.charged_minor, got.reason
    if line.agreed_version < line.offer.agreement_version:
        return 0, 0, LineReason.NOT_AGREED.value
    if price is None:
        return 0, 0, outcome.reason
    if limit is not None and limit < price:
        return 0, 0, LineReason.LIMIT_BELOW_PRICE.value
    return line.firm, line.firm * price, LineReason.IN_FULL.value
