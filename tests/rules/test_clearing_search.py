"""Closing, 4: the search finds the same combination as trying them all."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.rules.clearing.search import Candidate, best_combination

CANDIDATES = st.builds(Candidate, st.integers(0, 12), st.integers(0, 4), st.integers(0, 12), st.integers(0, 5))
OFFERS = st.lists(st.lists(CANDIDATES, min_size=1, max_size=5), min_size=1, max_size=4)


def tried_all(minimum: int, offers: list[list[Candidate]]) -> list[int] | None:
    best: tuple[int, int, int, tuple[int, ...]] | None = None
    for indexes in product(*(range(len(options)) for options in offers)):
        chosen = [options[index] for options, index in zip(offers, indexes, strict=True)]
        if sum(option.value for option in chosen) >= minimum:
            served, price = sum(option.firm_served for option in chosen), sum(option.price for option in chosen)
            key = (-served, price, sum(option.units for option in chosen), indexes)
            best = key if best is None else min(best, key)
    return None if best is None else list(best[3])


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(minimum=st.integers(1, 40), offers=OFFERS)
def test_the_search_finds_what_trying_all_finds(minimum: int, offers: list[list[Candidate]]) -> None:
    assert best_combination(minimum, offers) == tried_all(minimum, offers)


ALIKE = st.builds(
    lambda units, cost: Candidate(units * cost, 3, 2 * units * cost, units), st.integers(1, 6), st.integers(2, 5)
)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(minimum=st.integers(1, 120), offers=st.lists(st.lists(ALIKE, min_size=1, max_size=5), min_size=1, max_size=5))
def test_ties_of_uniform_markups_are_decided_as_by_trying_all(minimum: int, offers: list[list[Candidate]]) -> None:
    assert best_combination(minimum, offers) == tried_all(minimum, offers)


@pytest.mark.slow
def test_a_hundred_offers_with_the_same_markup_hit_the_minimum_exactly() -> None:
    offers = [[Candidate(n * cost, 30, 2 * n * cost, n) for n in range(30, 150, 6)] for cost in range(100, 600, 5)]
    chosen = best_combination(1_500_000, offers)
    assert chosen is not None
    assert sum(options[index].value for options, index in zip(offers, chosen, strict=True)) == 1_500_000


@pytest.mark.slow
def test_a_hundred_offers_and_a_large_minimum_are_searched_without_trying_them_all() -> None:
    """600,000 of at most 627,750 with 6 ** 100 combinations."""
    offers = [
        [Candidate(units * cost, 40, units * (2 * cost + 7 * cost % 31), units) for units in range(40, 46)]
        for cost in range(90, 190)
    ]
    chosen = best_combination(600_000, offers)
    assert chosen is not None
    assert sum(options[index].value for options, index in zip(offers, chosen, strict=True)) >= 600_000
    assert best_combination(627_750, offers) == [5] * 100
    assert best_combination(627_751, offers) is None
