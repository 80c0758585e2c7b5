"""What the households of an order's offers hold: what the close gave, what counts now, what they take instead."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Sum

from marketplace.models import (
    Allocation,
    ClearingRun,
    HouseholdConsent,
    OfferOutcome,
    OrderChange,
    ReservationLine,
    SubstituteAllocation,
)
from marketplace.queries.closing_demand import line_of
from marketplace.queries.ladders import ladders_of
from marketplace.queries.results import Got, got_of
from marketplace.rules.clearing.terms import OfferTerms, PriceStep, ShortageRule
from marketplace.rules.orders.sharing import Holding
from marketplace.rules.states import OrderState
from marketplace.rules.substitutes import at_most_for


class HeldLine(NamedTuple):
    """A household's line: what the close gave (with units that it agreed to later), and what counts now.

    `instead` are the products that it takes instead (best first), at no more than `at_most` per unit; `substituted`
    what it gets of them now, as {product: (units, unit price)}.
    """

    line_id: int
    reservation_id: int
    household_id: int
    given: Got
    agreed: int
    now: Got
    instead: tuple[int, ...]
    at_most: int
    whole_only: bool
    substituted: dict[int, tuple[int, int]]

    @property
    def ground(self) -> int:
        """The units that it gets when all comes."""
        return self.given.quantity + self.agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferHoldings:
    """An offer's lines with its terms; `unit_price` is what a unit costs the households (None: it was not ordered)."""

    terms: OfferTerms
    unit_price: int | None
    lines: tuple[HeldLine, ...]
    holdings: tuple[Holding, ...]

    @property
    def ground(self) -> int:
        return sum(line.ground for line in self.lines)


def holdings_of(window_id: int, offer_ids: Collection[int]) -> dict[int, OfferHoldings]:
    """The holdings of some offers of a window that was closed. Seven queries, however many lines."""
    if not offer_ids:
        return {}
    lines = list(
        ReservationLine.objects.filter(window=window_id, offer__in=offer_ids)
        .select_related("offer", "reservation")
        .order_by("pk")
    )
    runs = ClearingRun.objects.filter(window=window_id, voided_at__isnull=True)
    kinds = dict(runs.order_by("number").values_list("pk", "kind"))
    close = [pk for pk, kind in kinds.items() if kind == ClearingRun.Kind.CLOSE]
    outcomes = list(OfferOutcome.objects.filter(run__in=kinds, offer__in=offer_ids).order_by("run__number"))
    given = list(Allocation.objects.filter(run__in=kinds, line__offer__in=offer_ids).order_by("run__number"))
    found = _Rows(
        decided={o.offer_id: o for o in outcomes if o.run_id in close},
        outcomes={o.offer_id: o for o in outcomes},
        given={a.line_id: a for a in given if a.run_id in close},
        counting={a.line_id: a for a in given},
        agreed=_agreed(window_id, offer_ids),
        substituted=_substituted(kinds, offer_ids),
    )
    ladders = ladders_of(offer_ids)
    by_offer: dict[int, list[ReservationLine]] = {offer_id: [] for offer_id in offer_ids}
    for line in lines:
        by_offer[line.offer_id].append(line)
    return {
        offer_id: _holdings(of, found, ladders[offer_id], offer_id)
        for offer_id, of in by_offer.items()
        if offer_id in found.decided and offer_id in ladders
    }


@dataclass(frozen=True, slots=True)
class _Rows:
    """The stored decisions: of the close, and the newest of all runs."""

    decided: dict[int, OfferOutcome]
    outcomes: dict[int, OfferOutcome]
    given: dict[int, Allocation]
    counting: dict[int, Allocation]
    agreed: dict[int, int]
    substituted: dict[int, dict[int, tuple[int, int]]]


def _holdings(
    lines: Sequence[ReservationLine], found: _Rows, ladder: Sequence[PriceStep], offer_id: int
) -> OfferHoldings:
    rule = lines[0].offer.shortage_rule if lines else ShortageRule.MAX_MIN
    held = tuple(_held(line, found, ladder[0].unit_price) for line in lines)
    terms = OfferTerms(id=offer_id, merchant=None, case=1, ladder=tuple(ladder), shortage_rule=ShortageRule(rule))
    holdings = tuple(
        Holding(line_of(line), one.ground, one.given.extra) for line, one in zip(lines, held, strict=True) if one.ground
    )
    price = found.outcomes[offer_id].unit_price_minor
    return OfferHoldings(terms=terms, unit_price=price, lines=held, holdings=holdings)


def _held(line: ReservationLine, found: _Rows, first_price: int) -> HeldLine:
    offer_id = line.offer_id
    return HeldLine(
        line_id=line.pk,
        reservation_id=line.reservation_id,
        household_id=line.reservation.household_id,
        given=got_of(line, found.decided[offer_id], found.given.get(line.pk)),
        agreed=found.agreed.get(line.pk, 0),
        now=got_of(line, found.outcomes[offer_id], found.counting.get(line.pk)),
        instead=tuple(line.substitutes),
        at_most=at_most_for(line.max_unit_price_minor, first_price),
        whole_only=line.whole_only,
        substituted=found.substituted.get(line.pk, {}),
    )


def _agreed(window_id: int, offer_ids: Collection[int]) -> dict[int, int]:
    """Units that households agreed to take after the close, by line. One query."""
    rows = (
        HouseholdConsent.objects.filter(line__window=window_id, line__offer__in=offer_ids)
        .exclude(order__state=OrderState.VOIDED.value)
        .order_by()
        .values_list("line_id")
        .annotate(Sum("units"))
    )
    return dict(rows)


def _substituted(run_ids: Iterable[int], offer_ids: Collection[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """What lines get of other products, the newest row of each. One query."""
    rows = SubstituteAllocation.objects.filter(run__in=list(run_ids), line__offer__in=offer_ids)
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for row in rows.order_by("run__number"):
        found.setdefault(row.line_id, {})[row.product_id] = (row.quantity, row.unit_price_minor)
    return found


def households_taking(window_id: int, offer_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Per offer, the products that households take instead, with the units that are reserved by those who do. One
    query; a merchant is shown the sums and never who."""
    rows = ReservationLine.objects.filter(window=window_id, offer__in=offer_ids).exclude(substitutes=[])
    found: dict[int, dict[int, int]] = {}
    for offer_id, products, firm in rows.values_list("offer_id", "substitutes", "firm"):
        taken = found.setdefault(offer_id, {})
        for product_id in products:
            taken[product_id] = taken.get(product_id, 0) + firm
    return found


def changes_of(order_id: int) -> dict[int, OrderChange]:
    """The changes of an order by their revision's number. One query."""
    rows = OrderChange.objects.filter(revision__order=order_id).select_related("revision", "by")
    return {change.revision.number: change for change in rows}
