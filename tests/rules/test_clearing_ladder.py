"""Ladders that will not do what their author expects."""

from marketplace.rules.clearing.ladder import LadderProblem, LadderWarning, ladder_warnings
from tests.rules.clearing_builders import offer


def test_a_sound_ladder_has_no_warning() -> None:
    assert ladder_warnings(offer((6, 195, 240), (36, 170, 210), case=12)) == []


def test_a_step_that_no_whole_case_can_meet_is_named() -> None:
    steps = ((6, 195, 240), (12, 185, 230), (15, 180, 220))
    assert ladder_warnings(offer(*steps, case=12)) == [
        LadderWarning(0, LadderProblem.NO_CASE_MEETS_STEP, 12),
    ]
    assert ladder_warnings(offer(*steps, case=12, cap=20))[1:] == [
        LadderWarning(2, LadderProblem.NO_CASE_MEETS_STEP, 24)
    ]


def test_a_split_may_meet_a_step_that_no_case_does() -> None:
    assert ladder_warnings(offer((6, 195, 240), (12, 185, 230), case=12, multiple=3, splittable=True)) == []


def test_a_step_on_which_the_merchant_earns_less_is_named() -> None:
    # 9 at 100 bring 900; 10 at 80 bring 800.
    assert ladder_warnings(offer((1, 100, 150), (10, 80, 140))) == [
        LadderWarning(1, LadderProblem.EARNS_LESS, 10, 800, 900)
    ]
    # In cases of 5 the last before is 5 (500): 10 at 80 bring more.
    assert ladder_warnings(offer((1, 100, 150), (10, 80, 140), case=5)) == []
