"""Closing, 1 and 2: which quantity is ordered, at which step, worked out by hand."""

import pytest

from marketplace.rules.clearing.reasons import OfferReason
from marketplace.rules.clearing.terms import Consent, OfferTerms
from tests.rules.clearing_builders import cleared, line, offer


def ordered(terms: OfferTerms, *lines: object) -> tuple[int, int | None]:
    outcome = cleared(terms, *lines).outcomes["o1"]  # type: ignore[arg-type]
    return outcome.ordered, outcome.unit_price


def test_an_open_case_is_not_ordered() -> None:
    assert ordered(offer(case=12), line("a", 31)) == (24, 150)


def test_flexible_units_fill_the_case_when_there_are_enough_of_them() -> None:
    assert ordered(offer(case=12), line("a", 31, 5)) == (36, 150)
    assert ordered(offer(case=12), line("a", 31, 4)) == (24, 150)


def test_the_hub_fills_no_more_than_its_promise_and_the_last_quarter() -> None:
    assert ordered(offer(case=12, hub_flexible=9), line("a", 9)) == (12, 150)
    assert ordered(offer(case=12, hub_flexible=9), line("a", 8)) == (0, None)
    assert ordered(offer(case=12, hub_flexible=2), line("a", 9)) == (0, None)
    assert ordered(offer(case=3, hub_flexible=2), line("a", 2)) == (0, None)  # a quarter of 3 is no unit


def test_the_hub_comes_after_the_flexible_units() -> None:
    outcome = cleared(offer(case=12, hub_flexible=3), line("a", 8, 2)).outcomes["o1"]
    assert (outcome.ordered, outcome.served, outcome.extras, outcome.hub) == (12, 8, 2, 2)


def test_consent_for_the_case_alone_makes_no_further_case_for_a_step() -> None:
    steps = ((6, 100, 150), (24, 90, 140))
    assert ordered(offer(*steps, case=6), line("a", 12, 12, Consent.CASE)) == (12, 150)
    assert ordered(offer(*steps, case=6), line("a", 12, 12, Consent.PRICE)) == (24, 140)
    assert ordered(offer(*steps, case=6), line("a", 12, 11, Consent.PRICE)) == (12, 150)


def test_the_hub_does_not_make_a_step() -> None:
    assert ordered(offer((1, 100, 150), (9, 90, 140), hub_flexible=9), line("a", 8)) == (8, 150)


def test_extras_that_fill_a_case_may_make_the_step_with_it() -> None:
    assert ordered(offer((1, 100, 150), (12, 90, 140), case=12), line("a", 7, 5)) == (12, 140)


def test_a_limit_below_the_price_does_not_take_part() -> None:
    steps = ((1, 100, 150), (10, 90, 140))
    assert ordered(offer(*steps), line("a", 6), line("b", 4, limit=140)) == (10, 140)
    assert ordered(offer(*steps), line("a", 6), line("b", 4, limit=139)) == (6, 150)
    assert ordered(offer(*steps), line("a", 6), line("b", 3, limit=140)) == (6, 150)


def test_a_split_quantity_is_taken_when_its_fee_is_no_more_than_what_the_case_costs_beyond_it() -> None:
    # 31 wanted, 5 flexible: W = 36 at cost 100 is 500 above S = 31.
    assert ordered(offer(case=12, splittable=True, split_fee=500), line("a", 31, 5)) == (31, 150)
    assert ordered(offer(case=12, splittable=True, split_fee=501), line("a", 31, 5)) == (36, 150)


def test_without_a_full_case_a_split_must_be_worth_its_fee_in_units_sold() -> None:
    # V = 24, S = 31: 7 units at price 150 are 1,050.
    assert ordered(offer(case=12, splittable=True, split_fee=1050), line("a", 31)) == (31, 150)
    assert ordered(offer(case=12, splittable=True, split_fee=1051), line("a", 31)) == (24, 150)


def test_a_split_is_ordered_in_its_multiple_and_filled_by_case_consent() -> None:
    in_fours = {"case": 12, "multiple": 4, "splittable": True}
    assert ordered(offer(**in_fours), line("a", 31)) == (28, 150)
    assert ordered(offer(**in_fours), line("a", 31, 1)) == (32, 150)


def test_the_cap_bounds_the_quantity_and_a_case_may_lower_it_further() -> None:
    assert ordered(offer(cap=10), line("a", 31)) == (10, 150)
    assert ordered(offer(case=12, cap=30), line("a", 31)) == (24, 150)
    assert ordered(offer(cap=0), line("a", 31)) == (0, None)


@pytest.mark.parametrize(
    ("terms", "lines", "reason"),
    [
        (offer(), [], OfferReason.NO_DEMAND),
        (offer(), [line("a", 1, limit=10), line("b", 1, limit=149)], OfferReason.LIMITS_BELOW_PRICE),
        (offer(case=12, cap=11), [line("a", 20)], OfferReason.CAP_TOO_LOW),
        (offer((5, 100, 150)), [line("a", 4)], OfferReason.BELOW_MINIMUM),
        (offer(case=12), [line("a", 11)], OfferReason.NO_FULL_CASE),
        (offer(case=12, splittable=True, split_fee=10**6), [line("a", 11)], OfferReason.SPLIT_FEE_TOO_HIGH),
        (offer(), [line("a", 1)], OfferReason.REACHED),
    ],
)
def test_every_outcome_has_its_reason(terms: OfferTerms, lines: list[object], reason: OfferReason) -> None:
    assert cleared(terms, *lines).outcomes["o1"].reason is reason  # type: ignore[arg-type]
