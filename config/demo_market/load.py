"""Read market.json.gz: the real catalogue and baskets of the demo, as frozen values. What they mean: SOURCE.md."""

import gzip
import json
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "market.json.gz"
STORAGE_CLASSES = ("ambient", "chilled", "frozen")
UNITS = ("GRM", "MLT", "H87")
SHORTAGE_RULES = ("max_min", "proportional", "first_come")
HOURS_OF_WEEK = 168
FRESH_DAYS = 5


class BadMarketFile(ValueError):
    """The data file contradicts itself; build it again with config.demo_market.extract."""


@dataclass(frozen=True)
class DemoMerchant:
    """An invented merchant. Money in cents; `kind` is "reseller" or "agent"."""

    key: str
    name: str
    place: str
    email: str
    lead_hours: int
    minimum_order_value: int | None
    small_order_fee: int | None
    kind: str


@dataclass(frozen=True)
class DemoCategory:
    """A shopping category; `motif` names its drawn picture."""

    slug: str
    name: str
    motif: str


@dataclass(frozen=True)
class DemoDeposit:
    """An invented deposit type; `amount` in cents per consumer unit."""

    slug: str
    name: str
    amount: int


@dataclass(frozen=True)
class DemoStep:
    """A ladder step: from `start` units on the hub pays `cost` and the household `unit_price` (cents per unit)."""

    start: int
    cost: int
    unit_price: int


@dataclass(frozen=True)
class DemoTerms:
    """Suggested terms of an offer, made by rule; `split_fee` in cents, quantities in consumer units."""

    case: int
    minimum: int
    ladder: tuple[DemoStep, ...]
    splittable: bool
    multiple: int
    split_fee: int
    cap: int | None
    shortage_rule: str
    hub_flexible: int


@dataclass(frozen=True)
class DemoProduct:
    """A product; `price` in cents per consumer unit, which holds `amount` of `unit` (GRM, MLT, H87).

    With `catch_weight` the amount is nominal. `allergens` are those known to be contained; only with
    `allergens_complete` does an empty tuple mean "none", otherwise the rest is unknown.
    """

    source_product_id: int
    pooled_ids: int
    source_type: str
    source_size: str
    sku: str
    gtin: str
    merchant: str
    title: str
    pack: str
    category: str
    storage: str
    shelf_life_days: int
    amount: int
    unit: str
    catch_weight: bool
    price: int
    allergens: tuple[str, ...]
    allergens_complete: bool
    deposit: str | None
    weekly_demand: tuple[int, ...]
    terms: DemoTerms

    @property
    def fresh(self) -> bool:
        """Whether it keeps for at most five days."""
        return self.shelf_life_days <= FRESH_DAYS


@dataclass(frozen=True)
class DemoLine:
    """Units of one product; `product` is its place in `DemoMarket.products`."""

    product: int
    quantity: int


@dataclass(frozen=True)
class DemoBasket:
    """What a household wanted in one week; `hour` of the week of its first purchase (0 = Monday 00:00)."""

    week: int
    hour: int
    lines: tuple[DemoLine, ...]


@dataclass(frozen=True)
class DemoHousehold:
    """A household of the source with one basket per week index."""

    source_id: int
    baskets: tuple[DemoBasket, ...]


@dataclass(frozen=True)
class DemoMarket:
    """The whole file. `arrivals` are 168 weights, one per hour of the week from Monday 00:00 local time."""

    currency: str
    merchants: tuple[DemoMerchant, ...]
    categories: tuple[DemoCategory, ...]
    deposits: tuple[DemoDeposit, ...]
    products: tuple[DemoProduct, ...]
    households: tuple[DemoHousehold, ...]
    arrivals: tuple[int, ...]


@cache
def load_market() -> DemoMarket:
    """The demo market, checked. Raises BadMarketFile when the file contradicts itself."""
    with gzip.open(FILE, "rt", encoding="utf-8") as stream:
        return market_from(json.load(stream))


def market_from(content: dict[str, Any]) -> DemoMarket:
    """The market of decoded JSON, checked. Raises BadMarketFile."""
    market = DemoMarket(
        currency=content["currency"],
        merchants=tuple(DemoMerchant(**row) for row in content["merchants"]),
        categories=tuple(DemoCategory(**row) for row in content["categories"]),
        deposits=tuple(DemoDeposit(**row) for row in content["deposits"]),
        products=tuple(_product(row) for row in content["products"]),
        households=tuple(_household(row) for row in content["households"]),
        arrivals=tuple(content["arrivals"]),
    )
    problems = [*_catalogue_problems(market), *_basket_problems(market)]
    if problems:
        raise BadMarketFile("; ".join(problems[:10]))
    return market


def gtin_is_valid(gtin: str) -> bool:
    """Whether a GTIN-13 has 13 digits and the right check digit."""
    return (
        len(gtin) == 13 and gtin.isdigit() and sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(gtin)) % 10 == 0
    )


def _product(row: dict[str, Any]) -> DemoProduct:
    ladder = tuple(DemoStep(*step) for step in row["terms"]["ladder"])
    return DemoProduct(
        **{
            **row,
            "allergens": tuple(row["allergens"]),
            "weekly_demand": tuple(row["weekly_demand"]),
            "terms": DemoTerms(**{**row["terms"], "ladder": ladder}),
        }
    )


def _household(row: dict[str, Any]) -> DemoHousehold:
    baskets = (
        DemoBasket(week, basket["hour"], tuple(DemoLine(*line) for line in basket["lines"]))
        for week, basket in enumerate(row["baskets"])
    )
    return DemoHousehold(row["source_id"], tuple(baskets))


def _catalogue_problems(market: DemoMarket) -> list[str]:
    merchants = {merchant.key for merchant in market.merchants}
    categories = {category.slug for category in market.categories}
    deposits = {deposit.slug for deposit in market.deposits} | {None}
    problems = []
    for product in market.products:
        sound = {
            "merchant": product.merchant in merchants,
            "category": product.category in categories,
            "deposit": product.deposit in deposits,
            "storage": product.storage in STORAGE_CLASSES,
            "unit": product.unit in UNITS and product.amount > 0,
            "gtin": gtin_is_valid(product.gtin),
            "price": product.price > 0 and product.shelf_life_days > 0,
            "terms": _terms_are_sound(product.terms, product.price),
        }
        problems += [f"{product.sku}: bad {name}" for name, good in sound.items() if not good]
    for name in ("gtin", "sku", "source_product_id"):
        if len({getattr(product, name) for product in market.products}) < len(market.products):
            problems.append(f"{name} not unique")
    if len({(product.merchant, product.title) for product in market.products}) < len(market.products):
        problems.append("title not unique within a merchant")
    return problems


def _terms_are_sound(terms: DemoTerms, price: int) -> bool:
    steps = terms.ladder
    falling = all(a.start < b.start and a.cost > b.cost and a.unit_price > b.unit_price for a, b in pairwise(steps))
    return (
        falling
        and bool(steps)
        and steps[0].start == terms.minimum >= 1
        and steps[0].unit_price == price
        and all(0 < step.cost < step.unit_price for step in steps)
        and terms.case >= 1 <= terms.multiple
        and (terms.cap is None or terms.cap >= steps[-1].start)
        and terms.split_fee >= 0 <= terms.hub_flexible
        and terms.shortage_rule in SHORTAGE_RULES
    )


def _basket_problems(market: DemoMarket) -> list[str]:
    problems = [] if len(market.arrivals) == HOURS_OF_WEEK and min(market.arrivals) >= 0 else ["bad arrivals"]
    for household in market.households:
        for basket in household.baskets:
            numbers = [line.product for line in basket.lines]
            known = all(0 <= number < len(market.products) for number in numbers)
            positive = bool(numbers) and all(line.quantity > 0 for line in basket.lines)
            if not (known and positive and len(set(numbers)) == len(numbers) and 0 <= basket.hour < HOURS_OF_WEEK):
                problems.append(f"household {household.source_id}, week {basket.week}: bad basket")
    return problems
