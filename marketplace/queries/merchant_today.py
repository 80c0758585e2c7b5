"""What a merchant's day is made of: orders by what they need next, running windows with the demand of each offer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum

from marketplace.access import merchants_of, purchase_orders_for
from marketplace.models import DemandSignal, Offer, OrderingWindow, Pledge, PurchaseOrder, User, WindowSupply
from marketplace.queries.minimums import MerchantMinimum, minimums_of
from marketplace.queries.pledges import signals_of, standing_pledges
from marketplace.queries.standings import offer_terms, standings
from marketplace.rules.catalogue.deadlines import Deadlines, deadlines_of
from marketplace.rules.clearing.standing import OfferStanding
from marketplace.rules.states import OrderState, WindowState

_S = OrderState
_UNFINISHED = [s.value for s in (_S.ISSUED, _S.ACKNOWLEDGED, _S.CONFIRMED, _S.PARTLY_CONFIRMED, _S.DECLINED)]
# As many as one looks through; the lists have the others.
MOST_ORDERS, MOST_WINDOWS, MOST_OFFERS = 100, 25, 500
# A short order is news until its goods would have been handed over.
_SHORT_DAYS = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderToDo:
    """A purchase order that needs something. `missing`: units that were confirmed as not coming."""

    order: PurchaseOrder
    deadlines: Deadlines
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersToDo:
    """By what comes next; the earliest deadline first. A short order is in its own list beside the next step's."""

    to_confirm: Sequence[OrderToDo]
    short: Sequence[OrderToDo]
    to_pack: Sequence[OrderToDo]
    to_ship: Sequence[OrderToDo]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningOffer:
    """An offer of a running window as its merchant sees it. `cases`: whole cases that would be ordered now, and units
    of a split one. `signal` None: nobody knows yet."""

    offer: Offer
    now: OfferStanding
    cases: int
    loose: int
    value_minor: int
    signal: DemandSignal | None
    pledges: Sequence[Pledge]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPart:
    """A merchant's part in a window that is open or announced."""

    window: OrderingWindow
    merchant_id: int
    merchant_name: str
    deadlines: Deadlines
    offers: Sequence[RunningOffer] = field(default=())
    minimum: MerchantMinimum | None = None

    @property
    def value_minor(self) -> int:
        """What would be ordered if it closed now, at cost."""
        return sum(each.value_minor for each in self.offers)

    @property
    def sure(self) -> int:
        return sum(each.now.sure for each in self.offers)

    @property
    def waiting(self) -> int:
        return sum(each.now.waiting for each in self.offers)

    @property
    def reached(self) -> int:
        return sum(each.now.reached for each in self.offers)


def orders_to_do(user: User, now: datetime) -> OrdersToDo:
    """The unfinished orders of the user's merchants. Three queries for any number."""
    orders = list(
        purchase_orders_for(user)
        .filter(merchant__in=merchants_of(user), state__in=_UNFINISHED, held_for="")
        .annotate(confirmed=Sum("lines__confirmed"), asked=Sum("lines__ordered", filter=_answered()))
        .order_by("issued_at", "pk")[:MOST_ORDERS]
    )
    parts = _parts_of(orders)
    rows = sorted((_to_do(order, parts) for order in orders), key=lambda row: (row.deadlines.at_dock, row.order.pk))
    confirmed = [row for row in rows if row.order.state in (_S.CONFIRMED.value, _S.PARTLY_CONFIRMED.value)]
    return OrdersToDo(
        to_confirm=[row for row in rows if row.order.state in (_S.ISSUED.value, _S.ACKNOWLEDGED.value)],
        short=[row for row in rows if row.missing and row.deadlines.at_dock + _SHORT_DAYS > now],
        to_pack=[row for row in confirmed if row.order.packed_at is None],
        to_ship=[row for row in confirmed if row.order.packed_at is not None],
    )


def _answered() -> Q:
    return Q(lines__confirmed__isnull=False)


def _parts_of(orders: Sequence[PurchaseOrder]) -> dict[tuple[int, int], Deadlines]:
    """(window, supply) → its deadlines. One query."""
    rows = WindowSupply.objects.filter(window__in={order.window_id for order in orders}).values_list(
        "window_id", "supply_id", "orders_due_at", "supply__lead_hours"
    )
    return {(window, supply): deadlines_of(orders_due_at=due, lead_hours=lead) for window, supply, due, lead in rows}


def _to_do(order: PurchaseOrder, parts: Mapping[tuple[int, int], Deadlines]) -> OrderToDo:
    known = parts.get((order.window_id, order.supply_id)) or Deadlines(order.issued_at, order.issued_at)
    asked: int | None = order.asked  # type: ignore[attr-defined]
    confirmed: int | None = order.confirmed  # type: ignore[attr-defined]
    missing = 0 if asked is None else asked - (confirmed or 0)
    return OrderToDo(order=order, deadlines=known, missing=missing)


def running_parts(user: User) -> list[RunningPart]:
    """The parts of the user's merchants in announced windows. Twelve queries for any number of windows and offers."""
    return running_parts_of(list(merchants_of(user).values_list("pk", flat=True)))


def running_parts_of(merchant_ids: Collection[int]) -> list[RunningPart]:
    """The parts of merchants in announced windows that have not closed, the earliest close first. Eleven queries."""
    parts = list(
        WindowSupply.objects.filter(
            supply__merchant__in=merchant_ids,
            window__state__in=[WindowState.OPEN.value, WindowState.SCHEDULED.value],
        )
        .select_related("window__round__hub", "supply__merchant")
        .order_by("window__closes_at", "window_id", "supply_id")[:MOST_WINDOWS]
    )
    running = _running_offers({(part.window_id, part.supply.merchant_id) for part in parts})
    open_ones = {
        (part.window_id, part.supply.merchant_id) for part in parts if part.window.state == WindowState.OPEN.value
    }
    minimums = minimums_of(open_ones) if open_ones else {}
    return [
        RunningPart(
            window=part.window,
            merchant_id=part.supply.merchant_id,
            merchant_name=part.supply.merchant.name,
            deadlines=deadlines_of(orders_due_at=part.orders_due_at, lead_hours=part.supply.lead_hours),
            offers=running.get((part.window_id, part.supply.merchant_id), ()),
            minimum=minimums.get((part.window_id, part.supply.merchant_id)),
        )
        for part in parts
    ]


def _running_offers(parts: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[RunningOffer]]:
    """(window, merchant) → its offers, those with most demand first."""
    offers = _offers_of(parts)
    ids = [offer.pk for offer in offers]
    terms = offer_terms(ids) if ids else {}
    known = standings(ids, terms=terms) if ids else {}
    signals, pledges = signals_of(ids), standing_pledges(ids)
    found: dict[tuple[int, int], list[RunningOffer]] = {}
    for offer in offers:
        if offer.pk not in known:
            continue
        now = known[offer.pk]
        step = next((each for each in terms[offer.pk].ladder if each.unit_price == now.price_now), None)
        found.setdefault((offer.window_id, offer.product.merchant_id), []).append(
            RunningOffer(
                offer=offer,
                now=now,
                cases=now.ordered // offer.case,
                loose=now.ordered % offer.case,
                value_minor=0 if step is None else now.ordered * step.cost,
                signal=signals.get(offer.pk),
                pledges=pledges.get(offer.pk, ()),
            )
        )
    for rows in found.values():
        rows.sort(key=lambda row: (-row.now.reserved, row.offer.product.name, row.offer.pk))
    return found


def _offers_of(parts: Collection[tuple[int, int]]) -> QuerySet[Offer]:
    return (
        Offer.objects.filter(
            window__in={window for window, _merchant in parts},
            product__merchant__in={merchant for _window, merchant in parts},
            from_stock=False,
        )
        .select_related("product__category", "capacity")
        .order_by(F("window__closes_at"), "pk")[:MOST_OFFERS]
    )
