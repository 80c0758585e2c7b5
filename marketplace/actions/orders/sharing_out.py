"""What everybody gets of an offer by what its orders' lines say that comes, and how that differs from what counts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from marketplace.models import PurchaseOrderLine as Line
from marketplace.queries.orders.holdings import HeldLine, OfferHoldings, holdings_of
from marketplace.queries.orders.lines import own_prices
from marketplace.rules.clearing.reasons import LineReason
from marketplace.rules.orders.sharing import kept_units
from marketplace.rules.orders.substituting import Missing, substitutes_for
from marketplace.rules.states import OrderState
from marketplace.rules.substitutes import Available, Substitution


class NewlyOrdered(NamedTuple):
    """An offer that the close did not reach and that is ordered now: what a unit costs households and hub."""

    unit_price: int
    cost: int


class Row(NamedTuple):
    """An allocation, as results.Got begins."""

    quantity: int
    charged: int
    reason: str
    extra: int


class Given(NamedTuple):
    """What a household's line gets now: units of its product, and of others by product."""

    held: HeldLine
    units: int
    instead: dict[int, Substitution]

    def row(self, price: int) -> Row:
        """The allocation that says so. Who gets what the close gave has the close's row."""
        held, given = self.held, self.held.given
        if self.units == given.quantity and not held.agreed:
            return Row(given.quantity, given.charged_minor, given.reason, given.extra)
        reason = LineReason.ADDED if self.units == held.ground else LineReason.SHORT_SUPPLY
        if held.whole_only and not self.units:
            reason = LineReason.WHOLE_ONLY_RELEASED
        extra = min(given.extra, max(0, self.units - (held.ground - given.extra)))
        return Row(self.units, self.units * price, reason.value, extra)

    def instead_rows(self) -> list[tuple[int, int, int]]:
        """(product, units, unit price) of the substitutes that differ from what counts now; 0 takes one back."""
        now = {product: kept for product, kept in self.held.substituted.items() if kept[0]}
        new = {product: (other.units, other.unit_price) for product, other in self.instead.items()}
        return [
            (product, *new.get(product, (0, now.get(product, (0, 0))[1])))
            for product in sorted({*now, *new})
            if now.get(product) != new.get(product)
        ]


@dataclass(frozen=True, slots=True)
class SharedOffer:
    """One offer, shared out; `price` is its unit's for the households, `lines` those of all orders that hold it."""

    offer_id: int
    lines: tuple[Line, ...]
    price: int
    given: tuple[Given, ...]
    new: NewlyOrdered | None

    def rows(self) -> Iterator[tuple[Given, Row]]:
        """The allocations that differ from what counts; all of them where the offer is newly ordered, since a line of
        an ordered offer gets its firm quantity unless a row says otherwise."""
        for one in self.given:
            row = one.row(self.price)
            if self.new is not None or row != one.held.now[:4]:
                yield one, row

    @property
    def is_news(self) -> bool:
        return self.new is not None or any(self.rows()) or any(one.instead_rows() for one in self.given)

    @property
    def missing(self) -> int:
        """Units that households go without."""
        return sum(max(0, one.held.ground - one.units) for one in self.given)


def share_out(
    *, window_id: int, round_id: int, offer_ids: Collection[int], new: Mapping[int, NewlyOrdered]
) -> list[SharedOffer]:
    """These offers of one window, shared out anew. Twelve statements, whatever the number of lines."""
    by_offer = _order_lines(offer_ids)
    held = holdings_of(window_id, offer_ids)
    named = {one.product_id for lines in by_offer.values() for line in lines for one in line.substitutes.all()}
    prices = own_prices(round_id, named)
    return [
        _share(window_id, tuple(by_offer.get(offer_id, ())), held[offer_id], prices, new.get(offer_id))
        for offer_id in sorted(held)
    ]


def _order_lines(offer_ids: Collection[int]) -> dict[int, list[Line]]:
    """The lines of all orders that hold these offers: a part of one may have been moved to another order."""
    lines = Line.objects.filter(offer__in=offer_ids).exclude(order__state=OrderState.VOIDED.value)
    found: dict[int, list[Line]] = {}
    for line in lines.prefetch_related("substitutes").order_by("pk"):
        found.setdefault(line.offer_id, []).append(line)
    return found


def _share(
    window_id: int, lines: Sequence[Line], held: OfferHoldings, prices: Mapping[int, int], new: NewlyOrdered | None
) -> SharedOffer:
    """What everybody keeps of an offer: the hub goes without first, then the households by the offer's rule."""
    price = (new.unit_price if new else held.unit_price) or 0
    units = min(sum(line.coming for line in lines), held.ground)
    kept = kept_units(window=window_id, offer=held.terms, units=units, holdings=held.holdings)
    available = _available(lines, price, prices)
    missing = [
        Missing(one.line_id, one.ground - kept.get(one.line_id, 0), one.instead, one.at_most, one.whole_only)
        for one in held.lines
        if one.instead and available and one.ground > kept.get(one.line_id, 0)
    ]
    instead = substitutes_for(window=window_id, available=available, missing=missing)
    given = [
        Given(one, kept.get(one.line_id, 0), {other.product: other for other in instead.get(one.line_id, ())})
        for one in held.lines
    ]
    return SharedOffer(int(held.terms.id), tuple(lines), price, tuple(given), new)


def _available(lines: Sequence[Line], price: int, prices: Mapping[int, int]) -> dict[int, Available]:
    """What comes instead, at its own price or that of what is missing, whichever is lower."""
    found: dict[int, Available] = {}
    for one in sorted((one for line in lines for one in line.substitutes.all()), key=lambda one: one.pk):
        units = found[one.product_id].units if one.product_id in found else 0
        found[one.product_id] = Available(units + one.offered, min(price, prices.get(one.product_id, price)))
    return found
