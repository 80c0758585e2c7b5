"""When robot shoppers come and what they want: real baskets on the real curve of arrivals, repeatable by a number.

Only a plan: nothing here touches the database. Times are parts of a round's life, 0 its opening, 1 its last close.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from config.demo_market.load import HOURS_OF_WEEK, DemoBasket, DemoMarket
from marketplace.rules.wanted import WantedLine

WEEKS = 8
# Shares of households or lines; chosen so that one life shows everything that the closing knows.
CHANGING, CANCELLING, LATE = 0.25, 0.04, 0.06
FLEXIBLE, LIMITED, WHOLE_ONLY = 0.35, 0.05, 0.03
USES = ("case", "price", "order")
USE_WEIGHTS = (60, 25, 15)
FILLERS = 14


class Purpose(StrEnum):
    """What a visit is for."""

    RESERVE = "reserve"
    CHANGE = "change"
    CANCEL = "cancel"
    FILL = "fill"  # in the filling stretch: raise an own line by what a case misses


@dataclass(frozen=True, slots=True)
class OnSale:
    """An offer as a shopper sees it; prices in minor units, the first step's first."""

    offer_id: int
    prices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of a household (its place in the data file)."""

    at: float
    household: int
    purpose: Purpose
    lines: tuple[WantedLine, ...] = ()


def plan_visits(
    *, market: DemoMarket, on_sale: Mapping[str, OnSale], week: int, first_close: float, filling: float, draw: Random
) -> list[Visit]:
    """All visits of one round in the order of their times.

    `on_sale` by SKU; `first_close` is when the first window closes, `filling` how long before a close its filling
    stretch begins, both as parts of the life.
    """
    visits: list[Visit] = []
    for household, rows in enumerate(market.households):
        basket = rows.baskets[week % WEEKS]
        lines = tuple(_lines(market, on_sale, basket, draw))
        if not lines:
            continue
        at = _arrival(market, first_close, draw)
        visits.append(Visit(at, household, Purpose.RESERVE, lines))
        visits += _second_thoughts(at, household, lines, draw)
    visits += _fillers(len(market.households), first_close, filling, draw)
    return sorted(visits, key=lambda visit: visit.at)


def _arrival(market: DemoMarket, first_close: float, draw: Random) -> float:
    """By the hour of the week, compressed; most know when the first window closes, a few are late for it."""
    (hour,) = draw.choices(range(HOURS_OF_WEEK), weights=market.arrivals)
    part = (hour + draw.random()) / HOURS_OF_WEEK
    if draw.random() < LATE:
        return first_close + (1 - first_close) * part * 0.98
    return part * first_close * 0.98


def _lines(market: DemoMarket, on_sale: Mapping[str, OnSale], basket: DemoBasket, draw: Random) -> Iterator[WantedLine]:
    for line in basket.lines:
        offer = on_sale.get(market.products[line.product].sku)
        if offer is None:
            continue
        wanted = WantedLine(offer_id=offer.offer_id, firm=line.quantity)
        if draw.random() < FLEXIBLE:
            (use,) = draw.choices(USES, weights=USE_WEIGHTS)
            wanted = replace(wanted, flexible=1 + line.quantity // 3, flexible_for=use)
        if draw.random() < LIMITED and len(offer.prices) > 1:
            wanted = replace(wanted, max_unit_price_minor=draw.choice(offer.prices[1:]))
        if draw.random() < WHOLE_ONLY and line.quantity > 1:
            wanted = replace(wanted, whole_only=True)
        yield wanted


def _second_thoughts(at: float, household: int, lines: tuple[WantedLine, ...], draw: Random) -> Iterator[Visit]:
    """Some come again: to take one more or one less of something, to drop something, or to cancel."""
    chance = draw.random()
    again = at + (1 - at) * draw.random() * 0.95
    if chance < CANCELLING:
        yield Visit(again, household, Purpose.CANCEL)
    elif chance < CANCELLING + CHANGING:
        chosen = draw.sample(lines, min(len(lines), draw.randint(1, 3)))
        changed = tuple(_changed(line, line.firm + draw.choice((1, 1, 2, -1))) for line in chosen)
        yield Visit(again, household, Purpose.CHANGE, changed)


def _changed(line: WantedLine, firm: int) -> WantedLine:
    if firm < 1:
        return WantedLine(offer_id=line.offer_id, firm=0)
    return replace(line, firm=firm)


def _fillers(households: int, first_close: float, filling: float, draw: Random) -> Iterator[Visit]:
    for close in (first_close, 1.0):
        for household in draw.sample(range(households), FILLERS):
            yield Visit(close - filling * (0.1 + 0.8 * draw.random()), household, Purpose.FILL)
