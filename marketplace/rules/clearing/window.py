"""Closing a window: from its demand to outcomes, purchase orders and exception allocations. Pure.

`clear_window` works on aggregates and asks for lines only where they decide something: where whole_only lines may
get a part, where extras are used, and where an offer is short. `clear_lines` does the same from lines alone.
Rules: docs/domain.md, "Closing".
"""

from collections.abc import Iterator, Mapping, Sequence

from marketplace.rules.clearing.allocate import exceptions_of, settle
from marketplace.rules.clearing.conservation import check_conservation
from marketplace.rules.clearing.demand import grouped
from marketplace.rules.clearing.merchants import Verdict, judge, value_of
from marketplace.rules.clearing.minimum import Option, is_contested, needs_lines, options_of
from marketplace.rules.clearing.outcome import (
    Allocation,
    MerchantOutcome,
    OfferOutcome,
    PurchaseOrderLine,
    WindowResult,
)
from marketplace.rules.clearing.quantities import best_choice, is_split, why_not_reached
from marketplace.rules.clearing.reasons import OfferReason, OrderReason
from marketplace.rules.clearing.terms import DemandGroup, Id, Line, LineSource, OfferTerms, WindowTerms

OFFERS_PER_LOAD = 500  # offers whose lines are in memory at once


def clear_window(
    *,
    window: WindowTerms,
    demand: Mapping[Id, Sequence[DemandGroup]],
    lines_of: LineSource,
    offers_per_load: int = OFFERS_PER_LOAD,
) -> WindowResult:
    """Clear a window from the demand per offer; `lines_of` loads lines in bulk where sums are not enough.

    Raises Unbalanced when sums and lines do not agree. The result does not depend on the order of anything given.
    """
    return _Closing(window, demand, lines_of, offers_per_load).result()


def clear_lines(*, window: WindowTerms, lines: Sequence[Line]) -> WindowResult:
    """Clear a window from all its lines."""
    by_offer: dict[Id, list[Line]] = {}
    for line in lines:
        by_offer.setdefault(line.offer, []).append(line)

    def lines_of(offer_ids: Sequence[Id], /, *, flexible_only: bool) -> Mapping[Id, Sequence[Line]]:
        return {offer_id: by_offer[offer_id] for offer_id in offer_ids}

    demand = {offer_id: grouped(some) for offer_id, some in by_offer.items()}
    return clear_window(window=window, demand=demand, lines_of=lines_of)


class _Closing:
    """The steps of one closing, with what they have decided so far. Used once."""

    def __init__(
        self,
        window: WindowTerms,
        demand: Mapping[Id, Sequence[DemandGroup]],
        lines_of: LineSource,
        offers_per_load: int,
    ) -> None:
        self.window, self.demand, self.lines_of, self.per_load = window, demand, lines_of, offers_per_load
        self.chosen: dict[Id, Option] = {}
        self.reasons: dict[Id, OfferReason] = {}

    def result(self) -> WindowResult:
        """Clear every offer, then every merchant, then share out."""
        self.clear_offers()
        merchants = self.clear_merchants()
        exceptions = {allocation.line: allocation for allocation in self.allocations()}
        outcomes = {offer.id: self.outcome(offer) for offer in self.window.offers}
        result = WindowResult(window=self.window.id, outcomes=outcomes, merchants=merchants, exceptions=exceptions)
        check_conservation(window=self.window, demand=self.demand, result=result)
        return result

    def clear_offers(self) -> None:
        """The first solution: every offer by itself."""
        contested = []
        for offer in self.window.offers:
            groups = self.demand.get(offer.id, ())
            choice = best_choice(offer, groups)
            if choice is None:
                self.reasons[offer.id] = why_not_reached(offer, groups)
            elif is_contested(choice):
                contested.append(offer)
            else:
                self.chosen[offer.id] = Option(choice)
        for offer, lines in self.loaded(contested, flexible_only=False):
            settlement = settle(window=self.window.id, offer=offer, lines=lines)
            if settlement.choice is None:
                groups = grouped(settlement.remaining) or grouped(lines)
                self.reasons[offer.id] = why_not_reached(offer, groups)
            else:
                self.chosen[offer.id] = Option(settlement.choice, settlement)

    def clear_merchants(self) -> dict[Id, MerchantOutcome]:
        """Hold every merchant's reached offers against its minimum order value; keep what is then chosen."""
        reached: dict[Id, list[OfferTerms]] = {merchant.id: [] for merchant in self.window.merchants}
        for offer in sorted(self.window.offers, key=lambda offer: offer.id):
            if offer.merchant is not None and offer.id in self.chosen:
                reached[offer.merchant].append(offer)
        outcomes = {}
        for merchant in self.window.merchants:
            offers = reached[merchant.id]
            if not offers:
                verdict = Verdict(OrderReason.NOTHING_REACHED, {})
            elif value_of(offers, self.chosen) >= merchant.minimum_order_value:
                verdict = Verdict(OrderReason.MINIMUM_MET, {offer.id: self.chosen[offer.id] for offer in offers})
            else:
                first = {offer.id: self.chosen.pop(offer.id) for offer in offers}
                options = self.options(offers, merchant.minimum_order_value)
                verdict = judge(merchant=merchant, offers=offers, first=first, options=options)
                self.chosen.update(verdict.chosen)
            outcomes[merchant.id] = self.order(merchant.id, offers, verdict)
        return outcomes

    def options(self, offers: Sequence[OfferTerms], needed: int) -> dict[Id, list[Option]]:
        """Every option of a merchant's reached offers."""
        contested = [offer for offer in offers if needs_lines(offer, self.demand[offer.id])]
        options = {
            offer.id: options_of(
                window=self.window.id, offer=offer, groups=self.demand[offer.id], lines=lines, needed=needed
            )
            for offer, lines in self.loaded(contested, flexible_only=False)
        }
        for offer in offers:
            if offer.id not in options:
                options[offer.id] = options_of(
                    window=self.window.id, offer=offer, groups=self.demand[offer.id], lines=None, needed=needed
                )
        return options

    def order(self, merchant: Id, offers: Sequence[OfferTerms], verdict: Verdict) -> MerchantOutcome:
        """The merchant's purchase order, offers in the order of ids."""
        lines = tuple(self.order_line(offer) for offer in offers if offer.id in verdict.chosen)
        value = sum(line.amount for line in lines)
        fees = sum(line.split_fee for line in lines) + (verdict.small_order_fee or 0)
        return MerchantOutcome(
            merchant=merchant,
            reason=verdict.reason,
            lines=lines,
            value=value,
            small_order_fee=verdict.small_order_fee,
            total=value + fees,
        )

    def order_line(self, offer: OfferTerms) -> PurchaseOrderLine:
        """The order line of a reached offer."""
        choice = self.chosen[offer.id].choice
        split, cost = is_split(offer, choice.quantity), offer.ladder[choice.step].cost
        return PurchaseOrderLine(
            offer=offer.id,
            quantity=choice.quantity,
            whole_cases=choice.quantity // offer.case,
            split=split,
            cost=cost,
            amount=choice.quantity * cost,
            split_fee=offer.split_fee if split else 0,
        )

    def allocations(self) -> Iterator[Allocation]:
        """Every exception. Lines come in loads, so that only one load is in memory."""
        short, extra = [], []
        for offer in self.window.offers:
            option = self.chosen.get(offer.id)
            if option is None:
                continue
            if option.settlement is not None:
                yield from option.settlement.exceptions
            elif option.choice.quantity < option.choice.demand.firm:
                short.append(offer)
            elif option.choice.use is not None and option.choice.demand.flexible_for(option.choice.use):
                extra.append(offer)
        for offers, flexible_only in ((short, False), (extra, True)):
            for offer, lines in self.loaded(offers, flexible_only=flexible_only):
                choice = self.chosen[offer.id].choice
                yield from exceptions_of(window=self.window.id, offer=offer, choice=choice, lines=lines)

    def outcome(self, offer: OfferTerms) -> OfferOutcome:
        """How an offer cleared, after the merchant's minimum."""
        option = self.chosen.get(offer.id)
        if option is None:
            reason = self.reasons.get(offer.id, OfferReason.BELOW_MINIMUM_ORDER_VALUE)
            return OfferOutcome(offer=offer.id, merchant=offer.merchant, reason=reason)
        choice = option.choice
        extras = max(0, choice.quantity - choice.demand.firm)
        taken = min(extras, choice.demand.flexible_for(choice.use)) if choice.use is not None else 0
        split = is_split(offer, choice.quantity)
        return OfferOutcome(
            offer=offer.id,
            merchant=offer.merchant,
            reason=OfferReason.REACHED,
            step=choice.step,
            unit_price=offer.ladder[choice.step].unit_price,
            cost=offer.ladder[choice.step].cost,
            ordered=choice.quantity,
            whole_cases=choice.quantity // offer.case,
            split=split,
            split_fee=offer.split_fee if split else 0,
            served=choice.firm_served,
            extras=taken,
            hub=extras - taken,
        )

    def loaded(
        self, offers: Sequence[OfferTerms], *, flexible_only: bool
    ) -> Iterator[tuple[OfferTerms, Sequence[Line]]]:
        """The offers with their lines, loaded some at a time."""
        for start in range(0, len(offers), self.per_load):
            some = offers[start : start + self.per_load]
            lines = self.lines_of([offer.id for offer in some], flexible_only=flexible_only)
            for offer in some:
                yield offer, lines.get(offer.id, ())
