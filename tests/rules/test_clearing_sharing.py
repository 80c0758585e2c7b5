"""Closing, 3: the quick ways to share equal handing out one unit at a time."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.rules.clearing.sharing import TimedUnits, by_turns, first_come, proportionally
from tests.rules.clearing_builders import NOON

BASINS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6)), min_size=1, max_size=7)


def tie(index: int) -> bytes:
    return bytes([(index * 89 + 31) % 251])


def unit_by_unit(quantity: int, bounds: list[int], order: Callable[[int, int], object]) -> list[int]:
    got = [0] * len(bounds)
    for _unit in range(quantity):
        open_wishes = [i for i, bound in enumerate(bounds) if got[i] < bound]
        if not open_wishes:
            break
        got[min(open_wishes, key=lambda i: order(i, got[i]))] += 1  # type: ignore[arg-type, return-value]
    return got


@pytest.mark.slow
@given(basins=BASINS, quantity=st.integers(0, 60))
def test_by_turns_gives_each_unit_to_the_one_with_the_least(basins: list[tuple[int, int]], quantity: int) -> None:
    starts, bounds = [start for start, _bound in basins], [bound for _start, bound in basins]
    expected = unit_by_unit(quantity, bounds, lambda i, got: (starts[i] + got, tie(i)))
    assert by_turns(quantity, bounds, tie, starts) == expected


@pytest.mark.slow
@given(
    parts=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(1, 4)), min_size=1, max_size=9),
    quantity=st.integers(0, 40),
)
def test_first_come_gives_units_in_the_order_of_their_times(parts: list[tuple[int, int, int]], quantity: int) -> None:
    units = [TimedUnits(NOON + timedelta(minutes=at), wish, count) for at, wish, count in parts]
    single = sorted((part.at, tie(part.wish), part.wish) for part in units for _unit in range(part.units))
    expected = [0] * 5
    for _at, _tie, wish in single[:quantity]:
        expected[wish] += 1
    assert first_come(quantity, units, 5, tie) == expected


@pytest.mark.slow
@given(bounds=st.lists(st.integers(1, 9), min_size=1, max_size=7), quantity=st.integers(0, 50))
def test_proportional_gives_whole_parts_then_the_largest_remainders(bounds: list[int], quantity: int) -> None:
    quantity = min(quantity, sum(bounds))
    exact = [Fraction(bound * quantity, sum(bounds)) for bound in bounds]
    expected = [int(part) for part in exact]
    order = sorted(range(len(bounds)), key=lambda i: (int(exact[i]) - exact[i], tie(i)))
    for index in order[: quantity - sum(expected)]:
        expected[index] += 1
    assert proportionally(quantity, bounds, tie) == expected


def test_a_million_units_are_shared_without_counting_them() -> None:
    assert by_turns(10**12, [10**12, 5], tie) == [10**12 - 5, 5]
