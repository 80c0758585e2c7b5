"""What the shop's pages read of one round: its offers page by page, and a household's basket with its sums."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db.models import JSONField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from marketplace import clock
from marketplace.access import PUBLIC_STATES, households_of, round_for
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
from marketplace.queries.choosing import ORDERS as _ORDERS
from marketplace.queries.choosing import Choosing, Sort, beyond, chosen, cursor_after, sorted_by
from marketplace.queries.demand import from_stored
from marketplace.queries.nearly import few_missing, nearly_complete, orders_by_standing
from marketplace.rules.clearing.standing import OfferStanding, standing
from marketplace.rules.clearing.terms import OfferTerms, ShortageRule
from marketplace.rules.clearing.terms import PriceStep as Step
from marketplace.rules.goods import ALLERGENS, DIETS
from marketplace.rules.states import WindowState

CLOSED_STATES = [
    s.value for s in (WindowState.CLOSED, WindowState.RECEIVING, WindowState.FULFILLED, WindowState.SETTLED)
]
PAGE_OFFERS = 50
Visitor = User | AnonymousUser
_OFFER_PARTS = (
    *("product__merchant", "product__category", "product__deposit_type", "product__picture"),
    *("capacity", "demand", "outlook"),
)
_ORDER = _ORDERS[Sort.SHOP]
# The shelves of a round change when an offer is put in: seen by all a minute later.
SHELVES_SECONDS = 60


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer with how it stands, what the visitor's household wants of it, and after the close its outcome."""

    offer: Offer
    standing: OfferStanding
    own: ReservationLine | None = None
    outcome: OfferOutcome | None = None
    ladder: tuple[Step, ...] = ()


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
    """`choosing` is what was asked for with the household's presets in it, which `avoids` and `diets` are;
    `after` asks for the next page, empty on the last one. `rows` are in the order asked for.
    """

    round: Round
    now: datetime
    windows: tuple[WindowPart, ...]
    rows: tuple[OfferRow, ...]
    categories: tuple[Category, ...]
    basket: Basket | None
    choosing: Choosing
    avoids: tuple[str, ...]
    diets: tuple[str, ...]
    after: str

    @property
    def is_open(self) -> bool:
        return any(part.window.takes_reservations(self.now) for part in self.windows)

    @property
    def is_filling(self) -> bool:
        return any(part.window.is_filling(self.now) for part in self.windows)


def announced() -> QuerySet[OrderingWindow]:
    return OrderingWindow.objects.filter(state__in=PUBLIC_STATES).annotate(clock=clock.expression())


def household_id_of(visitor: User) -> Subquery:
    """The household that the user reserves as, inside another query; access.household_of says which."""
    return Subquery(households_of(visitor).values("pk")[:1])


def round_page(visitor: Visitor, round_id: int, choosing: Choosing | None = None) -> RoundPage:
    """A page of a round's offers with everything that it shows, whatever was asked for. Four queries; one more after
    a close, and one more once a minute.

    Raises NotFound for a round that the visitor may not see.
    """
    windows = list(_with_presets(_windows_of(round_id), visitor).select_related("round__hub"))
    round_ = windows[0].round if windows else round_for(visitor, round_id)
    now = windows[0].clock if windows else clock.now()  # type: ignore[attr-defined]
    avoids, diets = _presets(windows)
    asked = (choosing or Choosing()).with_presets(avoids, diets)
    offers, after = _offers_of(windows, asked, now)
    lines = own_lines(visitor, round_id)
    standings = standings_of([*offers, *(line.offer for line in lines)])
    if orders_by_standing(asked):
        offers, after = nearly_complete(offers, standings, asked, PAGE_OFFERS)
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
        rows=tuple(rows),
        categories=_categories_of(windows),
        basket=_basket(lines, standings),
        choosing=asked,
        avoids=avoids,
        diets=diets,
        after=after,
    )


def _with_presets(windows: QuerySet[OrderingWindow], visitor: Visitor) -> QuerySet[OrderingWindow]:
    """The windows with what the visitor's household avoids: one question less than asking for it."""
    if not isinstance(visitor, User):
        return windows
    mine = Household.objects.filter(pk=household_id_of(visitor))
    presets = {n: Subquery(mine.values(n)[:1], output_field=JSONField()) for n in ("avoids", "diets")}
    return windows.annotate(**presets)


def _presets(windows: Sequence[OrderingWindow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Allergens and diets of the household, those that goods know of."""
    first = windows[0] if windows else None
    avoids, diets = (getattr(first, name, None) or () for name in ("avoids", "diets"))
    return tuple(a for a in ALLERGENS if a in avoids), tuple(d for d in DIETS if d in diets)


def windows_of(round_: Round) -> list[OrderingWindow]:
    """The announced windows of a round with the clock and the version of their demand. One query."""
    return list(_windows_of(round_.pk))


def _windows_of(round_id: int) -> QuerySet[OrderingWindow]:
    newest = OfferDemand.objects.filter(window=OuterRef("pk")).order_by().values("window")
    version = Coalesce(Subquery(newest.annotate(top=Max("version")).values("top")), 0)
    return announced().filter(round_id=round_id).annotate(version=version).order_by("closes_at", "pk")


def _offers_of(windows: Sequence[OrderingWindow], asked: Choosing, now: datetime) -> tuple[list[Offer], str]:
    """A page of offers and the cursor of the next; all that match where the order is known only from how they stand."""
    by_id = {window.pk: window for window in windows}
    offers = chosen(Offer.objects.filter(window__in=by_id).select_related(*_OFFER_PARTS), asked)
    after = ""
    if asked.helping:
        open_now = [pk for pk, window in by_id.items() if window.takes_reservations(now)]
        found = list(few_missing(offers.filter(window__in=open_now)))
    elif asked.sort is Sort.NEARLY:
        found = list(offers)
    else:
        wanted = sorted_by(offers, asked.sort).filter(beyond(asked.sort, asked.after) if asked.after else Q())
        found = list(wanted[: PAGE_OFFERS + 1])
    for offer in found:
        offer.window = by_id[offer.window_id]
    if not orders_by_standing(asked) and len(found) > PAGE_OFFERS:
        found = found[:PAGE_OFFERS]
        after = cursor_after(found[-1], asked.sort)
    return found, after


def _outcomes(offer_ids: Sequence[int], closed: Sequence[OrderingWindow]) -> dict[int, OfferOutcome]:
    """What the newest valid runs of closed windows decided. One query, none while all are open."""
    if not closed:
        return {}
    runs = ClearingRun.objects.filter(window=OuterRef("run__window"), voided_at=None).order_by("-number")
    found = OfferOutcome.objects.filter(offer__in=offer_ids, run__window__in=[w.pk for w in closed])
    return {o.offer_id: o for o in found.filter(run_id=Subquery(runs.values("pk")[:1]))}


def _categories_of(windows: Sequence[OrderingWindow]) -> tuple[Category, ...]:
    """The shelves that the round has something on. One query a minute."""
    ids = [window.pk for window in windows]
    shown = Offer.objects.filter(window__in=ids).values("product__category_id")
    key = "shelves:" + ",".join(map(str, ids))
    found = cache.get_or_set(key, lambda: tuple(Category.objects.filter(pk__in=shown)), SHELVES_SECONDS)
    return found or ()


def categories(round_id: int | None = None) -> list[Category]:
    """All shelves, or those that an announced round has something on. One query."""
    if round_id is None:
        return list(Category.objects.all())
    offered = Offer.objects.filter(window__round_id=round_id, window__state__in=PUBLIC_STATES)
    return list(Category.objects.filter(pk__in=offered.values("product__category_id")))


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
            *(f"offer__{part}" for part in _OFFER_PARTS),
        )
        .order_by(*(field if field.startswith("window") else f"offer__{field}" for field in _ORDER))
    )


def standings_of(offers: Iterable[Offer]) -> dict[int, OfferStanding]:
    """How loaded offers (with capacity and demand) stand. One query, for their ladders; unpriced ones are left out."""
    loaded = {offer.pk: offer for offer in offers}
    return {pk: _standing_of(loaded[pk], ladder) for pk, ladder in ladders_of(loaded).items()}


def ladders_of(offer_ids: Iterable[int]) -> dict[int, tuple[Step, ...]]:
    """The ladders of offers, rising; unpriced offers are left out. One query."""
    ladders: dict[int, tuple[Step, ...]] = {}
    steps = PriceStep.objects.filter(offer__in=list(offer_ids)).order_by("offer_id", "from_quantity")
    for pk, *step in steps.values_list("offer_id", "from_quantity", "cost_minor", "unit_price_minor"):
        ladders[pk] = (*ladders.get(pk, ()), Step(*step))
    return ladders


def _standing_of(offer: Offer, ladder: tuple[Step, ...]) -> OfferStanding:
    demand = getattr(offer, "demand", None)
    return standing(offer=_terms(offer, ladder), groups=from_stored(demand.groups) if demand else [])


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
    ladder = ladders_of([offer_id]).get(offer_id)
    return OfferRow(offer, _standing_of(offer, ladder), own, ladder=ladder) if ladder else None


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
