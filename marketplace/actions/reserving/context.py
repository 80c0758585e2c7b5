"""What a request is decided on, read after the windows' locks: the round, its windows and offers, the own lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from marketplace.models import OrderingWindow
from marketplace.rules.clearing.terms import DemandGroup, OfferTerms, PriceStep, ShortageRule
from marketplace.rules.states import VersionState, WindowState


class Who(NamedTuple):
    """The household that asks, and the windows whose lines the request may change."""

    household_id: int
    window_ids: Sequence[int]


class HeldLine(NamedTuple):
    """A line as it is stored. `raised`: the parts of `firm` that came after `placed_at`, as [{"at", "by"}];
    `offered_back`: units of `firm` that others may take over, since `offered_back_at`; `agreed_version`: the offer's
    version that the household saw; `substitutes`: products; `collect_until`: see WantedLine."""

    offer_id: int
    window_id: int
    firm: int
    flexible: int
    flexible_for: str
    max_unit_price_minor: int | None
    whole_only: bool
    placed_at: datetime
    raised: list[dict[str, Any]]
    offered_back: int = 0
    offered_back_at: datetime | None = None
    agreed_version: int = 1
    substitutes: Sequence[int] = ()
    collect_until: date | None = None


class Taking(NamedTuple):
    """Units of another household's line that this request takes over, as that household offered."""

    reservation_id: int
    line: HeldLine
    units: int


class HeldReservation(NamedTuple):
    id: int
    version: int
    state: str
    handover_id: int
    group_id: int | None

    @property
    def is_placed(self) -> bool:
        return self.state == VersionState.PLACED


class OfferFacts(NamedTuple):
    """An offer of the round. `groups` is its demand as last projected for the pages, `taken` its counter before the
    lock: good for telling and guessing, not deciding. Lines that agreed to less than `agreement_version` do not count
    (docs/adr/0013)."""

    window_id: int
    capacity_id: int | None
    terms: OfferTerms
    groups: Sequence[DemandGroup]
    taken: int
    version: int = 1
    agreement_version: int = 1
    product_id: int = 0


class HandoverFacts(NamedTuple):
    """A handover of the round, with its counter if its room is bounded; `taken` as of before the lock."""

    id: int
    pickup_point_id: int | None
    capacity_id: int | None
    capacity: int | None
    taken: int | None


class Standing(NamedTuple):
    """The household's standing at the hub: the hub's terms for newcomers, and its membership if it has one."""

    join_policy: str
    trial_orders: int
    state: str | None
    trial_orders_left: int


class StoredAnswer(NamedTuple):
    """What an earlier request under the same key asked (hashed) and was told."""

    reservation_id: int
    request_hash: str
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything that one request is decided on.

    `locked` are the windows whose lock the request holds: lines of others are never changed, whatever their state.
    `in_group`: the household belongs to the group that was named, else to the reservation's; `group_point_id` is
    that group's pickup point. `products` are those of the named substitutes that the round's announced windows offer.
    """

    now: datetime
    hub_id: int
    currency: str
    windows: Mapping[int, OrderingWindow]
    locked: frozenset[int]
    offers: Mapping[int, OfferFacts]
    handovers: Sequence[HandoverFacts]
    in_group: bool
    group_point_id: int | None
    reservation: HeldReservation | None
    lines: Mapping[int, HeldLine]
    stored: StoredAnswer | None
    standing: Standing
    products: frozenset[int]

    def takes_changes(self, window_id: int) -> bool:
        """Whether lines of this window may change now."""
        return window_id in self.locked and self.windows[window_id].takes_reservations(self.now)

    def is_announced(self, window_id: int) -> bool:
        return self.windows[window_id].state != WindowState.DRAFT

    def is_filling(self, window_id: int) -> bool:
        return self.windows[window_id].is_filling(self.now)


def terms_of(offer_id: int, steps: Sequence[Sequence[int]], terms: Sequence[Any]) -> OfferTerms:
    """The clearing's view of an offer; its merchant plays no part here.

    `steps` are (from quantity, cost, unit price), rising; `terms` are (case, splittable, multiple, split fee,
    hub flexible, shortage rule, cap), as both stores select them.
    """
    case, splittable, multiple, split_fee, hub_flexible, shortage_rule, cap = terms
    return OfferTerms(
        id=offer_id,
        merchant=None,
        case=case,
        ladder=tuple(PriceStep(*step) for step in steps),
        multiple=multiple,
        splittable=splittable,
        split_fee=split_fee,
        cap=cap,
        hub_flexible=hub_flexible,
        shortage_rule=_RULES[shortage_rule],
    )


_RULES = {rule.value: rule for rule in ShortageRule}
