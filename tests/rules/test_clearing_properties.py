"""What must hold for every closing, whatever the window: conservation, limits, order-independence, monotony.

Hypothesis drives the generator of small random windows, so a failing window is shrunk to a small one.
"""

import copy
import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.clearing_door import cleared
from tests.rules.random_windows import Json, random_line, random_window

sources = st.randoms(use_true_random=False)
a_few = settings(max_examples=15, deadline=None)


def allocated_lines(window: Json, answer: Json, offer_id: str) -> list[tuple[Json, Json]]:
    """The (line, allocation) pairs of one offer."""
    line_of = {line["id"]: line for line in window["lines"]}
    pairs = [(line_of[allocation["line"]], allocation) for allocation in answer["allocations"]]
    return [(line, allocation) for line, allocation in pairs if line["offer"] == offer_id]


def reached(window: Json, answer: Json) -> list[tuple[Json, Json]]:
    """The (offer, answer's row) pairs of the offers that were reached."""
    row_of = {row["id"]: row for row in answer["offers"]}
    return [(offer, row_of[offer["id"]]) for offer in window["offers"] if row_of[offer["id"]]["reached"]]


def step_of(offer: Json, row: Json) -> Json:
    (step,) = (step for step in offer["ladder"] if Decimal(step["unit_price"]) == Decimal(row["unit_price"]))
    return dict(step)


@a_few
@given(sources)
def test_every_ordered_unit_goes_to_a_line_or_to_the_hub(source: random.Random) -> None:
    window = random_window(source)
    answer = cleared(window)
    for offer, row in reached(window, answer):
        given_out = sum(allocation["quantity"] for _, allocation in allocated_lines(window, answer, offer["id"]))
        assert given_out + row["hub"] == row["ordered"] > 0
    offers_with_allocations = {
        line["offer"] for line in window["lines"] if any(a["line"] == line["id"] for a in answer["allocations"])
    }
    assert offers_with_allocations <= {offer["id"] for offer, _ in reached(window, answer)}


@a_few
@given(sources)
def test_an_order_costs_its_units_plus_one_fee_per_opened_case_and_a_small_order_fee_only_below_the_minimum(
    source: random.Random,
) -> None:
    window = random_window(source)
    answer = cleared(window)
    totals = {order["merchant"]: Decimal(order["total"]) for order in answer["purchase_orders"]}
    for merchant in window["merchants"]:
        own = [pair for pair in reached(window, answer) if pair[0]["merchant"] == merchant["id"]]
        if not own:
            assert merchant["id"] not in totals
            continue
        goods = sum(row["ordered"] * Decimal(step_of(offer, row)["cost"]) for offer, row in own)
        split_fees = sum(Decimal(offer["split_fee"]) for offer, row in own if row["split"])
        minimum, fee = Decimal(merchant["minimum_order_value"]), merchant["small_order_fee"]
        assert goods >= minimum or fee is not None
        assert totals[merchant["id"]] == goods + split_fees + (Decimal(fee) if goods < minimum else 0)


@a_few
@given(sources)
def test_nobody_pays_more_than_the_limit_or_at_most_and_the_charge_is_quantity_times_price(
    source: random.Random,
) -> None:
    window = random_window(source)
    answer = cleared(window)
    for offer, row in reached(window, answer):
        price = Decimal(row["unit_price"])
        assert price <= Decimal(offer["ladder"][0]["unit_price"])
        for line, allocation in allocated_lines(window, answer, offer["id"]):
            assert line["max_unit_price"] is None or price <= Decimal(line["max_unit_price"])
            assert Decimal(allocation["charged"]) == allocation["quantity"] * price


@a_few
@given(sources)
def test_an_ordered_quantity_keeps_to_the_step_the_cap_and_the_case_or_multiple(source: random.Random) -> None:
    window = random_window(source)
    for offer, row in reached(window, cleared(window)):
        assert row["ordered"] >= step_of(offer, row)["from"]
        assert offer["cap"] is None or row["ordered"] <= offer["cap"]
        if row["split"]:
            assert offer["splittable"]
            assert row["ordered"] % offer["case"] != 0
            assert row["ordered"] % offer["multiple"] == 0
        else:
            assert row["ordered"] == row["whole_cases"] * offer["case"]


@a_few
@given(sources)
def test_all_or_nothing_lines_are_never_cut_and_nobody_gets_more_than_they_agreed_to(source: random.Random) -> None:
    window = random_window(source)
    answer = cleared(window)
    for offer, _ in reached(window, answer):
        for line, allocation in allocated_lines(window, answer, offer["id"]):
            assert 0 < allocation["quantity"] <= line["firm"] + line["flexible"]
            assert not line["whole_only"] or allocation["quantity"] >= line["firm"]


@a_few
@given(sources)
def test_extras_are_given_only_for_a_use_that_the_household_agreed_to(source: random.Random) -> None:
    """More extras than complete a case or multiple are for the price at least: "case" consent does not take them."""
    window = random_window(source)
    answer = cleared(window)
    for offer, row in reached(window, answer):
        pairs = allocated_lines(window, answer, offer["id"])
        extras = row["ordered"] - sum(line["firm"] for line, _ in pairs)
        completes = extras < (offer["multiple"] if row["split"] else offer["case"])
        for line, allocation in pairs:
            if allocation["quantity"] > line["firm"]:
                assert extras > 0
                assert completes or line["flexible_for"] != "case"


@a_few
@given(sources)
def test_the_hub_fills_at_most_the_last_quarter_of_a_case_and_only_after_everybody_else(
    source: random.Random,
) -> None:
    window = random_window(source)
    answer = cleared(window)
    for offer, row in reached(window, answer):
        assert 0 <= row["hub"] <= min(offer["hub_flexible"], offer["case"] // 4)
        if row["hub"]:
            assert not row["split"]
            for line, allocation in allocated_lines(window, answer, offer["id"]):
                assert allocation["quantity"] == line["firm"] + line["flexible"]


@a_few
@given(sources)
def test_the_order_of_lines_offers_and_merchants_does_not_matter(source: random.Random) -> None:
    window = random_window(source)
    shuffled = copy.deepcopy(window)
    for rows in (shuffled["merchants"], shuffled["offers"], shuffled["lines"]):
        source.shuffle(rows)
    assert by_id(cleared(shuffled)) == by_id(cleared(window))


def by_id(answer: Json) -> Json:
    """The answer with its rows sorted by id, because they may follow the order of the file."""
    return {
        "offers": sorted(answer["offers"], key=lambda row: str(row["id"])),
        "purchase_orders": sorted(answer["purchase_orders"], key=lambda row: str(row["merchant"])),
        "allocations": sorted(answer["allocations"], key=lambda row: str(row["line"])),
    }


def with_another_line(source: random.Random, window: Json) -> Json:
    more = copy.deepcopy(window)
    offer = source.choice(more["offers"])
    more["lines"].append(random_line(source, line_id="l99", offer=offer, whole_only=False, generous=False))
    return more


@a_few
@given(sources)
def test_another_line_never_makes_a_reached_offer_unreached_without_splits_and_whole_only(
    source: random.Random,
) -> None:
    window = random_window(source, splits=False, whole_only=False)
    before = {offer["id"] for offer, _ in reached(window, cleared(window))}
    more = with_another_line(source, window)
    assert before <= {offer["id"] for offer, _ in reached(more, cleared(more))}


@a_few
@given(sources)
def test_another_line_never_raises_a_price_without_splits_whole_only_and_minimum_order_value(
    source: random.Random,
) -> None:
    window = random_window(source, splits=False, whole_only=False, minimums=False)
    before = {offer["id"]: Decimal(row["unit_price"]) for offer, row in reached(window, cleared(window))}
    more = with_another_line(source, window)
    after = {offer["id"]: Decimal(row["unit_price"]) for offer, row in reached(more, cleared(more))}
    for offer_id, price in before.items():
        assert after[offer_id] <= price


PROPERTIES = [prop for name, prop in sorted(globals().items()) if name.startswith("test_")]


@pytest.mark.slow
@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.__name__)
def test_the_property_also_holds_for_hundreds_of_other_windows(prop: Any) -> None:
    for seed in range(700):
        prop.hypothesis.inner_test(random.Random(seed))
