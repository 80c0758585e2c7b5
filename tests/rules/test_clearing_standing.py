"""While a round is open: every figure of the live view equals clearing with one unit more, and more, and more."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.rules.clearing.quantities import Choice, best_choice
from marketplace.rules.clearing.standing import Breakage, NextStep, breaks, room_in_filling_stretch, standing
from marketplace.rules.clearing.terms import Consent, DemandGroup, OfferTerms
from tests.rules.clearing_builders import offer

GROUPS = st.lists(
    st.builds(
        DemandGroup,
        st.one_of(st.none(), st.integers(100, 200)),
        st.sampled_from(Consent),
        st.booleans(),
        st.integers(1, 14),
        st.integers(0, 7),
        st.just(1),
    ),
    max_size=4,
)


@st.composite
def offers(draw: st.DrawFn) -> OfferTerms:
    starts = sorted(draw(st.sets(st.integers(1, 40), min_size=1, max_size=3)))
    steps = [(start, 100 - 10 * index, 190 - 30 * index) for index, start in enumerate(starts)]
    return offer(
        *steps,
        case=draw(st.sampled_from((1, 4, 6, 12))),
        multiple=draw(st.sampled_from((1, 2, 4, 5, 8))),
        splittable=draw(st.booleans()),
        split_fee=draw(st.sampled_from((0, 100, 700, 3000))),
        cap=draw(st.one_of(st.none(), st.integers(0, 50))),
        hub_flexible=draw(st.integers(0, 4)),
    )


def group(firm: int, flexible: int = 0, uses: Consent = Consent.CASE, limit: int | None = None) -> DemandGroup:
    return DemandGroup(limit, uses, False, firm, flexible, 1)


def with_more(terms: OfferTerms, groups: list[DemandGroup], more: int) -> Choice | None:
    return best_choice(terms, [*groups, group(more)])


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(terms=offers(), groups=GROUPS)
def test_what_is_missing_is_the_smallest_number_that_clearing_asks_for(
    terms: OfferTerms, groups: list[DemandGroup]
) -> None:
    now, found = best_choice(terms, groups), standing(offer=terms, groups=groups)
    first = 1 if now is None else now.step + 1
    lower, served = None, None
    for more in range(1, 140):
        then = with_more(terms, groups, more)
        if then is None:
            continue
        if lower is None and then.step >= first:
            lower = NextStep(terms.ladder[then.step].unit_price, more, then.quantity)
        if served is None and (now is None or (then.step >= now.step and then.firm_served == then.demand.firm)):
            served = more
    assert found.next_step == lower
    assert found.waits_for == (0 if now is not None and found.waiting == 0 else served)
    assert found.reserved == found.sure + found.waiting + found.held_by_limit
    assert found.ordered == found.sure + found.extras + found.hub


def test_twenty_four_sure_and_seven_wait_for_five_more() -> None:
    found = standing(offer=offer((6, 195, 240), (36, 170, 210), case=12), groups=[group(31)])
    assert (found.reserved, found.sure, found.waiting, found.waits_for) == (31, 24, 7, 5)
    assert (found.price_now, found.price_at_most, found.target) == (240, 240, 36)
    assert found.next_step == NextStep(210, 5, 36)


def test_the_next_price_counts_consents_and_the_case_not_the_ladder_alone() -> None:
    terms = offer((1, 100, 150), (20, 90, 140), case=12)
    assert standing(offer=terms, groups=[group(12)]).next_step == NextStep(140, 12, 24)  # no case meets 20
    assert standing(offer=terms, groups=[group(12, 3)]).next_step == NextStep(140, 9, 24)
    assert standing(offer=offer((1, 100, 150)), groups=[group(12)]).next_step is None


def test_an_offer_that_is_not_reached_waits_for_its_minimum() -> None:
    found = standing(offer=offer((6, 100, 150), case=6), groups=[group(2), group(1, limit=120)])
    assert (found.reached, found.price_now, found.sure, found.waiting, found.held_by_limit) == (False, None, 0, 2, 1)
    assert (found.waits_for, found.target) == (4, 7)


def test_nothing_helps_what_waits_above_the_cap() -> None:
    found = standing(offer=offer(cap=5), groups=[group(7)])
    assert (found.sure, found.waiting, found.waits_for, found.next_step) == (5, 2, None, None)


def test_in_the_filling_stretch_a_line_may_rise_by_what_a_case_or_step_misses() -> None:
    terms = offer((6, 195, 240), (40, 170, 210), case=12)
    assert room_in_filling_stretch(offer=terms, groups=[group(31)]) == 17  # to 48; the case misses 5
    assert room_in_filling_stretch(offer=offer(case=12), groups=[group(31)]) == 5
    assert room_in_filling_stretch(offer=offer(case=12), groups=[group(36)]) == 0


def test_a_reduction_breaks_a_case_or_a_step_or_nothing() -> None:
    terms = offer((6, 195, 240), (36, 170, 210), case=12)
    assert breaks(offer=terms, groups=[group(37)], reduced_groups=[group(36)]) is None
    assert breaks(offer=terms, groups=[group(36)], reduced_groups=[group(35)]) is Breakage.STEP
    assert breaks(offer=terms, groups=[group(24)], reduced_groups=[group(23)]) is Breakage.CASE
    assert breaks(offer=terms, groups=[group(12)], reduced_groups=[group(11)]) is Breakage.STEP
    assert breaks(offer=terms, groups=[group(31)], reduced_groups=[group(25)]) is None
    assert breaks(offer=terms, groups=[group(11)], reduced_groups=[group(5)]) is None
    assert breaks(offer=terms, groups=[group(12)], reduced_groups=[]) is None
