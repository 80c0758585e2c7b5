"""How far merchants of open windows are from their minimum order value, by the clearing's own quantities."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from marketplace.models import Offer, WindowSupply
from marketplace.queries.demand import from_stored
from marketplace.queries.reservations import Basket
from marketplace.queries.standings import offer_terms
from marketplace.rules.clearing.quantities import best_choice
from marketplace.rules.clearing.terms import DemandGroup, OfferTerms

Part = tuple[int, int]  # a window's id and a merchant's


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantMinimum:
    """A merchant's minimum order value in one window, and what would be ordered if it closed now.

    In minor units, at cost and without deposits, as the closing counts it (docs/domain.md, section 4). `spare_minor`
    is the most that extra units, allowed for "whatever helps the order", could add. With `has_fee` a smaller order is
    placed all the same, and the hub pays the fee.
    """

    minimum_minor: int
    value_minor: int
    spare_minor: int
    has_fee: bool

    @property
    def missing_minor(self) -> int:
        return max(0, self.minimum_minor - self.value_minor)

    @property
    def share(self) -> float:
        """How much of the minimum is there, from 0 to 1; to draw it, never to decide."""
        return min(1.0, self.value_minor / self.minimum_minor)


def minimums_of(parts: Collection[Part]) -> dict[Part, MerchantMinimum]:
    """The minimum of each merchant in its window, for those that have one.

    Four queries however many merchants and offers; one where no merchant has a minimum. By the demand that the pages
    were told last; the closing counts anew.
    """
    wanted = WindowSupply.objects.filter(
        window__in={window for window, _merchant in parts}, supply__minimum_order_value_minor__gt=0
    )
    terms = {
        (window, merchant): (minimum, fee is not None)
        for window, merchant, minimum, fee in wanted.values_list(
            "window_id",
            "supply__merchant_id",
            "supply__minimum_order_value_minor",
            "supply__small_order_fee_minor",
        )
        if (window, merchant) in parts
    }
    values = _values(terms) if terms else {}
    return {
        part: MerchantMinimum(
            minimum_minor=minimum, value_minor=values[part][0], spare_minor=values[part][1], has_fee=has_fee
        )
        for part, (minimum, has_fee) in terms.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumBeside:
    """A merchant's minimum in one of a basket's windows."""

    window_id: int
    merchant_id: int
    merchant_name: str
    minimum: MerchantMinimum


def minimums_in(basket: Basket) -> list[MinimumBeside]:
    """The minimums of the merchants of a basket's lines that still take changes, by window and merchant. Five queries,
    one where all has closed."""
    open_ids = [line.offer_id for line in basket.lines if not line.locked]
    columns = ("window_id", "product__merchant_id", "product__merchant__name")
    offers = Offer.objects.filter(pk__in=open_ids, from_stock=False).values_list(*columns)
    names = {(window, merchant): name for window, merchant, name in offers}
    found = minimums_of(names) if names else {}
    return [
        MinimumBeside(window_id=part[0], merchant_id=part[1], merchant_name=names[part], minimum=found[part])
        for part in sorted(found)
    ]


def _values(parts: Collection[Part]) -> dict[Part, tuple[int, int]]:
    """(ordered if it closed now, most that extras could add) per merchant and window, at cost. Three queries."""
    offers = Offer.objects.filter(
        window__in={window for window, _merchant in parts},
        product__merchant__in={merchant for _window, merchant in parts},
        from_stock=False,
        demand__isnull=False,
    )
    columns = offers.values_list("pk", "window_id", "product__merchant_id", "demand__groups")
    demand = {pk: ((window, merchant), from_stored(groups)) for pk, window, merchant, groups in columns}
    terms = offer_terms(list(demand))
    sums: dict[Part, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for pk, (part, groups) in demand.items():
        if pk in terms:
            value, spare = _value(terms[pk], groups)
            sums[part] = (sums[part][0] + value, sums[part][1] + spare)
    return sums


def _value(offer: OfferTerms, groups: list[DemandGroup]) -> tuple[int, int]:
    choice = best_choice(offer, groups)
    if choice is None:
        return 0, 0
    cost = offer.ladder[choice.step].cost
    used = max(0, choice.quantity - choice.demand.firm)
    return choice.quantity * cost, max(0, choice.demand.for_order - used) * cost
