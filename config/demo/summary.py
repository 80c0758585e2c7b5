"""What became of a round, as figures, and the checks that nothing was lost or invented on the way.

The checks count from the stored lines, allocations, outcomes and orders with arithmetic of their own: they share no
code with the clearing that they check.
"""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from config.demo.checks import Check, check_round
from marketplace.models import (
    Allocation,
    Dispatch,
    OfferOutcome,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    ReservationLine,
    Round,
)
from marketplace.rules.states import OrderState, VersionState


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One purchase order; money in minor units."""

    number: str
    merchant: str
    window: str
    offers: int
    reached: int
    lines: int
    units: int
    cases: int
    goods: int
    fees: int
    total: int
    state: str
    dispatch: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One round from its reservations to its orders; money in minor units of `currency`."""

    hub: str
    round: str
    handover_on: str
    currency: str
    reservations: int
    cancelled: int
    lines: int
    units_wanted: int
    units_ordered: int
    offers: int
    reached: int
    reached_by_step: dict[int, int]
    not_reached_because: dict[str, int]
    extras: int
    hub_units: int
    lines_exact: int
    lines_with_extras: int
    lines_short: int
    lines_without: int
    orders: list[OrderRow]
    goods: int
    fees: int
    total: int
    checks: list[Check]

    @property
    def is_sound(self) -> bool:
        return all(check.passed for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "sound": self.is_sound}


def summarize(round_id: int) -> Summary:
    """The summary of a round whose windows are closed. About twelve queries, whatever its size."""
    round_ = Round.objects.select_related("hub").get(pk=round_id)
    outcomes = list(
        OfferOutcome.objects.filter(run__window__round=round_, run__voided_at=None)
        .select_related("offer__product")
        .prefetch_related("offer__steps")
    )
    exceptions = list(Allocation.objects.filter(run__window__round=round_, run__voided_at=None).select_related("line"))
    orders = _orders(round_, outcomes)
    reservations = Counter(Reservation.objects.filter(round=round_).values_list("state", flat=True))
    lines = list(ReservationLine.objects.filter(reservation__round=round_).values_list("offer_id", "firm"))
    return Summary(
        hub=round_.hub.name,
        round=round_.name,
        handover_on=round_.handover_on.isoformat(),
        currency=round_.hub.currency,
        reservations=reservations[VersionState.PLACED.value],
        cancelled=reservations[VersionState.CANCELLED.value],
        lines=len(lines),
        units_wanted=sum(firm for _, firm in lines),
        units_ordered=sum(outcome.ordered for outcome in outcomes),
        offers=len(outcomes),
        reached=sum(outcome.reached for outcome in outcomes),
        reached_by_step=dict(sorted(Counter(_step(outcome) for outcome in outcomes if outcome.reached).items())),
        not_reached_because=dict(Counter(outcome.reason for outcome in outcomes if not outcome.reached)),
        extras=sum(allocation.extra for allocation in exceptions),
        hub_units=sum(outcome.hub_units for outcome in outcomes),
        **_fates(outcomes, exceptions, lines),
        orders=orders,
        goods=sum(order.goods for order in orders),
        fees=sum(order.fees for order in orders),
        total=sum(order.total for order in orders),
        checks=check_round(round_id),
    )


def _step(outcome: OfferOutcome) -> int:
    """Which step of the ladder was reached, from 1."""
    prices = [step.unit_price_minor for step in outcome.offer.steps.all()]
    return prices.index(outcome.unit_price_minor or 0) + 1


def _fates(outcomes: list[OfferOutcome], exceptions: list[Allocation], lines: list[tuple[int, int]]) -> dict[str, int]:
    """How many lines got exactly what was firm, more, less, nothing."""
    reached = {outcome.offer_id for outcome in outcomes if outcome.reached}
    served = sum(offer_id in reached for offer_id, _ in lines)
    more = sum(allocation.quantity > allocation.line.firm for allocation in exceptions)
    none = sum(allocation.quantity == 0 for allocation in exceptions)
    less = sum(0 < allocation.quantity < allocation.line.firm for allocation in exceptions)
    return {
        "lines_exact": served - more - less - none,
        "lines_with_extras": more,
        "lines_short": less,
        "lines_without": len(lines) - served + none,
    }


def _orders(round_: Round, outcomes: list[OfferOutcome]) -> list[OrderRow]:
    offered = Counter((outcome.offer.window_id, outcome.offer.product.merchant_id) for outcome in outcomes)
    reached = Counter(
        (outcome.offer.window_id, outcome.offer.product.merchant_id) for outcome in outcomes if outcome.reached
    )
    states = dict(
        Dispatch.objects.filter(revision__order__window__round=round_).values_list("revision__order_id", "state")
    )
    lines: dict[int, list[PurchaseOrderLine]] = {}
    for line in PurchaseOrderLine.objects.filter(order__window__round=round_):
        lines.setdefault(line.order_id, []).append(line)
    orders = PurchaseOrder.objects.filter(window__round=round_).exclude(state=OrderState.VOIDED.value)
    return [
        OrderRow(
            number=str(order),
            merchant=order.merchant.name,
            window=order.window.name,
            offers=offered[order.window_id, order.merchant_id],
            reached=reached[order.window_id, order.merchant_id],
            lines=len(lines.get(order.pk, [])),
            units=sum(line.ordered for line in lines.get(order.pk, [])),
            cases=sum(line.whole_cases for line in lines.get(order.pk, [])),
            goods=order.goods_minor,
            fees=order.fees_minor,
            total=order.total_minor,
            state=order.state,
            dispatch=states.get(order.pk, "held" if order.held_for else "none"),
        )
        for order in orders.select_related("merchant", "window").order_by("window__closes_at", "merchant__name")
    ]
