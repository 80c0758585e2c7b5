"""What comes instead: the household's order, never above what the line may cost."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.rules.substitutes import Available, Substitution, at_most_for, substitutions

THERE = {1: Available(2, 200), 2: Available(9, 240), 3: Available(9, 260)}


def test_the_best_product_comes_first_and_the_next_fills_up() -> None:
    assert substitutions(missing=5, allowed=[1, 2, 3], available=THERE, at_most=240) == [
        Substitution(1, 2, 200),
        Substitution(2, 3, 240),
    ]
    assert substitutions(missing=5, allowed=[2, 1], available=THERE, at_most=240) == [Substitution(2, 5, 240)]


def test_nothing_above_the_lines_price_and_nothing_that_was_not_allowed() -> None:
    assert substitutions(missing=5, allowed=[3], available=THERE, at_most=240) == []
    assert substitutions(missing=5, allowed=[4], available=THERE, at_most=999) == []
    assert substitutions(missing=0, allowed=[1], available=THERE, at_most=999) == []
    assert (at_most_for(None, 240), at_most_for(200, 240), at_most_for(250, 240)) == (240, 200, 240)


def test_all_or_nothing_comes_from_one_product() -> None:
    assert substitutions(missing=5, allowed=[1, 2], available=THERE, at_most=240, whole_only=True) == [
        Substitution(2, 5, 240)
    ]
    assert substitutions(missing=10, allowed=[1, 2], available=THERE, at_most=240, whole_only=True) == []


@given(
    missing=st.integers(0, 20),
    allowed=st.lists(st.integers(1, 5), unique=True, max_size=5),
    available=st.dictionaries(st.integers(1, 5), st.builds(Available, st.integers(0, 9), st.integers(1, 300))),
    at_most=st.integers(1, 300),
    whole_only=st.booleans(),
)
def test_never_more_than_is_missing_or_there_and_never_dearer(
    missing: int, allowed: list[int], available: dict[int, Available], at_most: int, whole_only: bool
) -> None:
    found = substitutions(missing=missing, allowed=allowed, available=available, at_most=at_most, whole_only=whole_only)
    assert sum(each.units for each in found) <= missing
    assert all(0 < each.units <= available[each.product].units and each.unit_price <= at_most for each in found)
    assert [each.product for each in found] == [p for p in allowed if p in {each.product for each in found}]
