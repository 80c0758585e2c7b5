"""What the shop's pages read of one round: its offers page by page, and a household's basket with its sums."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from marketplace import clock
from marketplace.access import PUBLIC_STATES, round_for
from marketplace.models import (
    Category,
    ClearingRun,
    Group,
    Handover,
    Household,
    Offer,
    OfferDemand,
    OfferOutcome,
    OrderingWindow,
    PriceStep,
    Reservation,
    ReservationLine,
    Round,
    User,
)
from marketplace.queries.demand import from_stored
from marketplace.rules.clearing.standing import OfferStanding, standing
from marketplace.rules.clearing.terms import OfferTerms, ShortageRule
from marketplace.rules.clearing.terms import PriceStep as Step
from marketplace.rules.states import WindowState

CLOSED_STATES = [
    s.value for s in (WindowState.CLOSED, WindowState.RECEIVING, WindowState.FULFILLED, WindowState.SETTLED)
]
PAGE_OFFERS = 50
Visitor = User | AnonymousUser
_OFFER_PARTS = ("product__merchant", "product__category", "product__deposit_type", "capacity", "demand")
# The order of a round's offers, total: window by window as they close, then shelf by shelf.
_ORDER = (
    "window__closes_at",
    "window_id",
    "product__category__position",
    "product__category_id",
    "product__name",
    "pk",
)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer with how it stands, what the visitor's household wants of it, and after the close its outcome."""

    offer: Offer
    standing: OfferStanding
    own: ReservationLine | None = None
    outcome: OfferOutcome | None = None


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


@dataclass(frozen=True, slots=True)
class WindowPart:
    """A window of the round with its offers of this page; `version` is that of its demand."""

    window: OrderingWindow
    version: int
    rows: tuple[OfferRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundPage:
    """`after` asks for the next page; None on the last one."""

    round: Round
    now: datetime
    windows: tuple[WindowPart, ...]
    categories: tuple[Category, ...]
    basket: Basket | None
    after: int | None

    @property
    def is_open(self) -> bool:
        return any(part.window.takes_reservations(self.now) for part in self.windows)


def announced() -> QuerySet[OrderingWindow]:
    return OrderingWindow.objects.filter(state__in=PUBLIC_STATES).annotate(clock=clock.expression())


def household_id_of(visitor: User) -> Subquery:
    """The household that the user reserves as, inside another query; access.household_of says which."""
    mine = Household.objects.filter(memberships__user=visitor).order_by("memberships__joined_at", "pk")
    return Subquery(mine.values("pk")[:1])


def round_page(visitor: Visitor, round_id: int, *, category: str = "", after: int | None = None) -> RoundPage:
    """A page of a round's offers with everything that it shows. Six queries; one more on later pages, and one more
    after a close.

    `after` is the last offer of the page before. Raises NotFound for a round that the visitor may not see.
    """
    round_ = round_for(visitor, round_id)
    windows = windows_of(round_)
    now = windows[0].clock if windows else clock.now()  # type: ignore[attr-defined]
    offers = _offers_of(windows, category, after)
    more, offers = len(offers) > PAGE_OFFERS, offers[:PAGE_OFFERS]
    lines = own_lines(visitor, round_id)
    standings = standings_of([*offers, *(line.offer for line in lines)])
    wanted = {line.offer_id: line for line in lines}
    outcomes = _outcomes([o.pk for o in offers], [w for w in windows if w.state in CLOSED_STATES])
    rows = [OfferRow(o, standings[o.pk], wanted.get(o.pk), outcomes.get(o.pk)) for o in offers if o.pk in standings]
    return RoundPage(
        round=round_,
        now=now,
        windows=tuple(
            WindowPart(w, w.version, tuple(row for row in rows if row.offer.window_id == w.pk))  # type: ignore[attr-defined]
            for w in windows
        ),
        categories=_categories_of(windows),
        basket=_basket(lines, standings),
        after=offers[-1].pk if more else None,
    )


def windows_of(round_: Round) -> list[OrderingWindow]:
    """The announced windows of a round with the clock and the version of their demand. One query."""
    newest = OfferDemand.objects.filter(window=OuterRef("pk")).order_by().values("window")
    version = Coalesce(Subquery(newest.annotate(top=Max("version")).values("top")), 0)
    return list(announced().filter(round=round_).annotate(version=version).order_by("closes_at", "pk"))


def _offers_of(windows: Sequence[OrderingWindow], category: str, after: int | None) -> list[Offer]:
    """One more than a page, so that one sees whether there is another."""
    offers = Offer.objects.filter(window__in=[w.pk for w in windows]).select_related(*_OFFER_PARTS)
    if category:
        offers = offers.filter(product__category__slug=category)
    if after is not None:
        last = Offer.objects.filter(pk=after, window__in=[w.pk for w in windows]).values_list(*_ORDER).first()
        offers = offers.filter(_beyond(last)) if last else offers
    return list(offers.order_by(*_ORDER)[: PAGE_OFFERS + 1])


def _beyond(last: Sequence[Any]) -> Q:
    """Rows that come after a row in the order of the shop, without an offset."""
    beyond, equal = Q(), Q()
    for field, value in zip(_ORDER, last, strict=True):
        beyond |= equal & Q(**{f"{field}__gt": value})
        equal &= Q(**{field: value})
    return beyond


def _outcomes(offer_ids: Sequence[int], closed: Sequence[OrderingWindow]) -> dict[int, OfferOutcome]:
    """What the newest valid runs of closed windows decided. One query, none while all are open."""
    if not closed:
        return {}
    runs = ClearingRun.objects.filter(window=OuterRef("run__window"), voided_at=None).order_by("-number")
    found = OfferOutcome.objects.filter(offer__in=offer_ids, run__window__in=[w.pk for w in closed])
    return {o.offer_id: o for o in found.filter(run_id=Subquery(runs.values("pk")[:1]))}


def _categories_of(windows: Sequence[OrderingWindow]) -> tuple[Category, ...]:
    shown = Offer.objects.filter(window__in=[w.pk for w in windows]).values("product__category_id")
    return tuple(Category.objects.filter(pk__in=shown))


def own_lines(visitor: Visitor, round_id: int) -> list[ReservationLine]:
    """The placed lines of the visitor's household in a round, in the order of the shop. One query."""
    if not isinstance(visitor, User):
        return []
    return list(
        ReservationLine.objects.filter(reservation__round_id=round_id)
        .filter(reservation__household_id=household_id_of(visitor))
        .select_related("window", "reservation__handover__pickup_point", *(f"offer__{part}" for part in _OFFER_PARTS))
        .order_by(*(field if field.startswith("window") else f"offer__{field}" for field in _ORDER))
    )


def standings_of(offers: Iterable[Offer]) -> dict[int, OfferStanding]:
    """How loaded offers (with capacity and demand) stand. One query, for their ladders; unpriced ones are left out."""
    loaded = {offer.pk: offer for offer in offers}
    ladders: dict[int, list[Step]] = {}
    steps = PriceStep.objects.filter(offer__in=loaded).order_by("offer_id", "from_quantity")
    for pk, *step in steps.values_list("offer_id", "from_quantity", "cost_minor", "unit_price_minor"):
        ladders.setdefault(pk, []).append(Step(*step))
    return {
        pk: standing(
            offer=_terms(loaded[pk], tuple(ladder)),
            groups=from_stored(loaded[pk].demand.groups) if hasattr(loaded[pk], "demand") else [],
        )
        for pk, ladder in ladders.items()
    }


def _terms(offer: Offer, ladder: tuple[Step, ...]) -> OfferTerms:
    return OfferTerms(
        id=offer.pk,
        merchant=None if offer.from_stock else offer.product.merchant_id,
        case=offer.case,
        ladder=ladder,
        multiple=offer.multiple,
        splittable=offer.splittable,
        split_fee=offer.split_fee_minor,
        cap=offer.capacity.limit if offer.capacity else None,
        hub_flexible=offer.hub_flexible,
        shortage_rule=ShortageRule(offer.shortage_rule),
    )


def basket(visitor: Visitor, round_id: int) -> Basket | None:
    """The household's basket of a round; None while it holds nothing. Two queries."""
    lines = own_lines(visitor, round_id)
    return _basket(lines, standings_of(line.offer for line in lines)) if lines else None


def _basket(lines: Sequence[ReservationLine], standings: dict[int, OfferStanding]) -> Basket | None:
    if not lines:
        return None
    return Basket(lines[0].reservation, tuple(BasketRow(line, standings[line.offer_id]) for line in lines))


def offer_row(visitor: Visitor, round_id: int, offer_id: int) -> OfferRow | None:
    """One offer of a round as its card shows it. Three queries."""
    windows = OrderingWindow.objects.filter(round_id=round_id, state__in=PUBLIC_STATES)
    offer = Offer.objects.filter(pk=offer_id, window__in=windows).select_related("window", *_OFFER_PARTS).first()
    if offer is None:
        return None
    own = next((line for line in own_lines(visitor, round_id) if line.offer_id == offer_id), None)
    found = standings_of([offer])
    return OfferRow(offer, found[offer_id], own) if offer_id in found else None


def shares_a_household(visitor: User) -> bool:
    """Whether the user's household has other members. One query."""
    return Household.objects.filter(pk=household_id_of(visitor), memberships__isnull=False).count() > 1


def handovers_of(round_id: int) -> list[Handover]:
    """Where and when the round can be collected. One query."""
    return list(Handover.objects.filter(round_id=round_id).select_related("pickup_point", "capacity"))


def groups_at(visitor: User, hub_id: int) -> list[Group]:
    """The groups of the user's household at a hub. One query."""
    mine = Group.objects.filter(hub_id=hub_id, memberships__household_id=household_id_of(visitor))
    return list(mine.select_related("pickup_point").order_by("name"))
