"""What reservations that are not settled may still cost their household: by the count where there is one, before it at
most. Minor units of the hub's currency."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from marketplace.models import PriceStep, Reservation, ReservationLine
from marketplace.queries.settlements import standing_settlements
from marketplace.queries.settling import Costs, costs_of, market_of
from marketplace.rules.ledger.splitting import Market, paid_by
from marketplace.rules.ledger.worst_case import UnitDues, fee_at_most, line_at_most
from marketplace.rules.states import VersionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What a reservation holds of its household's money. `is_counted`: every window of it was, so that is what it
    costs unless something is still put right."""

    reservation: Reservation
    amount_minor: int
    is_counted: bool


def unsettled(reservations: QuerySet[Reservation]) -> QuerySet[Reservation]:
    """Those of the reservations that are placed and not settled."""
    settled = standing_settlements().filter(reservation=OuterRef("pk"))
    return reservations.filter(~Exists(settled), state=VersionState.PLACED.value)


def holds_of(reservation_ids: Collection[int]) -> list[Hold]:
    """What each of these reservations may cost its own household. Fourteen queries for any number."""
    costs = costs_of(reservation_ids)
    prices = _first_prices(line for cost in costs for line in cost.open_lines)
    return [
        Hold(
            reservation=cost.reservation,
            amount_minor=_amount(cost, prices),
            is_counted=not cost.open_lines,
        )
        for cost in costs
    ]


def reserved_of(household_id: int, hub_id: int) -> list[Hold]:
    """What the household's reservations at a hub hold, in the order of their handover. Fifteen queries."""
    own = unsettled(Reservation.objects.filter(household=household_id, round__hub=hub_id))
    ids = list(own.order_by("handover__starts_at", "pk").values_list("pk", flat=True)[:100])
    found = {hold.reservation.pk: hold for hold in holds_of(ids)}
    return [found[pk] for pk in ids if found[pk].amount_minor]


def _amount(cost: Costs, prices: dict[int, int]) -> int:
    reservation = cost.reservation
    market = market_of(reservation.round.hub)
    counted = sum(
        paid.total
        for sold, _ in cost.sold
        for paid in paid_by(sold, market)
        if paid.household_id == reservation.household_id
    )
    still = sum(_at_most(line, prices[line.offer_id], market) for line in cost.open_lines if line.offer_id in prices)
    if not (counted or still):
        return 0
    return counted + still + fee_at_most(reservation.handover.fee_minor, market)


def _at_most(line: ReservationLine, first_price: int, market: Market) -> int:
    product, limit = line.offer.product, line.max_unit_price_minor
    dues = UnitDues(
        deposit=product.deposit_type.amount_minor if product.deposit_type else 0,
        tax_rate=product.tax_class.rate_basis_points,
        margin_percent=line.offer.weight_margin_percent if product.catch_weight else 0,
    )
    price = first_price if limit is None else min(first_price, limit)
    return line_at_most(line.firm + line.flexible, price, dues, market)


def _first_prices(lines: Iterable[ReservationLine]) -> dict[int, int]:
    steps = PriceStep.objects.filter(offer__in={line.offer_id for line in lines}).order_by("-from_quantity")
    return dict(steps.values_list("offer_id", "unit_price_minor"))
