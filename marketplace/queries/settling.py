"""What reservations cost by what is known now, ready to be booked. Deposits and fees stand apart from the goods."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from marketplace.models import (
    HandoverProgress,
    Hub,
    LineShare,
    Offer,
    OfferOutcome,
    OrderLineSubstitute,
    Product,
    PurchaseOrderLine,
    Reservation,
    ReservationLine,
    SettlementLine,
    SubstituteAllocation,
    Supply,
)
from marketplace.queries.orders.lines import weighing_of
from marketplace.queries.results import Got, counting_runs, got_by_line
from marketplace.queries.settlements import standing_settlements
from marketplace.rules.ledger.settling import Cause, Detail, Target, payers_of, weighed_price, weight_share
from marketplace.rules.ledger.splitting import Fee, Market, Payer, SellsAs, Sold
from marketplace.rules.orders.weights import half_up
from marketplace.rules.states import OrderState, ProgressStep, ShareState, WindowState

HANDOVER_FEE = "handover"
_ENDS = {ProgressStep.HANDED_OVER.value: Cause.HANDED_OVER, ProgressStep.NO_SHOW.value: Cause.NO_SHOW}


class End(NamedTuple):
    """How a reservation's handover ended, and when."""

    cause: Cause
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A reservation with what it costs: `end` is None while it waits for its handover, `target` while one of its
    windows is not counted."""

    reservation: Reservation
    end: End | None
    target: Target | None


def market_of(hub: Hub) -> Market:
    """How the hub states prices."""
    return Market(prices_include_tax=hub.prices_include_tax, service_tax_rate=hub.service_tax_basis_points)


def dues_of(reservation_ids: Collection[int]) -> dict[int, Due]:
    """What these reservations cost. Fourteen queries for any number of them."""
    reservations, by_reservation, facts = _read(reservation_ids)
    ends = _ends(reservation_ids)
    return {
        found.pk: Due(
            reservation=found,
            end=ends.get(found.pk),
            target=_target(found, by_reservation[found.pk], facts, ends.get(found.pk)),
        )
        for found in reservations
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """A reservation's lines with what they cost: `sold` where their window was counted, `open_lines` where not."""

    reservation: Reservation
    sold: tuple[tuple[Sold, Detail], ...]
    open_lines: tuple[ReservationLine, ...]


def costs_of(reservation_ids: Collection[int]) -> list[Costs]:
    """What these reservations come to line by line, whatever became of their handover. Thirteen queries."""
    reservations, by_reservation, facts = _read(reservation_ids)
    return [
        Costs(
            reservation=found,
            sold=tuple(
                one for line in by_reservation[found.pk] if line.pk in facts.got for one in facts.sold(line, found)
            ),
            open_lines=tuple(
                line
                for line in by_reservation[found.pk]
                if line.pk not in facts.got and line.window.state != WindowState.CANCELLED
            ),
        )
        for found in reservations
    ]


def _read(
    reservation_ids: Collection[int],
) -> tuple[list[Reservation], Mapping[int, Sequence[ReservationLine]], "_Facts"]:
    rows = Reservation.objects.filter(pk__in=reservation_ids)
    reservations = list(rows.select_related("round__hub", "handover__pickup_point").order_by("pk"))
    lines = list(
        ReservationLine.objects.filter(reservation__in=reservation_ids)
        .select_related("window", "offer__product__tax_class", "offer__product__deposit_type", "reservation__round")
        .order_by("pk")
    )
    by_reservation: dict[int, list[ReservationLine]] = defaultdict(list)
    for line in lines:
        by_reservation[line.reservation_id].append(line)
    return reservations, by_reservation, _Facts.read(lines)


def _ends(reservation_ids: Collection[int]) -> dict[int, End]:
    rows = HandoverProgress.objects.filter(reservation__in=reservation_ids, step__in=_ENDS)
    found: dict[int, End] = {}
    # Somebody who came after all: handed over stands above a no-show.
    for pk, step, at in rows.order_by("-step").values_list("reservation_id", "step", "at"):
        found[pk] = End(_ENDS[step], at)
    return found


def _target(
    reservation: Reservation, lines: Sequence[ReservationLine], facts: "_Facts", end: End | None
) -> Target | None:
    hub, terms = reservation.round.hub, facts.terms.get(reservation.pk)
    counted = all(line.pk in facts.got or line.window.state == WindowState.CANCELLED for line in lines)
    if not counted:
        return None
    market = market_of(hub) if terms is None else Market(hub.prices_include_tax, terms.service_tax_rate)
    if end is not None and end.cause is Cause.NO_SHOW and not hub.no_show_pays:
        return Target(market=market)
    sold = tuple(one for line in lines if line.pk in facts.got for one in facts.sold(line, reservation))
    fee = reservation.handover.fee_minor
    if terms is not None and terms.handover_fee is not None:
        fee = terms.handover_fee
    fees = ((Fee(reservation.household_id, HANDOVER_FEE, fee), str(reservation.handover)),) if sold and fee else ()
    point = reservation.handover.pickup_point
    rate = point.host_commission_basis_points if point else 0
    return Target(
        market=market,
        sold=sold,
        fees=fees,
        host_point_id=point.pk if point else None,
        host_rate=rate if terms is None else terms.host_rate,
    )


class _LineTerms(NamedTuple):
    """What a line was settled on before."""

    tax_rate: int
    deposit_type_id: int | None
    deposit_each: int
    sells_as: SellsAs


class _Terms(NamedTuple):
    """What a reservation was settled on before, beside its lines'; without goods it paid no fee, whatever that was."""

    service_tax_rate: int
    host_rate: int
    handover_fee: int | None


@dataclass(frozen=True, slots=True)
class _Facts:
    """Everything about some lines that decides their price, by line, offer, or merchant and hub."""

    got: Mapping[int, Got]
    terms: Mapping[int, _Terms]
    line_terms: Mapping[tuple[int, int], _LineTerms]
    costs: Mapping[int, int]
    shares: Mapping[tuple[int, int], Sequence[tuple[int, int, int, int | None]]]
    sells_as: Mapping[tuple[int, int], SellsAs]
    weighed: Mapping[int, PurchaseOrderLine]
    instead: Mapping[int, Sequence[SubstituteAllocation]]
    instead_costs: Mapping[tuple[int, int], int]

    @classmethod
    def read(cls, lines: Sequence[ReservationLine]) -> "_Facts":
        offers = {line.offer_id: line.offer for line in lines}
        instead = _instead(lines)
        terms, line_terms = _settled_terms({line.reservation_id for line in lines})
        return cls(
            got=got_by_line(lines),
            terms=terms,
            line_terms=line_terms,
            costs=_costs(lines),
            shares=_shares(lines),
            sells_as=_sells_as(offers.values(), {line.reservation.round.hub_id for line in lines}),
            weighed=_weighed(offers.values()),
            instead=instead,
            instead_costs=_instead_costs(instead),
        )

    def sold(self, line: ReservationLine, reservation: Reservation) -> Iterable[tuple[Sold, Detail]]:
        """What the line comes to: its own product, then what came instead."""
        got, offer = self.got[line.pk], line.offer
        payers = payers_of(reservation.household_id, self.shares.get((line.reservation_id, line.offer_id), ()))
        if got.quantity:
            price, milli = self._price(offer, got)
            each = got.unit_price_minor or 0
            cost = self.costs.get(offer.pk, 0) * got.quantity
            yield self._sold(line, offer.product, got.quantity, each, price, cost, payers, milli)
        for given in self.instead.get(line.pk, ()):
            cost = self.instead_costs.get((given.order_line_id, given.product_id), 0) * given.quantity
            yield self._sold(
                line,
                given.product,
                given.quantity,
                given.unit_price_minor,
                given.charged_minor,
                cost,
                _all_pay(payers),
                None,
            )

    def _price(self, offer: Offer, got: Got) -> tuple[int, int | None]:
        """What the units cost together, by their weight where it is known; and that weight."""
        weighed, weighing = self.weighed.get(offer.pk), weighing_of(offer)
        if weighed is None or weighing is None or weighed.actual_milli is None or got.unit_price_minor is None:
            return got.charged_minor, None
        milli = weight_share(got.quantity, weighed.confirmed or weighed.coming, weighed.actual_milli)
        price = weighed_price(unit_price=got.unit_price_minor, units=got.quantity, weighing=weighing, milli=milli)
        # What a lower billed price took off the charge (actions/orders/lower_charges.py) is taken off here too.
        fallen = got.quantity * got.unit_price_minor - got.charged_minor
        return max(0, price - fallen), half_up(milli)

    def _sold(
        self,
        line: ReservationLine,
        product: Product,
        units: int,
        unit_price: int,
        price: int,
        cost: int,
        payers: Sequence[Payer],
        milli: int | None,
    ) -> tuple[Sold, Detail]:
        terms = self.line_terms.get((line.pk, product.pk)) or self._terms_now(product, line.reservation.round.hub_id)
        facts = {"product_id": product.pk, "product": product.name, "units": units, "unit_price_minor": unit_price}
        sold = Sold(
            line_id=line.pk,
            units=units,
            price=price,
            tax_rate=terms.tax_rate,
            payers=payers,
            merchant_id=product.merchant_id,
            sells_as=terms.sells_as,
            cost=cost,
            from_stock=line.offer.from_stock,
            deposit_type_id=terms.deposit_type_id,
            deposit_each=terms.deposit_each,
            facts=facts,
        )
        return sold, Detail(product.pk, product.name, unit_price, milli)

    def _terms_now(self, product: Product, hub_id: int) -> _LineTerms:
        deposit = product.deposit_type
        return _LineTerms(
            tax_rate=product.tax_class.rate_basis_points,
            deposit_type_id=deposit.pk if deposit else None,
            deposit_each=deposit.amount_minor if deposit else 0,
            sells_as=self.sells_as.get((product.merchant_id, hub_id), SellsAs.RESELLER),
        )


def _settled_terms(
    reservation_ids: Collection[int],
) -> tuple[dict[int, _Terms], dict[tuple[int, int], _LineTerms]]:
    """On what these reservations were settled before: a tax, a deposit or a fee that changes later is not theirs. Two
    queries."""
    standing = list(standing_settlements().filter(reservation__in=reservation_ids))
    rows = list(SettlementLine.objects.filter(settlement__in=standing))
    fees = {row.settlement_id: row.unit_price_minor for row in rows if row.code == HANDOVER_FEE}
    with_goods = {row.settlement_id for row in rows if row.line_id is not None}
    terms = {
        one.reservation_id: _Terms(
            one.service_tax_rate, one.host_rate, fees.get(one.pk, 0) if one.pk in with_goods else None
        )
        for one in standing
    }
    line_terms = {
        (row.line_id, row.product_id): _LineTerms(
            row.tax_rate, row.deposit_type_id, row.deposit_each_minor, SellsAs(row.sells_as)
        )
        for row in rows
        if row.line_id is not None and row.product_id is not None
    }
    return terms, line_terms


def _all_pay(payers: Sequence[Payer]) -> list[Payer]:
    """Parts of what came instead: nobody agreed to a number of those."""
    return [payer._replace(agreed_units=None) for payer in payers]


def _costs(lines: Iterable[ReservationLine]) -> dict[int, int]:
    lines = list(lines)
    runs = counting_runs({line.window_id for line in lines})
    rows = OfferOutcome.objects.filter(run__in=runs, offer__in={line.offer_id for line in lines}, reached=True)
    return {offer: cost or 0 for offer, cost in rows.order_by("run__number").values_list("offer_id", "cost_minor")}


def _shares(lines: Iterable[ReservationLine]) -> dict[tuple[int, int], list[tuple[int, int, int, int | None]]]:
    accepted = LineShare.objects.filter(
        reservation__in={line.reservation_id for line in lines}, state=ShareState.ACCEPTED.value
    )
    found: dict[tuple[int, int], list[tuple[int, int, int, int | None]]] = defaultdict(list)
    for share in accepted.exclude(household=None).order_by("pk"):
        part = (share.household_id or 0, share.parts, share.total_parts, share.agreed_units)
        found[share.reservation_id, share.offer_id].append(part)
    return found


def _sells_as(offers: Iterable[Offer], hub_ids: Collection[int]) -> dict[tuple[int, int], SellsAs]:
    merchants = {offer.product.merchant_id for offer in offers}
    rows = Supply.objects.filter(merchant__in=merchants, hub__in=hub_ids)
    return {(m, h): SellsAs(role) for m, h, role in rows.values_list("merchant_id", "hub_id", "sells_as")}


def _weighed(offers: Iterable[Offer]) -> dict[int, PurchaseOrderLine]:
    """The order lines with a weight, of offers that are paid by weight. One query, none where none is."""
    ids = [offer.pk for offer in offers if weighing_of(offer)]
    if not ids:
        return {}
    rows = PurchaseOrderLine.objects.filter(offer__in=ids, actual_milli__isnull=False)
    return {row.offer_id: row for row in rows.exclude(order__state=OrderState.VOIDED.value)}


def _instead(lines: Sequence[ReservationLine]) -> dict[int, list[SubstituteAllocation]]:
    """What came instead, the newest row of each line and product."""
    runs = counting_runs({line.window_id for line in lines})
    rows = SubstituteAllocation.objects.filter(run__in=runs, line__in=[line.pk for line in lines])
    rows = rows.select_related("product__tax_class", "product__deposit_type").order_by("run__number")
    newest = {(row.line_id, row.product_id): row for row in rows}
    found: dict[int, list[SubstituteAllocation]] = defaultdict(list)
    for row in newest.values():
        if row.quantity:
            found[row.line_id].append(row)
    return found


def _instead_costs(instead: Mapping[int, Sequence[SubstituteAllocation]]) -> dict[tuple[int, int], int]:
    lines = {row.order_line_id for rows in instead.values() for row in rows}
    if not lines:
        return {}
    rows = OrderLineSubstitute.objects.filter(line__in=lines)
    return {(line, product): cost for line, product, cost in rows.values_list("line_id", "product_id", "cost_minor")}
