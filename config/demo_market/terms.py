"""Suggested offer terms of a product, by rule from its price and the households' pooled weekly demand.

Nothing is random: where products should differ from each other, a hash of the source's product id decides.
The rules are told in SOURCE.md.
"""

import hashlib
from collections.abc import Sequence

CASES = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24)
SHORTAGE_RULES = ("max_min", "proportional", "first_come")
POPULAR = 20
Step = tuple[int, int, int]


def suggest_terms(
    *, product_id: int, price: int, weekly: Sequence[int], fresh: bool, storage: str
) -> dict[str, object]:
    """Case, ladder (from, cost, unit price in cents), cap, split terms, shortage rule and hub units of one product.

    `weekly` holds the units that all households want per week; `price` is in cents.
    """
    ordered = sorted(weekly)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) // 2
    draw = int(hashlib.sha256(str(product_id).encode()).hexdigest(), 16)
    case, least = _case_and_least(draw % 100, middle, ordered)
    cap = None
    if fresh and middle >= 4 and (draw // 100) % 4 == 0:
        cap = max(least, middle * 4 // 5 // case * case)
    ladder = _ladder(price, case, least, middle, ordered[-1])
    if cap is not None:
        ladder = [step for step in ladder if step[0] <= cap]
    splittable = case >= 4 and (draw // 1000) % 4 == 0
    return {
        "case": case,
        "minimum": least,
        "ladder": ladder,
        "splittable": splittable,
        "multiple": 2 if splittable and case % 4 == 0 and (draw // 10_000) % 2 else 1,
        "split_fee": max(20, case * ladder[0][1] * 4 // 1000 * 10) if splittable else 0,
        "cap": cap,
        "shortage_rule": SHORTAGE_RULES[(draw // 100_000) % 3],
        "hub_flexible": case // 4 if storage != "chilled" and (draw // 1_000_000) % 3 == 0 else 0,
    }


def _case_and_least(draw: int, middle: int, ordered: Sequence[int]) -> tuple[int, int]:
    """Three kinds of offer: easily reached (draw below 62, or popular), on the edge (below 82), rarely reached."""
    if draw < 62 or middle >= POPULAR:
        case = max((size for size in CASES if 10 * size <= 6 * middle), default=1)
        return case, max(case, ordered[1] // case * case)
    wanted = max(2, middle) if draw < 82 else max(2, (middle * 3 + 1) // 2)
    case = min((size for size in CASES if size >= wanted), default=CASES[-1])
    return case, case * max(1, -(-wanted // case))


def _ladder(price: int, case: int, least: int, middle: int, high: int) -> list[Step]:
    """Up to three steps (two for slow products), starting at what a middling and a strong week bring."""
    steps: list[Step] = [(least, price * 82 // 100, price)]
    for target in (middle, high) if middle >= 3 else (high,):
        before, cost, unit_price = steps[-1]
        start = max(before + case, -(-target // case) * case)
        # The merchant must not earn less at the step than one case before it.
        lower_cost = max(cost * 95 // 100, -(-(start - case) * cost // start))
        lower_price = min(unit_price - 1, unit_price * 95 // 100)
        if not 0 < lower_cost < cost or lower_price < lower_cost:
            continue
        steps.append((start, lower_cost, lower_price))
    return steps
