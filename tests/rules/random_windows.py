"""Small random windows, full of edge cases, in the shape of the `clear` command's file.

Everything is drawn from the given random source, so a seed names a window for ever (within one version of this
file). Numbers are kept small on purpose: ties, exact hits of a step, a cap or a case, and limits right at a price
must be common, not rare.
"""

import random
from typing import Any

Json = dict[str, Any]

PRICE_SCALES = (1, 1, 5, 10, 37)  # prices in minor units are small integers times this: makes ties and cheap fees
TIMES = (
    "2026-11-22T09:00:00Z",
    "2026-11-22T10:00:00Z",
    "2026-11-22T11:00:00+01:00",  # the same instant as the one above, written in another zone
    "2026-11-22T10:00:00.000001Z",
    "2026-11-22T11:30:00Z",
    "2026-11-22T12:00:00Z",
)
LATER_TIMES = ("2026-11-22T12:00:00Z", "2026-11-22T12:30:00Z", "2026-11-22T13:00:00+01:00", "2026-11-22T14:00:00Z")


def money(minor: int, digits: int) -> str:
    """A decimal string with exactly the currency's digits."""
    if digits == 0:
        return str(minor)
    return f"{minor // 10**digits}.{minor % 10**digits:0{digits}d}"


def random_ladder(rng: random.Random, digits: int) -> list[Json]:
    """One to four steps; costs and prices strictly fall, quantities strictly rise."""
    steps = rng.choice((1, 2, 2, 2, 3, 3, 4))
    scale = rng.choice(PRICE_SCALES)
    costs = sorted(rng.sample(range(1, 9), steps), reverse=True)
    # A price falls strictly with the step; it may be below the cost (a hub may subsidise), often it is above.
    prices = sorted(rng.sample(range(2, 12), steps), reverse=True)
    quantity, ladder = rng.choice((1, 1, 2, 2, 3, 4, 6)), []
    for cost, price in zip(costs, prices, strict=True):
        ladder.append(
            {"from": quantity, "cost": money(cost * scale, digits), "unit_price": money(price * scale, digits)}
        )
        quantity += rng.choice((1, 1, 2, 3, 4, 6, 9))
    return ladder


def random_offer(rng: random.Random, *, offer_id: str, merchant_id: str, digits: int, splits: bool) -> Json:
    case = rng.choice((1, 2, 2, 3, 3, 4, 4, 5, 6, 8, 12))
    multiple = rng.choice((1, 1, 2, 3, case, rng.randint(1, 7)))
    splittable = splits and rng.random() < 0.5
    fee = rng.choice((0, 0, 1, 3, 10, 40, 150)) if splittable or rng.random() < 0.1 else 0
    return {
        "id": offer_id,
        "merchant": merchant_id,
        "case": case,
        "multiple": multiple,
        "splittable": splittable,
        "split_fee": money(fee, digits),
        "cap": rng.choice((None, None, None, rng.randint(1, 8), rng.randint(4, 24), case * rng.randint(1, 3))),
        "hub_flexible": rng.choice((0, 1, 1, 2, 3, 9)),
        "shortage_rule": rng.choice(("max_min", "proportional", "first_come")),
        "ladder": random_ladder(rng, digits),
    }


def random_limit(rng: random.Random, ladder: list[Json]) -> str | None:
    """A limit at, one minor unit above or below one of the ladder's prices; often none."""
    if rng.random() < 0.55:
        return None
    text = str(rng.choice(ladder)["unit_price"])
    digits = len(text.partition(".")[2])
    minor = int(text.replace(".", "")) + rng.choice((-1, 0, 0, 0, 1))
    return money(max(minor, 1), digits)


def random_raised(rng: random.Random, firm: int) -> list[Json]:
    """Later additions that are part of the firm quantity, always fewer units than it."""
    raised, left = [], firm - 1
    while left > 0 and rng.random() < 0.35:
        by = rng.randint(1, left)
        raised.append({"at": rng.choice(LATER_TIMES), "by": by})
        left -= by
    return raised


def random_line(rng: random.Random, *, line_id: str, offer: Json, whole_only: bool, generous: bool) -> Json:
    """A line of one to seven units; where people are generous, extras are many and mostly for any use."""
    firm = rng.choice((1, 1, 1, 2, 2, 3, 3, 4, 5, 7))
    return {
        "id": line_id,
        "household": f"h{rng.randint(1, 9)}",
        "placed_at": rng.choice(TIMES),
        "raised": random_raised(rng, firm),
        "offer": offer["id"],
        "firm": firm,
        "flexible": rng.choice((0, 1, 2, 4, 6, 9) if generous else (0, 0, 0, 1, 1, 2, 3, 5)),
        "flexible_for": rng.choice(("case", "price", "order", "order") if generous else ("case", "price", "order")),
        "max_unit_price": random_limit(rng, offer["ladder"]),
        "whole_only": whole_only and rng.random() < 0.3,
        "extra_taken": rng.choice((0, 0, 1, 2, 3)),
    }


def worth_of(offers: list[Json], lines: list[Json]) -> int:
    """About what the lines are worth at the first step's cost, in minor units: minimums are drawn around it."""
    cost = {offer["id"]: int(offer["ladder"][0]["cost"].replace(".", "")) for offer in offers}
    return sum(cost[line["offer"]] * line["firm"] for line in lines if line["offer"] in cost)


def random_merchant(rng: random.Random, *, merchant_id: str, worth: int, digits: int, minimums: bool) -> Json:
    if not minimums or rng.random() < 0.25:
        return {"id": merchant_id, "minimum_order_value": money(0, digits), "small_order_fee": None}
    minimum = max(1, worth * rng.choice((50, 70, 80, 90, 95, 100, 105, 110, 120, 130, 150, 200)) // 100)
    fee = rng.choice((None, None, None, 0, 1, 3, 10, 50, 300))
    return {
        "id": merchant_id,
        "minimum_order_value": money(minimum, digits),
        "small_order_fee": None if fee is None else money(fee, digits),
    }


def random_window(rng: random.Random, *, splits: bool = True, whole_only: bool = True, minimums: bool = True) -> Json:
    """One window with one to three merchants, one to five offers and up to six lines per offer, in no special order.

    Every fourth window is a "puzzle": one merchant with several small offers of like prices and generous lines, so
    that many combinations reach the minimum and only the last criteria tell them apart.
    """
    currency, digits = rng.choice((("EUR", 2), ("EUR", 2), ("EUR", 2), ("JPY", 0)))
    puzzle = minimums and rng.random() < 0.25
    merchant_ids = ["m1"] if puzzle else [f"m{n}" for n in range(1, rng.choice((1, 1, 1, 2, 3)) + 1)]
    # Ids are compared as text: "o10" comes before "o2".
    numbers = rng.sample((1, 2, 9, 10, 20), rng.choice((2, 3, 3, 4, 5) if puzzle else (1, 1, 2, 2, 3, 4)))
    offers = [
        random_offer(rng, offer_id=f"o{n}", merchant_id=rng.choice(merchant_ids), digits=digits, splits=splits)
        for n in numbers
    ]
    if puzzle:
        for offer in offers:
            offer["ladder"] = puzzle_ladder(rng, digits)
            offer["case"] = rng.choice((1, 2, 3, 4))
    per_offer = (1, 1, 2) if puzzle else (0, 1, 1, 2, 2, 3, 3, 4, 6)
    offer_of_line = [offer for offer in offers for _ in range(rng.choice(per_offer))]
    rng.shuffle(offer_of_line)
    generous = puzzle or rng.random() < 0.4
    lines = [
        random_line(rng, line_id=f"l{n}", offer=offer, whole_only=whole_only, generous=generous)
        for n, offer in enumerate(offer_of_line, start=1)
    ]
    merchants = []
    for merchant_id in merchant_ids:
        worth = worth_of([offer for offer in offers if offer["merchant"] == merchant_id], lines)
        merchants.append(random_merchant(rng, merchant_id=merchant_id, worth=worth, digits=digits, minimums=minimums))
    for rows in (merchants, offers, lines):
        rng.shuffle(rows)
    return {
        "window": f"w{rng.randint(1, 99)}",
        "currency": currency,
        "merchants": merchants,
        "offers": offers,
        "lines": lines,
    }


def puzzle_ladder(rng: random.Random, digits: int) -> list[Json]:
    """One or two low steps with prices out of three values, so that different combinations often cost the same."""
    steps = rng.choice((1, 2, 2))
    costs, prices = rng.choice(((3, 2), (2, 1), (3, 1))), rng.choice(((4, 2), (4, 3), (6, 4), (6, 3)))
    return [
        {"from": start, "cost": money(cost, digits), "unit_price": money(price, digits)}
        for start, cost, price in list(zip((rng.choice((1, 2)), rng.choice((3, 4, 5))), costs, prices, strict=True))[
            :steps
        ]
    ]


def window_of_seed(seed: int, **kinds: bool) -> Json:
    """The random window with this number."""
    return random_window(random.Random(seed), **kinds)
