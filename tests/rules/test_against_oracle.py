"""The clearing of production and the brute-force oracle agree on thousands of small random windows.

Compared is everything that costs money or moves goods; reason codes and the inner form of order lines are not.
"""

from decimal import Decimal

import pytest

from tests.rules.clearing_door import cleared
from tests.rules.oracle import clear_window
from tests.rules.random_windows import Json, window_of_seed

OFFER_KEYS = ("id", "reached", "unit_price", "ordered", "whole_cases", "split", "hub")
ORDER_KEYS = ("merchant", "total")
ALLOCATION_KEYS = ("line", "quantity", "charged")


def comparable(answer: Json) -> Json:
    """The answer's rows by id, reduced to the keys that both sides must agree on."""

    def rows(key: str, kept: tuple[str, ...]) -> list[Json]:
        return sorted(({name: row[name] for name in kept} for row in answer[key]), key=lambda row: str(row[kept[0]]))

    return {
        "offers": rows("offers", OFFER_KEYS),
        "purchase_orders": rows("purchase_orders", ORDER_KEYS),
        "allocations": rows("allocations", ALLOCATION_KEYS),
    }


def assert_agreement(seeds: range) -> None:
    for seed in seeds:
        window = window_of_seed(seed)
        assert comparable(cleared(window)) == comparable(clear_window(window)), f"window_of_seed({seed}): {window}"


def test_the_clearing_agrees_with_the_oracle_on_a_few_hundred_windows() -> None:
    assert_agreement(range(300))


@pytest.mark.slow
@pytest.mark.parametrize("thousand", range(12))
def test_the_clearing_agrees_with_the_oracle_on_ten_thousand_windows(thousand: int) -> None:
    assert_agreement(range(1000 * thousand + 1000, 1000 * thousand + 2000))


@pytest.mark.slow
def test_the_random_windows_are_full_of_edge_cases() -> None:
    """The comparison is worth something only if splits, hub fills, shortages and cut lines are common."""
    seen = {"reached": 0, "not_reached": 0, "split": 0, "hub": 0, "short": 0, "extra": 0, "small_order_fee": 0}
    for seed in range(1000):
        window = window_of_seed(seed)
        answer = clear_window(window)
        line_of = {line["id"]: line for line in window["lines"]}
        for row in answer["offers"]:
            seen["reached" if row["reached"] else "not_reached"] += 1
            seen["split"] += row["split"]
            seen["hub"] += row["hub"] > 0
        for allocation in answer["allocations"]:
            firm = line_of[allocation["line"]]["firm"]
            seen["short"] += allocation["quantity"] < firm
            seen["extra"] += allocation["quantity"] > firm
        seen["small_order_fee"] += fee_was_paid(window, answer)
    assert min(seen.values()) >= 20, seen


def fee_was_paid(window: Json, answer: Json) -> bool:
    """Whether some merchant got an order whose goods alone do not reach its minimum."""
    row_of = {row["id"]: row for row in answer["offers"] if row["reached"]}
    for merchant in window["merchants"]:
        goods = Decimal(0)
        for offer in window["offers"]:
            if offer["merchant"] == merchant["id"] and offer["id"] in row_of:
                row = row_of[offer["id"]]
                (cost,) = (step["cost"] for step in offer["ladder"] if step["unit_price"] == row["unit_price"])
                goods += row["ordered"] * Decimal(cost)
        if 0 < goods < Decimal(merchant["minimum_order_value"]):
            return True
    return False
