"""Closing, 3: who gets it. Worked out by hand; where a hash decides, it is computed here once more."""

from hashlib import sha256
from itertools import permutations

from marketplace.rules.clearing.terms import Consent, ShortageRule
from tests.rules.clearing_builders import cleared, line, offer, shares


def smaller_hash(*names: str) -> str:
    return min(names, key=lambda name: sha256(f"w1:{name}".encode()).hexdigest())


def test_everybody_gets_the_firm_quantity_and_extras_go_where_least_was_taken() -> None:
    lines = [line("a", 3, 2, extra_taken=1), line("b", 3, 2), line("c", 2)]
    assert (
        shares(offer(case=5), *lines)
        == {
            "a": (3, "in_full"),
            "b": (5, "extra_for_case"),  # b has taken 0, then 1 like a: the hash decides the second unit
            "c": (2, "in_full"),
        }
        or smaller_hash("a", "b") == "a"
    )
    assert shares(offer(case=5), line("a", 3, 2, extra_taken=2), *lines[1:])["b"] == (5, "extra_for_case")


def test_the_hash_decides_between_equal_takers_of_an_extra() -> None:
    got = shares(offer(case=5), line("a", 2, 1), line("b", 2, 1))
    assert got[smaller_hash("a", "b")] == (3, "extra_for_case")
    assert sum(quantity for quantity, _reason in got.values()) == 5


def test_extras_for_a_price_go_only_to_those_who_consented_to_it() -> None:
    got = shares(
        offer((1, 100, 150), (10, 90, 140)),
        line("a", 4, 9, Consent.CASE),
        line("b", 4, 2, Consent.PRICE, extra_taken=9),
    )
    assert got == {"a": (4, "in_full"), "b": (6, "extra_for_price")}


def test_the_latest_units_wait_when_a_case_stays_open_whatever_the_shortage_rule() -> None:
    lines = [line("a", 5, at=1, raised=[(9, 2)]), line("b", 5, at=2), line("c", 5, at=3)]
    for rule in ShortageRule:
        assert shares(offer(case=12, shortage_rule=rule), *lines) == {
            "a": (3, "waiting_case_open"),  # 3 of the first minute; the 2 raised last lose
            "b": (5, "in_full"),
            "c": (4, "waiting_case_open"),
        }


def test_lines_without_a_limit_are_served_before_those_with_one() -> None:
    terms = offer((1, 100, 150), (5, 90, 140), cap=8, shortage_rule=ShortageRule.FIRST_COME)
    got = shares(terms, line("a", 6, at=5), line("b", 6, at=1, limit=145), line("c", 1, at=9, limit=150))
    assert got == {"a": (6, "in_full"), "b": (1, "short_cap"), "c": (1, "in_full")}  # a limit of p1 is none


def test_max_min_raises_the_smallest_first() -> None:
    got = shares(offer(cap=10), line("a", 2), line("b", 4), line("c", 9))
    assert got == {"a": (2, "in_full"), "b": (4, "in_full"), "c": (4, "short_cap")}


def test_proportional_gives_whole_parts_then_largest_remainders() -> None:
    # 10 of 15: 1.33, 2.67, 6.00
    got = shares(offer(cap=10, shortage_rule=ShortageRule.PROPORTIONAL), line("a", 2), line("b", 4), line("c", 9))
    assert got == {"a": (1, "short_cap"), "b": (3, "short_cap"), "c": (6, "short_cap")}


def test_first_come_serves_by_the_time_of_each_unit() -> None:
    terms = offer(cap=10, shortage_rule=ShortageRule.FIRST_COME)
    got = shares(terms, line("a", 6, at=1, raised=[(8, 3)]), line("b", 4, at=2), line("c", 4, at=3))
    assert got == {"a": (3, "short_cap"), "b": (4, "in_full"), "c": (3, "short_cap")}


def test_a_case_below_the_cap_keeps_the_shortage_rule() -> None:
    got = shares(offer(case=6, cap=10), line("a", 9, at=1), line("b", 3, at=2))
    assert got == {"a": (3, "short_cap"), "b": (3, "in_full")}


def test_a_whole_only_line_with_a_part_is_released_and_the_offer_cleared_anew() -> None:
    got = shares(offer(cap=10), line("a", 7), line("b", 7, whole_only=True))
    assert got == {"a": (7, "in_full"), "b": (0, "whole_only_released")}


def test_the_smallest_part_is_released_first_then_the_latest() -> None:
    # max_min of 10: 4, 3, 3 or so; b has the smallest part 3/9 < 3/6, and without b all are served.
    got = shares(offer(cap=10), line("a", 4), line("b", 9, whole_only=True), line("c", 6, whole_only=True))
    assert got == {"a": (4, "in_full"), "b": (0, "whole_only_released"), "c": (6, "in_full")}
    twins = [line("a", 6, at=1, whole_only=True), line("b", 6, at=2, whole_only=True)]
    assert shares(offer(cap=8), *twins) == {"a": (6, "in_full"), "b": (0, "whole_only_released")}
    same = shares(offer(cap=8), line("a", 6, whole_only=True), line("b", 6, whole_only=True))
    assert same[smaller_hash("a", "b")] == (0, "whole_only_released")


def test_a_release_may_lose_the_step_and_then_the_whole_offer() -> None:
    steps = offer((4, 100, 150), (12, 90, 140), case=4)
    lines = [line("a", 9, at=1), line("b", 5, at=2, whole_only=True)]
    # 14 reserved: 12 at step 2, b gets 3 of 5 and is released; 9 remain: 8 at step 1.
    result = cleared(steps, *lines)
    assert (result.outcomes["o1"].ordered, result.outcomes["o1"].unit_price) == (8, 150)
    assert shares(steps, *lines) == {"a": (8, "waiting_case_open"), "b": (0, "whole_only_released")}
    gone = cleared(offer((6, 100, 150), case=6), line("a", 8, whole_only=True))
    assert not gone.outcomes["o1"].reached
    assert gone.exceptions == {}


def test_a_line_whose_limit_is_below_the_price_is_no_exception() -> None:
    result = cleared(offer((1, 100, 150), (10, 90, 140)), line("a", 3), line("b", 3, limit=140))
    assert result.exceptions == {}
    assert shares(offer((1, 100, 150), (10, 90, 140)), line("a", 3), line("b", 3, limit=140))["b"] == (
        0,
        "limit_below_price",
    )


def test_the_order_of_the_lines_changes_nothing() -> None:
    lines = [line("a", 5, at=1), line("b", 5, 2, at=1), line("c", 5, at=1, whole_only=True), line("d", 4, limit=149)]
    expected = cleared(offer((1, 100, 150), (9, 90, 140), case=3, cap=10), *lines)
    for mixed in permutations(lines):
        assert cleared(offer((1, 100, 150), (9, 90, 140), case=3, cap=10), *mixed) == expected
