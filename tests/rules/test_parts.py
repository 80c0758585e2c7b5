"""An amount in parts: exact, and the same in every order."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.rules.parts import Part, split

parts_lists = st.lists(
    st.builds(Part, st.integers(1, 10**6), st.integers(1, 100)),
    min_size=1,
    max_size=12,
    unique_by=lambda p: p.household_id,
)


@given(amount=st.integers(0, 10**12), parts=parts_lists, seed=st.integers())
def test_the_parts_add_up_and_do_not_depend_on_the_order(amount: int, parts: list[Part], seed: int) -> None:
    paid = dict(zip(parts, split(amount, parts), strict=True))
    assert sum(paid.values()) == amount
    shuffled = random.Random(seed).sample(parts, len(parts))
    assert dict(zip(shuffled, split(amount, shuffled), strict=True)) == paid


@given(amount=st.integers(0, 10**12), parts=parts_lists)
def test_nobody_is_a_whole_unit_away_from_the_exact_part(amount: int, parts: list[Part]) -> None:
    total = sum(part.parts for part in parts)
    for part, paid in zip(parts, split(amount, parts), strict=True):
        assert abs(paid * total - amount * part.parts) < total


def test_the_odd_cent_goes_to_the_smaller_household_id() -> None:
    assert split(2471, [Part(9, 1), Part(4, 1)]) == [1235, 1236]
    assert split(100, [Part(1, 1), Part(2, 1), Part(3, 1)]) == [34, 33, 33]
    assert split(100, [Part(1, 1), Part(2, 2)]) == [33, 67]


@pytest.mark.parametrize(
    ("amount", "parts"), [(-1, [Part(1, 1)]), (1, []), (1, [Part(1, 0)]), (1, [Part(1, 1), Part(1, 2)])]
)
def test_what_cannot_be_split_is_refused(amount: int, parts: list[Part]) -> None:
    with pytest.raises(ValueError, match=r"."):
        split(amount, parts)
