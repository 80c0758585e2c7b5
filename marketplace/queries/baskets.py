"""A household's basket of one round as the shop's pages show it, with its sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.models import Reservation, ReservationLine, User
from marketplace.queries.choosing import ORDERS, Sort
from marketplace.queries.standings import standings_of
from marketplace.queries.visiting import Visitor, household_id_of
from marketplace.rules.clearing.standing import OfferStanding

# What the shop shows of an offer beside the offer itself.
OFFER_PARTS = (
    *("product__merchant", "product__category", "product__deposit_type", "product__picture"),
    *("capacity", "demand", "outlook"),
)


@dataclass(frozen=True, slots=True)
class BasketRow:
    """A reserved line with its offer's standing; amounts in minor units, deposits apart."""

    line: ReservationLine
    standing: OfferStanding

    @property
    def price_now(self) -> int:
        """Price of a unit if the window closed now: the first step's until the offer is reached."""
        return self.standing.price_now or self.standing.price_at_most

    @property
    def price_at_most(self) -> int:
        limit = self.line.max_unit_price_minor
        return self.standing.price_at_most if limit is None else min(limit, self.standing.price_at_most)

    @property
    def now_minor(self) -> int:
        return self.line.firm * min(self.price_now, self.price_at_most)

    @property
    def at_most_minor(self) -> int:
        return (self.line.firm + self.line.flexible) * self.price_at_most

    @property
    def deposit_minor(self) -> int:
        deposit = self.line.offer.product.deposit_type
        return (self.line.firm + self.line.flexible) * deposit.amount_minor if deposit else 0


@dataclass(frozen=True, slots=True)
class Basket:
    """A household's placed lines of one round, in the order of the shop."""

    reservation: Reservation
    rows: tuple[BasketRow, ...]

    @property
    def now_minor(self) -> int:
        return sum(row.now_minor for row in self.rows)

    @property
    def at_most_minor(self) -> int:
        return sum(row.at_most_minor for row in self.rows)

    @property
    def deposit_minor(self) -> int:
        return sum(row.deposit_minor for row in self.rows)


def own_lines(visitor: Visitor, round_id: int) -> list[ReservationLine]:
    """The placed lines of the visitor's household in a round, in the order of the shop. One query."""
    if not isinstance(visitor, User):
        return []
    return list(
        ReservationLine.objects.filter(reservation__round_id=round_id)
        .filter(reservation__household_id=household_id_of(visitor))
        .select_related(
            "window",
            "reservation__household",
            "reservation__handover__pickup_point",
            *(f"offer__{part}" for part in OFFER_PARTS),
        )
        .order_by(*(field if field.startswith("window") else f"offer__{field}" for field in ORDERS[Sort.SHOP]))
    )


def basket(visitor: Visitor, round_id: int) -> Basket | None:
    """The household's basket of a round; None while it holds nothing. Two queries."""
    lines = own_lines(visitor, round_id)
    return basket_of(lines, standings_of(line.offer for line in lines)) if lines else None


def basket_of(lines: Sequence[ReservationLine], standings: Mapping[int, OfferStanding]) -> Basket | None:
    """The lines, already loaded with their offers' standings, as a basket; None without any."""
    if not lines:
        return None
    return Basket(lines[0].reservation, tuple(BasketRow(line, standings[line.offer_id]) for line in lines))
