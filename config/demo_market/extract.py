"""Build market.json.gz from the folder of the source's tables.

    python -m config.demo_market.extract RETAIL_FOLDER

The same folder gives the same bytes. What is taken from the source and what is added is told in SOURCE.md.
"""

import csv
import gzip
import io
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from config.demo_market.packs import Pack, label, parse_assumed, parse_size
from config.demo_market.terms import suggest_terms
from config.demo_market.trades import CATEGORIES, DEPOSITS, MERCHANTS

HERE = Path(__file__).parent
FIRST_MONDAY = date(2017, 1, 2)
CANDIDATES = 220
# Wares are ranked by what was bought from mid May on, the season of most households' last weeks.
RANKED_FROM_WEEK = 19
MOST_UNITS = 24
HOUSEHOLDS = 120
WEEKS = 8
PRODUCTS = 440
LEAST_PER_MERCHANT = 15
BASKET_LINES = range(5, 26)
FRESH_DAYS = 5
# In ml: larger bottles and packs of many carry no deposit.
LARGEST_BOTTLE = 2000

Row = dict[str, str]
Key = tuple[str, str, str, Pack]
Weeks = dict[int, Counter[str]]
# Hour of the week (0 = Monday 00:00) and the lines: number of the product, units.
Basket = tuple[int, list[tuple[int, int]]]


@dataclass
class Ware:
    """A product of the demo: all ids of the source that a shopper could not tell apart."""

    title_row: Row
    brand: str
    pack: Pack
    demand: Counter[str] = field(default_factory=Counter)
    title: str = ""

    @property
    def source_id(self) -> str:
        """The most bought of the pooled ids; price and size text are this one's."""
        return max(self.demand, key=lambda product_id: (self.demand[product_id], -int(product_id)))

    @property
    def total(self) -> int:
        return self.demand.total()


def build(folder: Path) -> dict[str, object]:
    """The whole content of market.json.gz, from the tables in `folder`."""
    products = {row["product_id"]: row for row in _rows(folder / "products.csv.gz")}
    titles = {(row["source_category"], row["source_type"]): row for row in _titles()}
    keys = _keys_by_product(products, titles)
    weeks, moments = _weekly_baskets(folder, keys)
    candidates = sorted(weeks, key=lambda who: (-_regular_weeks(weeks[who]), int(who)))[:CANDIDATES]
    wares = _chosen_wares(_pool(candidates, weeks, keys, titles))
    chosen = sorted(wares, key=lambda key: (wares[key].title_row["merchant"], wares[key].title))
    number = {product_id: index for index, key in enumerate(chosen) for product_id in wares[key].demand}
    households = _households(candidates, weeks, moments, number)
    pooled = _pooled_demand(households, len(chosen))
    return {
        "currency": "EUR",
        "merchants": [_merchant(row) for row in MERCHANTS],
        "categories": [{"slug": slug, "name": name, "motif": slug} for slug, name in CATEGORIES.items()],
        "deposits": [{"slug": slug, "name": name, "amount": cents} for slug, (name, cents) in DEPOSITS.items()],
        "products": [_product(i, wares[key], products, pooled[i]) for i, key in enumerate(chosen)],
        "households": [
            {"source_id": who, "baskets": [{"hour": hour, "lines": lines} for hour, lines in baskets]}
            for who, baskets in households.items()
        ],
        "arrivals": _arrivals(folder),
    }


def _rows(path: Path) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _titles() -> list[Row]:
    with (HERE / "titles.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="|"))


def _keys_by_product(products: dict[str, Row], titles: dict[tuple[str, str], Row]) -> dict[str, Key]:
    """Which ware each id of the source belongs to; ids without a title or a readable size are left out."""
    keys: dict[str, Key] = {}
    for product_id, row in products.items():
        kind = (row["product_category"], row["product_type"])
        title = titles.get(kind)
        if title is None or Decimal(row["mean_shelf_price"]) < Decimal("0.20"):
            continue
        assumed = parse_assumed(title["assumed_pack"])
        pack = assumed[1] if assumed and assumed[0] else parse_size(row["package_size"], title["measure"])
        pack = pack or (assumed[1] if assumed else None)
        if pack is not None:
            keys[product_id] = (*kind, row["brand"] if title["brands"] == "split" else "", pack)
    return keys


def _weekly_baskets(folder: Path, keys: dict[str, Key]) -> tuple[dict[str, Weeks], dict[tuple[str, int], int]]:
    """Per household and week the units of each id, and the hour of the week of the first purchase."""
    weeks: dict[str, Weeks] = defaultdict(lambda: defaultdict(Counter))
    moments: dict[tuple[str, int], int] = {}
    for row in _rows(folder / "transactions.csv.gz"):
        if row["product_id"] not in keys:
            continue
        at = datetime.fromisoformat(row["ts"])
        week = (at.date() - FIRST_MONDAY).days // 7
        who = row["household_id"]
        weeks[who][week][row["product_id"]] += int(row["quantity"])
        hour = at.weekday() * 24 + at.hour
        moments[who, week] = min(hour, moments.get((who, week), hour))
    return weeks, moments


def _regular_weeks(weeks: Weeks) -> int:
    return sum(8 <= len(basket) <= 35 for basket in weeks.values())


def _pool(
    candidates: list[str], weeks: dict[str, Weeks], keys: dict[str, Key], titles: dict[tuple[str, str], Row]
) -> dict[Key, Ware]:
    wares: dict[Key, Ware] = {}
    for who in candidates:
        for week, basket in weeks[who].items():
            for product_id in basket if week >= RANKED_FROM_WEEK else ():
                key = keys[product_id]
                ware = wares.setdefault(key, Ware(titles[key[0], key[1]], key[2], key[3]))
                ware.demand[product_id] += 1
    return wares


def _chosen_wares(wares: dict[Key, Ware]) -> dict[Key, Ware]:
    """The most bought wares: at most `most` per title, every merchant with its least number, PRODUCTS in all."""
    ranked = sorted(wares, key=lambda key: (-wares[key].total, key))
    per_title: Counter[str] = Counter()
    allowed = []
    for key in ranked:
        row = wares[key].title_row
        if per_title[row["title"]] < int(row["most"]):
            per_title[row["title"]] += 1
            allowed.append(key)
    per_merchant: Counter[str] = Counter()
    needed = []
    for key in allowed:
        merchant = wares[key].title_row["merchant"]
        per_merchant[merchant] += 1
        if per_merchant[merchant] <= LEAST_PER_MERCHANT:
            needed.append(key)
    rest = [key for key in allowed if key not in set(needed)]
    picked = sorted(needed + rest[: PRODUCTS - len(needed)], key=lambda key: (-wares[key].total, key))
    seen: set[tuple[str, str]] = set()
    for key in picked:
        wares[key].title = _title(wares[key], seen)
    return {key: wares[key] for key in picked}


def _title(ware: Ware, seen: set[tuple[str, str]]) -> str:
    """The most bought pack has the plain title; the others add what sets them apart."""
    merchant = ware.title_row["merchant"]
    title = ware.title_row["title"] + (", own brand" if ware.brand == "Private" else "")
    if (merchant, title) in seen:
        title += f", {label(ware.pack)}"
    if (merchant, title) in seen or len(title) > 60:
        raise ValueError(f"title not usable: {merchant}: {title}")
    seen.add((merchant, title))
    return title


def _households(
    candidates: list[str], weeks: dict[str, Weeks], moments: dict[tuple[str, int], int], number: dict[str, int]
) -> dict[int, list[Basket]]:
    """The households with the fullest last eight weeks of a usual size, in the order of their ids."""
    found: dict[int, list[Basket]] = {}
    for who in candidates:
        usable: list[Basket] = []
        for week, basket in sorted(weeks[who].items()):
            units: Counter[int] = Counter()
            for product_id, quantity in basket.items():
                if product_id in number:
                    units[number[product_id]] += quantity
            if len(units) in BASKET_LINES:
                lines = [(product, min(quantity, MOST_UNITS)) for product, quantity in sorted(units.items())]
                usable.append((moments[who, week], lines))
        if len(usable) >= WEEKS:
            found[int(who)] = usable[-WEEKS:]
    fullest = sorted(found, key=lambda who: (-sum(len(lines) for _, lines in found[who]), who))[:HOUSEHOLDS]
    return {who: found[who] for who in sorted(fullest)}


def _pooled_demand(households: dict[int, list[Basket]], products: int) -> list[list[int]]:
    demand = [[0] * WEEKS for _ in range(products)]
    for baskets in households.values():
        for week, (_, lines) in enumerate(baskets):
            for product, quantity in lines:
                demand[product][week] += quantity
    return demand


def _merchant(row: tuple[str, str, str, int, int | None, int | None, str]) -> dict[str, object]:
    key, name, place, lead, least_value, fee, kind = row
    return {
        "key": key,
        "name": name,
        "place": place,
        "email": f"{key}@example.org",
        "lead_hours": lead,
        "minimum_order_value": least_value,
        "small_order_fee": fee,
        "kind": kind,
    }


def _product(index: int, ware: Ware, products: dict[str, Row], weekly: list[int]) -> dict[str, object]:
    title_row, source = ware.title_row, products[ware.source_id]
    price = int(Decimal(source["mean_shelf_price"]) * 100)
    shelf_life = int(title_row["shelf_life_days"])
    allergens = title_row["allergens"]
    return {
        "source_product_id": int(ware.source_id),
        "pooled_ids": len(ware.demand),
        "source_type": title_row["source_type"],
        "source_size": source["package_size"],
        "sku": f"{title_row['merchant'].upper()[:3]}-{index + 1:04d}",
        "gtin": _gtin(index),
        "merchant": title_row["merchant"],
        "title": ware.title,
        "pack": label(ware.pack),
        "category": title_row["category"],
        "storage": title_row["storage"],
        "shelf_life_days": shelf_life,
        "amount": ware.pack.amount,
        "unit": ware.pack.unit,
        "catch_weight": ware.pack.catch_weight,
        "price": price,
        "allergens": [word for word in allergens.rstrip("!").split(",") if word and word != "none"],
        "allergens_complete": allergens == "none" or allergens.endswith("!"),
        "deposit": title_row["deposit"] if title_row["deposit"] and ware.pack.amount <= LARGEST_BOTTLE else None,
        "weekly_demand": weekly,
        "terms": suggest_terms(
            product_id=int(ware.source_id),
            price=price,
            weekly=weekly,
            fresh=shelf_life <= FRESH_DAYS,
            storage=title_row["storage"],
        ),
    }


def _gtin(index: int) -> str:
    """A GTIN-13 of the range that GS1 leaves to companies' own use (prefix 20), with its check digit."""
    body = f"20{index + 1:010d}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-weighted % 10)


def _arrivals(folder: Path) -> list[int]:
    weights = [0] * 168
    for row in _rows(folder / "arrivals_by_weekday_hour.csv.gz"):
        weights[(int(row["weekday"]) - 1) * 24 + int(row["hour"])] = int(row["baskets"])
    return weights


def write(market: dict[str, object], target: Path) -> None:
    """Compact JSON in gzip without name and time, so that equal content gives equal bytes."""
    text = json.dumps(market, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as stream:
        stream.write(text.encode())
    target.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m config.demo_market.extract RETAIL_FOLDER")
    write(build(Path(sys.argv[1])), HERE / "market.json.gz")
