"""What the ticks of several devices come to, in whatever order they arrive."""

from datetime import timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from marketplace.rules.hand_out import UNDO_WITHIN, Tick, TickKind, may_undo, outcome_of
from tests.factories import NOON

MINUTE = timedelta(minutes=1)


def tick(key: str, kind: TickKind, minutes: int = 0) -> Tick:
    return Tick(key, kind, NOON + minutes * MINUTE)


HANDED, NO_SHOW, UNDO = TickKind.HANDED_OVER, TickKind.NO_SHOW, TickKind.UNDO


def test_nothing_ticked_comes_to_nothing() -> None:
    assert outcome_of([]) is None


def test_the_first_handed_over_wins_whichever_arrives_first() -> None:
    first, second = tick("phone", HANDED, 1), tick("tablet", HANDED, 2)
    assert [outcome_of(order) for order in permutations([first, second])] == [first, first]


def test_handed_over_wins_over_a_no_show_before_and_after_it() -> None:
    handed = tick("phone", HANDED, 5)
    assert outcome_of([tick("a", NO_SHOW, 1), handed, tick("b", NO_SHOW, 9)]) == handed


def test_an_undo_within_half_an_hour_takes_the_tick_back() -> None:
    assert outcome_of([tick("a", HANDED), tick("b", UNDO, 30)]) is None


def test_an_undo_that_comes_later_changes_nothing() -> None:
    handed = tick("a", HANDED)
    assert outcome_of([handed, tick("b", UNDO, 31)]) == handed


def test_what_is_ticked_after_an_undo_counts() -> None:
    again = tick("c", HANDED, 3)
    assert outcome_of([tick("a", NO_SHOW, 1), tick("b", UNDO, 2), again]) == again


def test_a_tick_may_be_undone_until_the_half_hour_is_over() -> None:
    handed = tick("a", HANDED)
    assert may_undo(handed, NOON + UNDO_WITHIN)
    assert not may_undo(handed, NOON + UNDO_WITHIN + timedelta(seconds=1))


ticks = st.lists(
    st.builds(tick, st.text("abc", min_size=1, max_size=3), st.sampled_from(TickKind), st.integers(0, 90)), max_size=7
)


@given(ticks, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(every: list[Tick], random: st.DataObject) -> None:
    shuffled = every * 2
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert outcome_of(shuffled) == outcome_of(every)
