"""What the shop's pages read of one round: its offers, page by page, with how they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import JSONField, Q, QuerySet, Subquery

from marketplace import clock
from marketplace.access import PUBLIC_STATES, round_for
from marketplace.models import Category, Household, Offer, OfferOutcome, OrderingWindow, ReservationLine, Round, User
from marketplace.queries.baskets import OFFER_PARTS, Basket, basket_of, own_lines
from marketplace.queries.choosing import Choosing, Sort, beyond, chosen, cursor_after, sorted_by
from marketplace.queries.facets import Facets, facets_of
from marketplace.queries.ladders import ladders_of
from marketplace.queries.nearly import few_missing, nearly_complete, orders_by_standing
from marketplace.queries.standings import standing_of, standings_of
from marketplace.queries.visiting import Visitor, announced_windows, household_id_of
from marketplace.rules.clearing.standing import OfferStanding
from marketplace.rules.clearing.terms import PriceStep as Step
from marketplace.rules.goods import ALLERGENS, DIETS
from marketplace.rules.states import CLOSED_STATES

PAGE_OFFERS = 50
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
    facets: Facets | None = None

    @property
    def is_open(self) -> bool:
        return any(part.window.takes_reservations(self.now) for part in self.windows)

    @property
    def is_filling(self) -> bool:
        return any(part.window.is_filling(self.now) for part in self.windows)


def round_page(visitor: Visitor, round_id: int, choosing: Choosing | None = None) -> RoundPage:
    """A page of a round's offers with everything that it shows, whatever was asked for. Four queries; one more after
    a close, and two more once a minute.

    Raises NotFound for a round that the visitor may not see.
    """
    windows = list(_with_presets(announced_windows(round_id), visitor).select_related("round__hub"))
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
        basket=basket_of(lines, standings),
        choosing=asked,
        avoids=avoids,
        diets=diets,
        after=after,
        facets=facets_of(windows, asked),
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


def _offers_of(windows: Sequence[OrderingWindow], asked: Choosing, now: datetime) -> tuple[list[Offer], str]:
    """A page of offers and the cursor of the next; all that match where the order is known only from how they stand."""
    by_id = {window.pk: window for window in windows}
    offers = chosen(Offer.objects.filter(window__in=by_id).select_related(*OFFER_PARTS), asked)
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
    """What the valid runs of closed windows decided, the newest of each offer. One query, none while all are open."""
    if not closed:
        return {}
    found = OfferOutcome.objects.filter(offer__in=offer_ids, run__window__in=[w.pk for w in closed])
    return {o.offer_id: o for o in found.filter(run__voided_at=None).order_by("run__number", "run_id")}


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


def offer_row(visitor: Visitor, round_id: int, offer_id: int) -> OfferRow | None:
    """One offer of a round as its card shows it. Three queries."""
    windows = OrderingWindow.objects.filter(round_id=round_id, state__in=PUBLIC_STATES)
    offer = Offer.objects.filter(pk=offer_id, window__in=windows).select_related("window", *OFFER_PARTS).first()
    if offer is None:
        return None
    own = next((line for line in own_lines(visitor, round_id) if line.offer_id == offer_id), None)
    ladder = ladders_of([offer_id]).get(offer_id)
    return OfferRow(offer, standing_of(offer, ladder), own, ladder=ladder) if ladder else None
