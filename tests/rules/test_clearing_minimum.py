"""Closing, 4: a merchant's minimum order value, worked out by hand."""

from marketplace.rules.clearing.reasons import OfferReason, OrderReason
from marketplace.rules.clearing.terms import Consent, WindowTerms
from tests.rules.clearing_builders import cleared, line, offer, shares, window


def ordered(terms: WindowTerms, *lines: object) -> dict[object, tuple[int, int | None]]:
    outcomes = cleared(terms, *lines).outcomes  # type: ignore[arg-type]
    return {name: (outcome.ordered, outcome.unit_price) for name, outcome in outcomes.items()}


def test_an_order_of_exactly_the_minimum_is_sent() -> None:
    result = cleared(window(offer(), minimum=500), line("a", 5))
    order = result.merchants["m1"]
    assert (order.reason, order.value, order.total, order.small_order_fee) == (OrderReason.MINIMUM_MET, 500, 500, None)


def test_below_the_minimum_without_a_fee_nothing_is_ordered() -> None:
    result = cleared(window(offer(), minimum=501), line("a", 5))
    assert result.outcomes["o1"].reason is OfferReason.BELOW_MINIMUM_ORDER_VALUE
    assert result.purchase_orders == []
    assert result.merchants["m1"].reason is OrderReason.BELOW_MINIMUM_ORDER_VALUE
    assert result.exceptions == {}


def test_below_the_minimum_with_a_fee_the_first_solution_goes_with_it() -> None:
    order = cleared(window(offer(), minimum=501, fee=80), line("a", 5)).merchants["m1"]
    assert (order.reason, order.value, order.total, order.small_order_fee) == (
        OrderReason.SMALL_ORDER_FEE,
        500,
        580,
        80,
    )


def test_a_merchant_with_nothing_reached_gets_no_order_and_no_fee() -> None:
    result = cleared(window(offer((9, 100, 150)), minimum=501, fee=80), line("a", 5))
    assert result.merchants["m1"].reason is OrderReason.NOTHING_REACHED
    assert result.outcomes["o1"].reason is OfferReason.BELOW_MINIMUM


def test_order_consent_is_used_as_far_as_needed() -> None:
    terms = window(offer(), minimum=700)
    assert shares(terms, line("a", 5, 3, Consent.ORDER), line("b", 0 + 1, 9, Consent.PRICE)) == {
        "a": (6, "extra_for_order"),
        "b": (1, "in_full"),
    }


def test_order_consent_does_not_pass_the_cap() -> None:
    assert not cleared(window(offer(cap=6), minimum=700), line("a", 5, 3, Consent.ORDER)).purchase_orders


def test_the_cheapest_extra_units_are_taken() -> None:
    # 5 * 100 + 5 * 100 = 1,000 of 1,200; two units more: of o2, which is cheaper per unit for the households.
    terms = window(offer((1, 100, 150), named="o1"), offer((1, 100, 140), named="o2"), minimum=1200)
    lines = [line(name, 5, 4, Consent.ORDER, offer=name) for name in ("o1", "o2")]
    assert ordered(terms, *lines) == {"o1": (5, 150), "o2": (7, 140)}


def test_equal_combinations_are_decided_by_the_smaller_quantity_in_the_order_of_ids() -> None:
    terms = window(offer(named="o2"), offer(named="o1"), minimum=1200)
    lines = [line(name, 5, 4, Consent.ORDER, offer=name) for name in ("o1", "o2")]
    assert ordered(terms, *lines) == {"o1": (5, 150), "o2": (7, 150)}


def test_an_earlier_step_raises_the_value_when_nobody_leaves() -> None:
    # At step 2: 10 * 90 = 900. At step 1: 10 * 100 = 1,000 with everybody served.
    terms = window(offer((1, 100, 150), (10, 90, 140)), minimum=950)
    assert ordered(terms, line("a", 10)) == {"o1": (10, 150)}


def test_serving_more_firm_units_comes_before_the_price() -> None:
    # o1 at step 1 loses b (limit 140); the extra of o2 keeps everybody, though dearer.
    terms = window(offer((1, 100, 150), (10, 50, 140)), offer((1, 100, 900), named="o2"), minimum=800)
    lines = [line("a", 8), line("b", 2, limit=140), line("c", 2, 9, Consent.ORDER, offer="o2")]
    assert ordered(terms, *lines) == {"o1": (10, 140), "o2": (3, 900)}


def test_the_fee_is_taken_when_the_combination_serves_fewer_or_costs_as_much() -> None:
    fewer = window(offer((1, 100, 150), (10, 50, 140)), minimum=800, fee=10_000)
    lines = [line("a", 8), line("b", 2, limit=140)]
    assert ordered(fewer, *lines) == {"o1": (10, 140)}  # step 1 alone would be 8 * 100, without b
    one_more = [line("a", 5, 1, Consent.ORDER)]
    assert cleared(window(offer(), minimum=600, fee=150), *one_more).merchants["m1"].small_order_fee == 150
    assert cleared(window(offer(), minimum=600, fee=151), *one_more).merchants["m1"].small_order_fee is None
    assert cleared(window(offer(), minimum=600, fee=151), *one_more).outcomes["o1"].ordered == 6


def test_the_full_case_is_an_option_where_a_split_was_cheaper() -> None:
    # Rule 2 takes the split 8; W = 12 needs 4 extras, which consent to the case only.
    terms = window(offer(case=12, splittable=True), minimum=1000)
    assert ordered(terms, line("a", 8, 4, Consent.CASE)) == {"o1": (12, 150)}


def test_released_lines_are_back_in_the_search() -> None:
    # First solution: b (whole_only) would get 4 of 6 of the case of 12 and is released; a, c fill 8 of 4s: split 8.
    terms = window(offer(case=12, multiple=4, splittable=True, split_fee=0), minimum=1500)
    lines = [line("a", 8, 2, Consent.ORDER, at=1), line("b", 6, at=2, whole_only=True)]
    # all 14: split 16 needs 2 extras (below the multiple of 4): feasible, nobody is released.
    assert ordered(terms, *lines) == {"o1": (16, 150)}
    short = window(offer(case=12), minimum=2300)
    lines = [line("a", 8, 10, Consent.ORDER, at=1), line("b", 7, at=2, whole_only=True)]
    assert ordered(short, *lines) == {"o1": (24, 150)}


def test_a_step_alone_releases_its_own_whole_only_lines() -> None:
    # Step 2 alone: all take part, 20 of cap 20. Step 1 alone: b leaves by its limit and the rest is 15.
    terms = window(offer((1, 100, 150), (18, 80, 140), cap=20), minimum=1650)
    lines = [line("a", 9, at=1), line("b", 5, at=2, limit=140), line("c", 8, at=3, whole_only=True)]
    # First: 22 reserved, cap 20: b (limited) gets 3, c all 8. 20 * 80 = 1,600 < 1,650. Step 1: 17 * 100 = 1,700.
    assert ordered(terms, *lines) == {"o1": (17, 150)}


def test_a_stock_offer_has_no_order_and_no_minimum() -> None:
    terms = window(offer(merchant=None), minimum=10_000)
    result = cleared(terms, line("a", 2))
    assert result.outcomes["o1"].ordered == 2
    assert result.purchase_orders == []


def test_the_split_fee_is_in_the_total_but_does_not_count_towards_the_minimum() -> None:
    split = offer(case=12, splittable=True, split_fee=40)
    order = cleared(window(split, minimum=700), line("a", 7)).merchants["m1"]
    assert (order.value, order.total, order.lines[0].whole_cases, order.lines[0].split) == (700, 740, 0, True)
    assert not cleared(window(split, minimum=701), line("a", 7)).purchase_orders


def test_a_step_that_its_split_fee_kept_out_may_still_be_made_with_order_consent() -> None:
    # Step 2: a split of 5 is worth 5 * 20 < 150, so the first solution is step 1. From order consent 6 go at 20.
    split = offer((3, 80, 40), (4, 70, 20), case=12, splittable=True, split_fee=150)
    assert ordered(window(split, minimum=420), line("a", 5, 1, Consent.ORDER)) == {"o1": (6, 20)}
