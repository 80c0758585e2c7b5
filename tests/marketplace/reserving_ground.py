"""The ground of the reserving tests: one round with an open window, and who asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from marketplace import clock
from marketplace.actions.cancel_reservation import cancel_reservation
from marketplace.actions.change_reservation import change_reservation
from marketplace.actions.reserve import LineAnswer, ReservationAnswer, reserve
from marketplace.models import (
    Capacity,
    Household,
    Offer,
    OfferDemand,
    Reservation,
    ReservationLine,
    ReservationVersion,
    Round,
    User,
)
from marketplace.queries.demand import demand_groups, stored
from marketplace.rules.wanted import WantedLine
from tests.factories import (
    NOON,
    make_handover,
    make_household,
    make_hub,
    make_merchant,
    make_offer,
    make_product,
    make_round,
    make_supply,
    make_window,
)

_keys = count(1)


def want(offer: Offer, firm: int, flexible: int = 0, **terms: Any) -> WantedLine:
    return WantedLine(offer_id=offer.pk, firm=firm, flexible=flexible, **terms)


def line_of(answer: ReservationAnswer, offer: Offer) -> LineAnswer:
    return next(line for line in answer.lines if line.offer_id == offer.pk)


@dataclass
class Shop:
    """One hub, one merchant, one round with one handover, one window open at NOON."""

    household: Household = field(default_factory=lambda: make_household("Ana"))
    at: datetime = NOON

    def __post_init__(self) -> None:
        self.hub = make_hub()
        self.merchant = make_merchant()
        self.supply = make_supply(self.merchant, self.hub)
        self.round: Round = make_round(self.hub)
        self.handover = make_handover(self.round)
        self.window = make_window(self.round, [self.supply])

    @property
    def ana(self) -> User:
        return self.household.members.order_by("pk")[0]

    def offer(self, name: str = "Tomatoes", window: Any = None, **terms: Any) -> Offer:
        return make_offer(window or self.window, make_product(self.merchant, name), **terms)

    def reserve(self, *lines: WantedLine, key: str = "", by: User | None = None, **named: Any) -> ReservationAnswer:
        with clock.frozen(self.at):
            return reserve(
                round_id=named.pop("round_id", self.round.pk),
                lines=lines,
                request_key=key or f"key-{next(_keys)}",
                by=by or self.ana,
                **named,
            )

    def change(self, *lines: WantedLine, key: str = "", by: User | None = None, **named: Any) -> ReservationAnswer:
        with clock.frozen(self.at):
            return change_reservation(
                round_id=self.round.pk, lines=lines, request_key=key or f"key-{next(_keys)}", by=by or self.ana, **named
            )

    def cancel(self, *, key: str = "", by: User | None = None, **named: Any) -> ReservationAnswer:
        with clock.frozen(self.at):
            return cancel_reservation(
                round_id=self.round.pk, request_key=key or f"key-{next(_keys)}", by=by or self.ana, **named
            )

    def later(self, **by: int) -> None:
        """Move this shop's clock."""
        self.at += timedelta(**by)

    def to_filling(self) -> None:
        """Move the clock into the window's last stretch."""
        self.at = self.window.fills_at

    def others_reserve(self, offer: Offer, *firm: int, at: datetime = NOON - timedelta(hours=1)) -> None:
        """Placed lines of other households, with the demand as the pages know it."""
        for units in firm:
            reservation = Reservation.objects.create(
                round=self.round,
                household=make_household("Other"),
                handover=self.handover,
                created_at=at,
                changed_at=at,
            )
            ReservationLine.objects.create(
                reservation=reservation, offer=offer, window=offer.window, firm=units, placed_at=at
            )
        self.project(offer)

    def project(self, offer: Offer) -> None:
        """Refresh the demand that pages are told."""
        groups = stored(demand_groups([offer.pk]).get(offer.pk, []))
        OfferDemand.objects.update_or_create(
            offer=offer, defaults={"window": offer.window, "groups": groups, "refreshed_at": self.at}
        )

    def lines(self, household: Household | None = None) -> dict[int, int]:
        """Firm units per offer as stored."""
        mine = ReservationLine.objects.filter(reservation__household=household or self.household)
        return dict(mine.values_list("offer_id", "firm"))


def taken(capacity: Capacity | None) -> int:
    assert capacity is not None
    return Capacity.objects.get(pk=capacity.pk).taken


def everything() -> Sequence[list[Any]]:
    """All that reserving may write, to show that a refusal wrote nothing."""
    tables = (Reservation, ReservationLine, ReservationVersion, Capacity)
    return [list(table.objects.order_by("pk").values()) for table in tables]
