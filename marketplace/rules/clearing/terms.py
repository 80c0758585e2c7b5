"""What a closing is given: the terms of a window's offers and merchants, and its demand.

Plain frozen values. Money is in minor units of the window's currency, quantities in the offer's consumer unit.
Ids are texts or integers, of one kind within a window; they are the last tie-break, in their natural order.
Words: docs/domain.md, "Words" and "Closing".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple, Protocol, TypeAlias

Id: TypeAlias = int | str


class Consent(IntEnum):
    """What flexible units may be used for; each allows the uses before it too."""

    CASE = 1
    PRICE = 2
    ORDER = 3

    @property
    def code(self) -> str:
        """The text by which files, columns and the API name it."""
        return self.name.lower()


class ShortageRule(StrEnum):
    """How a group of lines shares what there is, when the cap is below the demand."""

    MAX_MIN = "max_min"
    PROPORTIONAL = "proportional"
    FIRST_COME = "first_come"


class PriceStep(NamedTuple):
    """From this quantity (of the whole window) the hub pays `cost` net and the household `unit_price`."""

    from_quantity: int
    cost: int
    unit_price: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """An offer's terms. `ladder` is ordered: quantities rise, costs and prices strictly fall.

    `merchant` is None for a stock offer: no purchase order, no minimum order value.
    """

    id: Id
    merchant: Id | None
    case: int
    ladder: tuple[PriceStep, ...]
    multiple: int = 1
    splittable: bool = False
    split_fee: int = 0
    cap: int | None = None
    hub_flexible: int = 0
    shortage_rule: ShortageRule = ShortageRule.MAX_MIN

    @property
    def first_price(self) -> int:
        """p1: the price "at most"; a limit at or above it is no limit."""
        return self.ladder[0].unit_price

    @property
    def hub_share(self) -> int:
        """Units the hub may add to fill a case: it never fills more than the last quarter."""
        return min(self.hub_flexible, self.case // 4)


class MerchantTerms(NamedTuple):
    """A merchant's least order value per window, counted at cost; None means that there is no such fee."""

    id: Id
    minimum_order_value: int = 0
    small_order_fee: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowTerms:
    """One ordering window with the merchants and offers that close in it."""

    id: Id
    currency: str
    merchants: tuple[MerchantTerms, ...]
    offers: tuple[OfferTerms, ...]


class DemandGroup(NamedTuple):
    """The sum of an offer's lines that have the same limit, consent and whole_only."""

    limit: int | None
    flexible_for: Consent
    whole_only: bool
    firm: int
    flexible: int
    lines: int


class Raise(NamedTuple):
    """A part of `firm` that was added later: `by` units at the time `at`."""

    at: datetime
    by: int


class Line(NamedTuple):
    """One household's wish for one offer. `raised` parts are included in `firm`."""

    id: Id
    household: Id
    placed_at: datetime
    raised: tuple[Raise, ...]
    offer: Id
    firm: int
    flexible: int
    flexible_for: Consent
    max_unit_price: int | None
    whole_only: bool
    extra_taken: int


class LineSource(Protocol):
    """Loads the lines of some offers at once. Asked in bulk, and only where lines decide something.

    With `flexible_only` the lines with flexible units are enough (more do no harm). Order does not matter.
    """

    def __call__(self, offer_ids: Sequence[Id], /, *, flexible_only: bool) -> Mapping[Id, Sequence[Line]]: ...
